/**
 * The broker's rules as one core: identities, call limits, accounts, orders, registrations, and what each call answers.
 *
 * <p>{@code BrokerCore} turns an input at an instant into records to keep and effects to release once they are kept. It
 * has no thread, lock, clock, socket or SQL; the desk of {@code server} drives it. Answers are written here from the
 * protocol notes, never with the client's records. Add an endpoint in {@code BrokerCore.route}, its rules in {@code Ledger}
 * or {@code Identities}, its text in {@code AnswerBodies}. What it does not answer itself {@code CatalogCallHandler} has the table of
 * {@code catalog} answer.
 */
@NullMarked
package kr.kisgateway.simulator.broker;

import org.jspecify.annotations.NullMarked;
