/**
 * The client side of a gateway: {@link kr.kisgateway.gatewayclient.GatewayClient} for requests, {@link
 * kr.kisgateway.gatewayclient.GatewayStream} for published messages.
 *
 * <p>It uses only the gateway's published API (module gateway-api) and none of the server's classes, so the acceptance tests
 * and the bench see exactly what a customer's program sees. A refusal of the gateway is a value ({@link
 * kr.kisgateway.gatewayclient.ApiResult}); only a gateway that is unreachable or misses a time limit is an exception.
 * Every wait has a limit and every buffer a bound.
 */
@NullMarked
package kr.kisgateway.gatewayclient;

import org.jspecify.annotations.NullMarked;
