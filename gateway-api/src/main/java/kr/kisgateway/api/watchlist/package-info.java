/** Watchlists: named lists of symbols. */
@NullMarked
package kr.kisgateway.api.watchlist;

import org.jspecify.annotations.NullMarked;
