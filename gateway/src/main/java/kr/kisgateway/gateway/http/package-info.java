/**
 * The edge: one HTTP server and the rules that hold for every call. {@link kr.kisgateway.gateway.http.HttpEdge} is the
 * only class that knows the server library; a capability describes its calls in a
 * {@link kr.kisgateway.gateway.http.RouteTable} and sees a {@link kr.kisgateway.gateway.http.Call} for a request and a
 * {@link kr.kisgateway.gateway.http.SocketConnection} for a WebSocket.
 *
 * <p>What holds for all: the host name and origin are checked before anything else, every answer carries
 * {@code X-Trace-Id}, every refusal has one form ({@link kr.kisgateway.gateway.http.ErrorAnswer}), bodies are read
 * strictly and bounded ({@link kr.kisgateway.gateway.http.RequestBody}), and no stack trace leaves. To add a call: put
 * it in its capability's routes class and in {@code openapi.yaml}; a test holds both against each other.
 */
@NullMarked
package kr.kisgateway.gateway.http;

import org.jspecify.annotations.NullMarked;
