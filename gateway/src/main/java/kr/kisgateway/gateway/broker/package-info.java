/**
 * What the gateway needs of a broker. Each port belongs to the capability that calls it (orders, portfolio, quotes, order
 * books, bars, session, pool); {@link kr.kisgateway.gateway.broker.BrokerAdapter} names them all, and an adapter package,
 * {@code kis}, implements them. A second broker is a second adapter package: no capability names a type of either.
 */
@NullMarked
package kr.kisgateway.gateway.broker;

import org.jspecify.annotations.NullMarked;
