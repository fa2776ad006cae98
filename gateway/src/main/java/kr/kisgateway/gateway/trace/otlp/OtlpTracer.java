package kr.kisgateway.gateway.trace.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.gateway.trace.IncomingTrace;
import kr.kisgateway.gateway.trace.IncomingTrace.RemoteSpan;
import kr.kisgateway.gateway.trace.Span;
import kr.kisgateway.gateway.trace.SpanAttribute;
import kr.kisgateway.gateway.trace.SpanCounts;
import kr.kisgateway.gateway.trace.SpanKind;
import kr.kisgateway.gateway.trace.SpanName;
import kr.kisgateway.gateway.trace.Trace;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.gateway.trace.Tracer;

/**
 * Records spans and sends them to a collector. A trace has the id that its request brought, also where the caller sent no span; an id
 * that is not of OpenTelemetry's form is hashed into one. A caller that sends a span decides itself whether its trace is recorded;
 * otherwise the share of the settings does, by the trace id.
 */
public final class OtlpTracer implements Tracer, SpanCounts, AutoCloseable {
    /** Spans of one trace; further ones are counted and not recorded: a request may last for hours. */
    static final int SPANS_PER_TRACE = 1_000;

    private static final int ATTRIBUTES_MAX = 32;
    private static final int ATTRIBUTE_LENGTH_MAX = 256;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final int W3C_ID_LENGTH = 32;
    private static final ScopedValue<String> NEXT_TRACE_ID = ScopedValue.newInstance();

    /** The library's own lines are not wanted: {@link SpanExport} has them. Its logger lives as long as it is referenced. */
    private final Logger libraryLog = Logger.getLogger("io.opentelemetry");

    private final SpanExport export;
    /** Which traces are recorded whose caller did not decide it. */
    private final Sampler share;

    private final SdkTracerProvider provider;
    private final io.opentelemetry.api.trace.Tracer spans;
    private final ExecutorService senders;
    private final LongAdder overLimit = new LongAdder();

    /**
     * @param nanos a clock that never goes back, with any origin
     * @param monotonicClock a clock that is never adjusted
     */
    public OtlpTracer(
            ExportSettings settings,
            TraceIds ids,
            InstantSource clock,
            LongSupplier nanos,
            InstantSource monotonicClock,
            TaskRunner tasks) {
        libraryLog.setLevel(Level.OFF);
        this.senders = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("trace-send-", 0).factory());
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(settings.endpoint().toString())
                .setHeaders(() -> settings.headers().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().reveal())))
                .setTimeout(SpanExport.LIMIT)
                .setConnectTimeout(CONNECT_LIMIT)
                .setRetryPolicy(null)
                .setExecutorService(senders)
                .build();
        this.export = new SpanExport(exporter, monotonicClock, tasks);
        this.share = Sampler.traceIdRatioBased(settings.share());
        this.provider = SdkTracerProvider.builder()
                .setClock(new SystemClock(clock, nanos))
                .setIdGenerator(new Ids(ids))
                // isSampled has decided before a span is built.
                .setSampler(Sampler.alwaysOn())
                .setSpanLimits(SpanLimits.builder()
                        .setMaxNumberOfAttributes(ATTRIBUTES_MAX)
                        .setMaxAttributeValueLength(ATTRIBUTE_LENGTH_MAX)
                        .build())
                .setResource(resource(settings.resource()))
                .addSpanProcessor(export)
                .build();
        this.spans = provider.get("kr.kisgateway.gateway");
    }

    private static Resource resource(Map<String, String> attributes) {
        AttributesBuilder builder = Attributes.builder();
        attributes.forEach(builder::put);
        return Resource.create(builder.build());
    }

    private record SystemClock(InstantSource clock, LongSupplier nanos) implements Clock {
        @Override
        public long now() {
            Instant now = clock.instant();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }

        @Override
        public long nanoTime() {
            return nanos.getAsLong();
        }
    }

    private record Ids(TraceIds ids) implements IdGenerator {
        @Override
        public String generateSpanId() {
            return ids.nextSpan();
        }

        @Override
        public String generateTraceId() {
            return NEXT_TRACE_ID.isBound() ? NEXT_TRACE_ID.get() : ids.next();
        }
    }

    @Override
    public Span begin(IncomingTrace request, String name) {
        return begin(request, () -> spans.spanBuilder(name).setSpanKind(io.opentelemetry.api.trace.SpanKind.SERVER));
    }

    @Override
    public Span begin(IncomingTrace work, SpanName name, Instant from) {
        return begin(
                work,
                () -> spans.spanBuilder(name.wireName())
                        .setSpanKind(kind(name.kind()))
                        .setStartTimestamp(from));
    }

    private Span begin(IncomingTrace request, Supplier<SpanBuilder> made) {
        boolean isW3c = isW3cId(request.shownId());
        String traceId = isW3c ? request.shownId() : hash(request.shownId());
        // Hardly any request is recorded in production: the others cost this comparison, and no span of the library.
        if (!isSampled(request, traceId)) {
            return Tracer.OFF.begin(request, "");
        }
        var builder = made.get();
        builder.setParent(request.parent()
                .map(parent -> Context.root().with(io.opentelemetry.api.trace.Span.wrap(remote(traceId, parent))))
                .orElseGet(Context::root));
        var span = ScopedValue.where(NEXT_TRACE_ID, traceId).call(builder::startSpan);
        if (!span.isRecording()) {
            return Tracer.OFF.begin(request, "");
        }
        var recorded = new Recorded(request.shownId(), span, new AtomicInteger(SPANS_PER_TRACE - 1));
        return isW3c ? recorded : recorded.with(SpanAttribute.CALLERS_TRACE_ID, request.shownId());
    }

    private boolean isSampled(IncomingTrace request, String traceId) {
        return request.parent()
                .map(RemoteSpan::sampled)
                .orElseGet(() -> share.shouldSample(
                                        Context.root(),
                                        traceId,
                                        "",
                                        io.opentelemetry.api.trace.SpanKind.SERVER,
                                        Attributes.empty(),
                                        List.of())
                                .getDecision()
                        == SamplingDecision.RECORD_AND_SAMPLE);
    }

    /** Whether it is 32 lower-case hexadecimal digits, and not only zeros. */
    private static boolean isW3cId(String id) {
        if (id.length() != W3C_ID_LENGTH) {
            return false;
        }
        boolean zeros = true;
        for (int i = 0; i < W3C_ID_LENGTH; i++) {
            char digit = id.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
            zeros &= digit == '0';
        }
        return !zeros;
    }

    private static SpanContext remote(String traceId, RemoteSpan parent) {
        return SpanContext.createFromRemoteParent(
                traceId,
                parent.spanId(),
                parent.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                TraceState.getDefault());
    }

    private static io.opentelemetry.api.trace.SpanKind kind(SpanKind kind) {
        return switch (kind) {
            case SERVER -> io.opentelemetry.api.trace.SpanKind.SERVER;
            case CLIENT -> io.opentelemetry.api.trace.SpanKind.CLIENT;
            case INTERNAL -> io.opentelemetry.api.trace.SpanKind.INTERNAL;
        };
    }

    private static String hash(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A span that is recorded, and the trace at it. */
    private final class Recorded implements Trace, Span {
        private final String id;
        private final io.opentelemetry.api.trace.Span span;
        /** Spans that may still begin in this trace. */
        private final AtomicInteger left;

        Recorded(String id, io.opentelemetry.api.trace.Span span, AtomicInteger left) {
            this.id = id;
            this.span = span;
            this.left = left;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public boolean isRecorded() {
            return true;
        }

        @Override
        public Span begin(SpanName name) {
            return begin(name, Optional.empty());
        }

        @Override
        public Span begin(SpanName name, Instant from) {
            return begin(name, Optional.of(from));
        }

        private Span begin(SpanName name, Optional<Instant> from) {
            if (left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
                overLimit.increment();
                return new OverLimit(this);
            }
            var builder = spans.spanBuilder(name.wireName())
                    .setSpanKind(kind(name.kind()))
                    .setParent(Context.root().with(span));
            from.ifPresent(builder::setStartTimestamp);
            return new Recorded(id, builder.startSpan(), left);
        }

        @Override
        public Trace trace() {
            return this;
        }

        @Override
        public Span with(SpanAttribute attribute, String value) {
            span.setAttribute(attribute.wireName(), value);
            return this;
        }

        @Override
        public Span with(SpanAttribute attribute, long value) {
            span.setAttribute(attribute.wireName(), value);
            return this;
        }

        @Override
        public Span failed(String code) {
            span.setStatus(StatusCode.ERROR, code);
            return this;
        }

        @Override
        public void end() {
            span.end();
        }

        @Override
        public void end(Instant at) {
            span.end(at);
        }
    }

    /** A span beyond those of its trace: what begins in it would be a part of the last recorded one. */
    private record OverLimit(Trace trace) implements Span {
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
            // not recorded
        }

        @Override
        public void end(Instant at) {
            // not recorded
        }
    }

    @Override
    public long waiting() {
        return export.waiting();
    }

    @Override
    public long exported() {
        return export.exported();
    }

    @Override
    public long failed() {
        return export.failed();
    }

    @Override
    public long dropped() {
        return export.dropped();
    }

    @Override
    public long overLimit() {
        return overLimit.sum();
    }

    @Override
    public void close() {
        export.close();
        provider.shutdown().join(1, TimeUnit.SECONDS);
        senders.shutdownNow();
    }
}
