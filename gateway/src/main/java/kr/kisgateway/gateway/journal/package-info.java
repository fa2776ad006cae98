/**
 * The journal: every event, in order, durable before it is answered or published. Every other view can be rebuilt from it.
 *
 * <p>{@link kr.kisgateway.gateway.journal.Journal} is a SQLite file with one writer, which is the thread that opened it
 * or the one it was passed to, and two readers on threads of their own (SQLite pins carrier threads, so it never runs on
 * a virtual thread). A capability appends its events and updates its own query tables in the same transaction.
 */
@NullMarked
package kr.kisgateway.gateway.journal;

import org.jspecify.annotations.NullMarked;
