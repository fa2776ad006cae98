package kr.kisgateway.gateway.kis.rest;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.client.EndedCall;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.trace.IncomingTrace;
import kr.kisgateway.gateway.trace.Span;
import kr.kisgateway.gateway.trace.SpanAttribute;
import kr.kisgateway.gateway.trace.SpanName;
import kr.kisgateway.gateway.trace.Trace;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.gateway.trace.Tracer;

/**
 * Records each call to KIS, and each query's wait for the call budget (an order's is recorded with its sending), as spans of the request on whose thread they are made, and
 * names the header by which KIS receives the trace id. A call that no request caused is a trace of its own.
 */
public final class KisCallTrace implements CallListener {
    private final List<CallListener> inner;
    private final Tracer tracer;
    private final TraceIds ids;
    private final boolean sendsHeader;
    private final InstantSource clock;

    /**
     * @param inner receive the calls, too
     * @param sendsHeader whether calls carry the trace id; [assumed] KIS ignores the header, which it does not document
     */
    public KisCallTrace(
            List<CallListener> inner, Tracer tracer, TraceIds ids, boolean sendsHeader, InstantSource clock) {
        this.inner = List.copyOf(inner);
        this.tracer = tracer;
        this.ids = ids;
        this.sendsHeader = sendsHeader;
        this.clock = clock;
    }

    @Override
    public Optional<String> traceId() {
        return sendsHeader ? Trace.current().map(Trace::id).or(() -> Optional.of(ids.next())) : Optional.empty();
    }

    @Override
    public void waited(Lane lane, boolean granted, long nanos) {
        inner.forEach(it -> it.waited(lane, granted, nanos));
        Trace trace = Trace.currentOrNone();
        if (trace.isRecorded()) {
            Instant now = clock.instant();
            Span span = trace.begin(SpanName.BUDGET_WAIT, now.minusNanos(nanos))
                    .with(SpanAttribute.LANE, lane.name().toLowerCase(Locale.ROOT))
                    .with(SpanAttribute.GRANTED, Boolean.toString(granted));
            if (!granted) {
                span.failed("QUEUE_TIMEOUT");
            }
            span.end(now);
        }
    }

    @Override
    public void ended(EndedCall call) {
        inner.forEach(it -> it.ended(call));
        if (tracer == Tracer.OFF) {
            return;
        }
        Instant now = clock.instant();
        Instant from = now.minusNanos(call.nanos());
        Span span = Trace.current()
                .map(trace -> trace.begin(SpanName.KIS_CALL, from))
                .orElseGet(() ->
                        tracer.begin(IncomingTrace.of(call.traceId().orElseGet(ids::next)), SpanName.KIS_CALL, from));
        if (span.trace().isRecorded()) {
            describe(span, call);
            span.end(now);
        }
    }

    private static void describe(Span span, EndedCall call) {
        span.with(SpanAttribute.TR_ID, call.trId())
                .with(SpanAttribute.METHOD, call.method())
                .with(SpanAttribute.PATH, call.path())
                .with(SpanAttribute.RESULT, call.result().name().toLowerCase(Locale.ROOT));
        call.status().ifPresent(status -> span.with(SpanAttribute.STATUS, status));
        call.account().map(AccountNumber::toString).ifPresent(masked -> span.with(SpanAttribute.ACCOUNT, masked));
        if (!call.rtCd().isEmpty()) {
            span.with(SpanAttribute.RT_CD, call.rtCd());
        }
        if (!call.msgCd().isEmpty()) {
            span.with(SpanAttribute.MSG_CD, call.msgCd());
        }
        if (call.result() != Result.OK) {
            span.failed(call.result().name());
        }
    }
}
