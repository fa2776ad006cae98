/**
 * What the SDK decides, apart from threads, sockets, files and the clock: public so that a simulated day can run the same
 * code, and not exported by the module, so that it is no part of what the SDK promises.
 *
 * <p>{@link kr.kisgateway.client.core.TokenCore}, {@link kr.kisgateway.client.core.BudgetCore} and
 * {@link kr.kisgateway.client.core.SessionCore} are given inputs and the time and answer with effects.
 * {@link kr.kisgateway.client.core.RestCalls} makes the bytes of a request and reads those of its answer,
 * {@link kr.kisgateway.client.core.PageCollector} knows which page comes next, and
 * {@link kr.kisgateway.client.core.Frames} reads what one connection of the socket says. The shells around them are in
 * {@link kr.kisgateway.client}, as are the words they share with callers.
 */
@NullMarked
package kr.kisgateway.client.core;

import org.jspecify.annotations.NullMarked;
