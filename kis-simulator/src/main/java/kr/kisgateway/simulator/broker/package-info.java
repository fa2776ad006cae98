/**
 * The broker's rules as one core: identities, call limits, accounts, orders, registrations, and the answer to each call.
 *
 * <p>{@code BrokerCore} turns an input at an instant into records to store and effects to release once they are stored. It
 * has no thread, lock, clock, socket or SQL; the desk of {@code server} drives it. Answers are written here from the
 * protocol notes, never with the client's records. Add an endpoint in {@code BrokerCore.route}, its rules in {@code Ledger}
 * or {@code Identities}, its text in {@code AnswerBodies}. Other calls go through {@code CatalogCallHandler} to the table of
 * {@code catalog}.
 */
@NullMarked
package kr.kisgateway.simulator.broker;

import org.jspecify.annotations.NullMarked;
