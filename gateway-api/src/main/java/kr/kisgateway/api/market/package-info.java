/** Market-wide data: sessions, rankings, indices, investors' trading, net asset values. */
@NullMarked
package kr.kisgateway.api.market;

import org.jspecify.annotations.NullMarked;
