/**
 * Figures of the market as a whole, and KIS's own calculations: hours, rankings, indices, investors' trading, net asset
 * values of ETFs. {@link kr.kisgateway.gateway.marketwide.MarketHours} is pure; the rest requests from KIS through
 * {@link kr.kisgateway.gateway.marketwide.MarketSource} and caches each answer for the life of its kind.
 */
@NullMarked
package kr.kisgateway.gateway.marketwide;

import org.jspecify.annotations.NullMarked;
