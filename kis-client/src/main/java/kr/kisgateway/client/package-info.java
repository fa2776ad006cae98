/**
 * What a Java program needs to use KIS with one app key, and nothing about trading decisions.
 *
 * <p>{@link kr.kisgateway.client.KisClient} is the entry point. Behind it three cores decide and three shells act:
 * {@code TokenCore} (when a token is issued), {@code BudgetCore} (which call goes next) and {@code SessionCore} (what the
 * one WebSocket sends) contain state and rules only; they receive the time and answer with effects. They are in
 * {@code kr.kisgateway.client.core}, with the bytes of the REST calls, and are not exported. {@code TokenManager},
 * {@link kr.kisgateway.client.CallBudget} and {@code RealtimeSession} own the threads, sockets and files and carry the
 * effects out. A new rule belongs in a core with a property test beside it; a typed REST call belongs
 * in {@link kr.kisgateway.client.DomesticCalls} or {@link kr.kisgateway.client.OverseasCalls}, whose queries and orders
 * take the path of every other call of the catalog, with the record of its answer in {@code kr.kisgateway.wire.parse}.
 *
 * <p>A failure is a value: {@link kr.kisgateway.client.KisReply.Failed} for queries,
 * {@link kr.kisgateway.client.Placement} for orders. An order is sent at most once per call, whatever happens.
 */
@NullMarked
package kr.kisgateway.client;

import org.jspecify.annotations.NullMarked;
