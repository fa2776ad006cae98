package kr.kisgateway.gateway.trace;

import java.util.Optional;

/**
 * The trace that a request from outside belongs to.
 *
 * @param id the caller's where it sent one, for its answer
 * @param shownId the id in logs, spans and calls to KIS: the same, unless it may be a secret
 * @param parent the caller's span, where it sent one
 */
public record IncomingTrace(String id, String shownId, Optional<RemoteSpan> parent) {
    /**
     * A span of the caller (W3C Trace Context).
     *
     * @param spanId 16 hexadecimal digits
     * @param sampled whether the caller records the trace
     */
    public record RemoteSpan(String spanId, boolean sampled) {}

    /** A trace without a span of a caller. */
    public static IncomingTrace of(String id) {
        return new IncomingTrace(id, id, Optional.empty());
    }
}
