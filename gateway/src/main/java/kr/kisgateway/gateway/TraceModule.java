package kr.kisgateway.gateway;

import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import kr.kisgateway.gateway.audit.MaskedParameters;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.gateway.trace.SpanCounts;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.gateway.trace.Tracer;
import kr.kisgateway.gateway.trace.otlp.ExportSettings;
import kr.kisgateway.gateway.trace.otlp.OtlpTracer;

/** Trace ids, and the spans of traces where a collector is set. */
final class TraceModule {
    private static final String SERVICE = "kis-gateway";

    private TraceModule() {}

    /** New ids, and those of callers, of which none that may be a secret is shown. */
    static TraceIds ids(Settings settings, long seed) {
        MaskedParameters masked = AuditModule.masked(settings);
        return new TraceIds(seed, masked::isShowable);
    }

    /** Without a collector nothing is recorded, and no class of OpenTelemetry is loaded. */
    static Tracer open(
            Settings settings, TraceIds ids, SteadyClock clock, TaskRunner tasks, Meters meters, Parts parts) {
        Optional<OtlpTracer> tracer = settings.tracing().endpoint().map(endpoint -> {
            return parts.add(new OtlpTracer(
                    new ExportSettings(
                            endpoint,
                            settings.tracing().headers(),
                            settings.tracing().share(),
                            Map.of(
                                    "service.name",
                                    SERVICE,
                                    "deployment.environment.name",
                                    settings.environment().wireName())),
                    ids,
                    clock,
                    clock.nanos(),
                    clock.monotonicClock(),
                    tasks));
        });
        SpanCounts counts = tracer.<SpanCounts>map(it -> it).orElse(SpanCounts.NONE);
        bind(meters, counts);
        return tracer.<Tracer>map(it -> it).orElse(Tracer.OFF);
    }

    private static void bind(Meters meters, SpanCounts counts) {
        meters.queue("trace_export", counts::waiting, SpanCounts.QUEUE_CAPACITY);
        Map.<String, LongSupplier>of(
                        "exported", counts::exported,
                        "failed", counts::failed,
                        "dropped", counts::dropped,
                        "over_limit", counts::overLimit)
                .forEach((result, count) -> meters.counter(
                        "trace.spans", "spans", "Spans of traces by what became of them", count, "result", result));
    }
}
