/**
 * What concerns the market as a whole, and what KIS reckons for everybody: hours, rankings, indices, investors' trading, net
 * asset values of ETFs. {@link kr.kisgateway.gateway.marketwide.MarketHours} is pure; the rest asks KIS through
 * {@link kr.kisgateway.gateway.marketwide.MarketSource} and keeps each answer for as long as its kind is worth.
 */
@NullMarked
package kr.kisgateway.gateway.marketwide;

import org.jspecify.annotations.NullMarked;
