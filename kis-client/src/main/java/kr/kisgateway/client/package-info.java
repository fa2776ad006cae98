/**
 * What a Java program needs to use KIS with one app key, and nothing about trading decisions: start at {@link
 * kr.kisgateway.client.Kis#connect} or {@link kr.kisgateway.client.KisClient#open}.
 *
 * <p>The entry points ({@code Kis}, {@code KisClient}, {@code DomesticCalls}, {@code OverseasCalls}, {@code RealtimePool}) assemble
 * what lies in the packages below; they are used by nothing but programs, {@code batch} and {@code source}. All other types of
 * this package are faces, orders, answers, failures, listeners and options: they know none of the packages below, which use them.
 *
 * <p>Below, three cores decide and three shells act: {@code token.TokenCore} (when a token is issued), {@code
 * budget.BudgetCore} (which call goes next) and {@code session.SessionCore} (what the one WebSocket sends) contain state and rules
 * only; they receive the time and answer with effects. {@code TokenManager}, {@code CallBudget} and {@code RealtimeSession} own the
 * threads, sockets and files and carry the effects out. None of these packages is exported. A new rule belongs in a core with a
 * property test beside it; a typed REST call belongs in {@link kr.kisgateway.client.DomesticCalls} or {@link
 * kr.kisgateway.client.OverseasCalls}, whose queries and orders take the path of every other call of the catalog, with the
 * record of its answer in {@code kr.kisgateway.wire.parse}.
 *
 * <p>A failure is a value: {@link kr.kisgateway.client.KisReply.Failed} for queries,
 * {@link kr.kisgateway.client.Placement} for orders. An order is sent at most once per call, whatever happens.
 */
@NullMarked
package kr.kisgateway.client;

import org.jspecify.annotations.NullMarked;
