package kr.kisgateway.gateway.trace;

import java.time.Instant;

/** A trace of which no span is recorded, and each span of it. */
record UnrecordedTrace(String id) implements Trace, Span {
    static final UnrecordedTrace NONE = new UnrecordedTrace("");

    @Override
    public boolean isRecorded() {
        return false;
    }

    @Override
    public Span begin(SpanName name) {
        return this;
    }

    @Override
    public Span begin(SpanName name, Instant from) {
        return this;
    }

    @Override
    public Trace trace() {
        return this;
    }

    @Override
    public Span with(SpanAttribute attribute, String value) {
        return this;
    }

    @Override
    public Span with(SpanAttribute attribute, long value) {
        return this;
    }

    @Override
    public Span failed(String code) {
        return this;
    }

    @Override
    public void end() {
        // nothing is recorded
    }

    @Override
    public void end(Instant at) {
        // nothing is recorded
    }
}
