/**
 * The SDK's decisions, apart from threads, sockets, files and the clock: public so that a simulated day can run the same
 * code, and not exported by the module, so that it is no part of the SDK's API.
 *
 * <p>{@link kr.kisgateway.client.core.TokenCore}, {@link kr.kisgateway.client.core.BudgetCore} and
 * {@link kr.kisgateway.client.core.SessionCore} receive inputs and the time and answer with effects.
 * {@link kr.kisgateway.client.core.RestCalls} makes the bytes of a request and reads those of its answer,
 * {@link kr.kisgateway.client.core.PageCollector} determines the next page, and
 * {@link kr.kisgateway.client.core.Frames} reads the messages of one connection of the socket. The shells around them are in
 * {@link kr.kisgateway.client}, as are the types they share with callers.
 */
@NullMarked
package kr.kisgateway.client.core;

import org.jspecify.annotations.NullMarked;
