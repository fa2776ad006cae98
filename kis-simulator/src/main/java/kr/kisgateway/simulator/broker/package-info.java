/**
 * The broker's rules as one core: identities, call limits, accounts, orders, registrations, and the answer to each call.
 *
 * <p>{@code BrokerCore} turns an input at an instant into records to store and effects to release once they are stored. It
 * has no thread, lock, clock, socket or SQL; the desk of {@code server} drives it. Answers are written here from the
 * protocol notes, never with the client's records.
 *
 * <p>The life of a call: {@code RestCalls} admits it, {@code CallRouter} finds what it requests, {@code CallAnswers} checks
 * account and fields, {@code TradingCalls}, {@code UsBroker} or the catalog ({@code CatalogCallHandler}) answers, and
 * {@code CallFaults} delivers the answer or loses it. {@code DomesticBroker} and {@code UsBroker} run the days of their
 * markets; {@code Sockets} has the WebSocket sessions, {@code Registrations} what they receive.
 *
 * <p>Add an endpoint in {@code CallRouter} and {@code TradingCalls}, its rules in {@code KoreanLedger} or
 * {@code Identities}, its text in {@code AnswerBodies}; a fault in {@code FaultKind} and its place.
 */
@NullMarked
package kr.kisgateway.simulator.broker;

import org.jspecify.annotations.NullMarked;
