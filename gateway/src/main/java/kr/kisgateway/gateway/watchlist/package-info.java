/** Watchlists: named lists of symbols, of each caller its own. */
@NullMarked
package kr.kisgateway.gateway.watchlist;

import org.jspecify.annotations.NullMarked;
