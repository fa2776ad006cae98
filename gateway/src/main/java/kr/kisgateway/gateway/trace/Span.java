package kr.kisgateway.gateway.trace;

import java.time.Instant;

/** A part of a trace's work, which has begun. Of one thread at a time; it is recorded when it ends. */
public interface Span {
    /** The trace at this span: what begins in it is a part of this span. */
    Trace trace();

    /** Adds an attribute; a long text is truncated. */
    Span with(SpanAttribute attribute, String value);

    Span with(SpanAttribute attribute, long value);

    /** Its work failed. */
    Span failed(String code);

    /** Ends now. */
    void end();

    void end(Instant at);
}
