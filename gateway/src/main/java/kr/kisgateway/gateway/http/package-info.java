/**
 * The edge: one HTTP server and the rules for every call. {@link kr.kisgateway.gateway.http.HttpEdge} is the only class
 * that uses the server library; a capability registers its routes in a {@link kr.kisgateway.gateway.http.RouteTable}
 * and receives a {@link kr.kisgateway.gateway.http.Call} for a request and a {@link
 * kr.kisgateway.gateway.http.SocketConnection} for a WebSocket.
 *
 * <p>Rules for all routes: host name and origin are checked first, every answer carries {@code X-Trace-Id}, every
 * refusal has one form ({@link kr.kisgateway.gateway.http.ErrorAnswer}), bodies are bounded and read strictly ({@link
 * kr.kisgateway.gateway.http.RequestBody}), and no stack trace is answered. To add a route: put it in its capability's
 * routes class and in {@code openapi.yaml}; a test compares the two.
 */
@NullMarked
package kr.kisgateway.gateway.http;

import org.jspecify.annotations.NullMarked;
