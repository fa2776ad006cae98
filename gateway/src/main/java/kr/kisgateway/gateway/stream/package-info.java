/**
 * Publishing to many subscribers. {@link kr.kisgateway.gateway.stream.StreamHub} receives each tick once, encodes it once and
 * offers it to the mailbox of every subscriber; each client has one bounded mailbox and one virtual thread that joins queued
 * messages into one frame. A slow client therefore costs the others nothing: quotes and books conflate to the newest, the
 * tape of trades marks its gaps, and a client too slow for orders and executions is disconnected.
 *
 * <p>A topic is one channel of one symbol; it owns the sequence. {@link kr.kisgateway.gateway.stream.MarketDataSupply}
 * obtains the subscribed values from KIS, pushed or polled. Locks: a topic's lock may be held while taking a mailbox's; never
 * the other way round, and neither across I/O.
 */
@NullMarked
package kr.kisgateway.gateway.stream;

import org.jspecify.annotations.NullMarked;
