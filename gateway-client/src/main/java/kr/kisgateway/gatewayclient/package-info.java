/**
 * What a program needs to talk to a gateway: {@link kr.kisgateway.gatewayclient.GatewayClient} for requests,
 * {@link kr.kisgateway.gatewayclient.GatewayStream} for what the gateway tells by itself, and
 * {@link kr.kisgateway.gatewayclient.LocalProgram} to run a gateway or a simulator as a process of its own.
 *
 * <p>It knows the gateway by its published API alone and imports none of its classes, so the acceptance tests and the
 * bench see exactly what a customer's program sees. A refusal of the gateway is a value ({@link
 * kr.kisgateway.gatewayclient.Answer}); only a gateway that cannot be reached, or does not do in time what was waited for,
 * is an exception. Every wait has a limit and every buffer a bound.
 */
@NullMarked
package kr.kisgateway.gatewayclient;

import org.jspecify.annotations.NullMarked;
