/**
 * Orders: what was asked, what was sent, what the broker made of it, and what is not known.
 *
 * <p>{@link kr.kisgateway.gateway.order.OrderCore} decides and knows no I/O;
 * {@link kr.kisgateway.gateway.order.OrderDesk} is the one thread that runs it and writes the journal;
 * {@link kr.kisgateway.gateway.order.Broker} is the port to KIS. An {@link kr.kisgateway.gateway.order.Order} is a pure
 * fold over its {@link kr.kisgateway.gateway.order.OrderEvent}s: the journal alone rebuilds it.
 *
 * <p>The core is put together of parts that each keep one thing: {@link kr.kisgateway.gateway.order.OrderRegistry} the orders in
 * memory, {@link kr.kisgateway.gateway.order.SendQueue} who waits to be sent,
 * {@link kr.kisgateway.gateway.order.InFlightFingerprints} what may not be sent twice at a time,
 * {@link kr.kisgateway.gateway.order.DailyOrdersSchedule} when the broker is asked,
 * {@link kr.kisgateway.gateway.order.Reconciler} what its answer changes. What concerns more than one order is a
 * {@link kr.kisgateway.gateway.order.ControlEvent}.
 *
 * <p>To add a transition: a new event (with its JSON in {@code OrderEventJson} and a row in the golden journal), its
 * fold in {@code Order}, its decision in {@code OrderCore}.
 */
@NullMarked
package kr.kisgateway.gateway.order;

import org.jspecify.annotations.NullMarked;
