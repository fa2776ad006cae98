package kr.kisgateway.gateway.trace;

import java.time.Instant;

/** Begins traces. */
public interface Tracer {
    /** Records nothing. */
    Tracer OFF = new Tracer() {
        @Override
        public Span begin(IncomingTrace request, String name) {
            return new UnrecordedTrace(request.shownId());
        }

        @Override
        public Span begin(IncomingTrace work, SpanName name, Instant from) {
            return new UnrecordedTrace(work.shownId());
        }
    };

    /** The first span of a request from outside, which begins now. */
    Span begin(IncomingTrace request, String name);

    /** The first span of work that no request caused, which began at {@code from}. */
    Span begin(IncomingTrace work, SpanName name, Instant from);
}
