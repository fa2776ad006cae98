/**
 * Orders: what was requested, what was sent, the broker's result, and what is unknown.
 *
 * <p>{@link kr.kisgateway.gateway.order.OrderCore} decides and has no I/O;
 * {@link kr.kisgateway.gateway.order.OrderDesk} is the one thread that runs it and writes the journal;
 * {@link kr.kisgateway.gateway.order.Broker} is the port to KIS. An {@link kr.kisgateway.gateway.order.Order} is a pure
 * fold over its {@link kr.kisgateway.gateway.order.OrderEvent}s: the journal alone rebuilds it.
 *
 * <p>Each part of the core has one task: {@link kr.kisgateway.gateway.order.OrderRegistry} stores the orders in
 * memory, {@link kr.kisgateway.gateway.order.SendQueue} queues the sends,
 * {@link kr.kisgateway.gateway.order.InFlightFingerprints} prevents two equal sends at a time,
 * {@link kr.kisgateway.gateway.order.DailyOrdersSchedule} decides when the broker is queried,
 * {@link kr.kisgateway.gateway.order.Reconciler} applies its answer. An event that concerns more than one order is a
 * {@link kr.kisgateway.gateway.order.ControlEvent}.
 *
 * <p>To add a transition: a new event (with its JSON in {@code OrderEventJson} and a row in the golden journal), its
 * fold in {@code Order}, its decision in {@code OrderCore}.
 */
@NullMarked
package kr.kisgateway.gateway.order;

import org.jspecify.annotations.NullMarked;
