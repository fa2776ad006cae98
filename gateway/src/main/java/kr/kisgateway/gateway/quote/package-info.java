/**
 * Current prices of instruments. {@link kr.kisgateway.gateway.quote.QuoteStore} stores the last pushed values,
 * {@link kr.kisgateway.gateway.quote.QuoteRule} decides which source may answer, and
 * {@link kr.kisgateway.gateway.quote.QuoteService} answers: the pushed value while it is fresh and the market is in session,
 * else one REST call shared by simultaneous requests, else the last known value, marked as such. KIS is accessed only through
 * {@link kr.kisgateway.gateway.quote.QuoteSource} and {@link kr.kisgateway.gateway.quote.Feed}. A quote call never registers
 * anything at KIS.
 *
 * <p>A stock at NXT, or at both venues together, is a {@link kr.kisgateway.market.VenueSymbol} beside the stock's own symbol, so
 * its values are stored, registered and published like those of any other symbol.
 *
 * <p>Each market has a service of its own, of the same class; values of all markets are in one store.
 */
@NullMarked
package kr.kisgateway.gateway.quote;

import org.jspecify.annotations.NullMarked;
