/**
 * The journal: what happened, in order, durable before anyone is told. Every other view can be rebuilt from it.
 *
 * <p>{@link kr.kisgateway.gateway.journal.Journal} is a SQLite file with one writer, which is the thread that opened it
 * or the one it was handed to, and two readers on threads of their own (SQLite pins carrier threads, so no virtual
 * thread ever enters it). A capability appends its events and updates its own query tables in the same transaction.
 */
@NullMarked
package kr.kisgateway.gateway.journal;

import org.jspecify.annotations.NullMarked;
