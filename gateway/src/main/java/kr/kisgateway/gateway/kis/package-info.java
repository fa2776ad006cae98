/**
 * Adapter to KIS: {@link kr.kisgateway.gateway.kis.KisAdapter} gives its ports. Each class here implements one (prices,
 * holdings, registrations, orders, the pushed feed) and only translates.
 */
@NullMarked
package kr.kisgateway.gateway.kis;

import org.jspecify.annotations.NullMarked;
