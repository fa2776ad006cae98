/**
 * Adapter to KIS: {@link kr.kisgateway.gateway.kis.KisAdapter} gives its ports. {@code auth} has
 * the app keys, {@code rest} the ports behind REST calls, {@code stream} the pushed feed, {@code wire} what both read. Each
 * class implements one port and only translates.
 */
@NullMarked
package kr.kisgateway.gateway.kis;

import org.jspecify.annotations.NullMarked;
