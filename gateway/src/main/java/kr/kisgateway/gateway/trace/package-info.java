/**
 * The trace that a request belongs to: its id, which answers, log lines, the audit and calls to KIS carry, and the spans of its work
 * where a collector is configured.
 *
 * <p>Code that works on a request takes {@link kr.kisgateway.gateway.trace.Trace#currentOrNone()} and begins spans of it; it needs
 * no reference to a tracer, and without a collector each of these calls does nothing. A port begins a trace by {@link
 * kr.kisgateway.gateway.trace.Tracer} and runs the request within it. Work that another thread continues carries its {@code Trace}
 * along, as {@link kr.kisgateway.gateway.trace.Trace#carrying} does for threads and the order desk for its orders. The names of spans
 * and attributes are tables ({@link kr.kisgateway.gateway.trace.SpanName}, {@link kr.kisgateway.gateway.trace.SpanAttribute}); an
 * attribute has no text of a caller or of KIS that may contain a secret or an account number. Package {@code otlp} sends spans to a
 * collector, and is the only one that uses OpenTelemetry.
 */
@NullMarked
package kr.kisgateway.gateway.trace;

import org.jspecify.annotations.NullMarked;
