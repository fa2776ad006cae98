package kr.kisgateway.gateway.trace.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.gateway.TraceCollector;
import kr.kisgateway.gateway.TraceCollector.Received;
import kr.kisgateway.gateway.cache.SingleFlight;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import kr.kisgateway.gateway.trace.IncomingTrace;
import kr.kisgateway.gateway.trace.Span;
import kr.kisgateway.gateway.trace.SpanAttribute;
import kr.kisgateway.gateway.trace.SpanCounts;
import kr.kisgateway.gateway.trace.SpanName;
import kr.kisgateway.gateway.trace.Trace;
import kr.kisgateway.gateway.trace.TraceIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Spans on their way to a collector. */
@Tag("slow")
class OtlpTracerTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final ManualTaskRunner tasks = new ManualTaskRunner();
    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock =
            () -> Instant.parse("2026-11-20T01:00:00.123456789Z").plus(later.get());
    private final TraceIds ids = new TraceIds(7);
    private TraceCollector collector;
    private OtlpTracer tracer;

    @BeforeEach
    void start() throws IOException {
        collector = new TraceCollector();
        tracer = new OtlpTracer(
                new ExportSettings(
                        URI.create(collector.endpoint() + "/v1/traces"), Map.of(), 1, Map.of("service.name", "test")),
                ids,
                clock,
                () -> later.get().toNanos(),
                clock,
                tasks);
    }

    @AfterEach
    void stop() {
        tracer.close();
        collector.close();
    }

    private Span begin(String traceId) {
        return tracer.begin(IncomingTrace.of(traceId), "GET /x");
    }

    private void advance(Duration time) {
        later.updateAndGet(was -> was.plus(time));
        tasks.advance(time);
    }

    @Test
    void a_flood_of_spans_is_bounded_and_what_has_no_place_is_counted() {
        int flood = 100_000;
        for (int i = 0; i < flood; i++) {
            begin(ids.next()).with(SpanAttribute.ROUTE, "x".repeat(10_000)).end();
        }
        assertThat(tracer.waiting()).isEqualTo(SpanCounts.QUEUE_CAPACITY);
        assertThat(tracer.dropped()).isEqualTo(flood - SpanCounts.QUEUE_CAPACITY);

        advance(Duration.ofSeconds(60));
        assertThat(tracer.waiting()).isZero();
        assertThat(tracer.exported()).isEqualTo(SpanCounts.QUEUE_CAPACITY);
        assertThat(collector.spans())
                .hasSize(SpanCounts.QUEUE_CAPACITY)
                .allSatisfy(span -> assertThat(span.attribute("http.route")).hasSize(256));
    }

    @Test
    void a_collector_that_refuses_loses_spans_and_is_left_alone_for_a_while_before_the_next_try() {
        collector.answer(503);
        begin(TRACE).end();
        advance(Duration.ofSeconds(1));
        assertThat(tracer.failed()).isEqualTo(1);
        assertThat(collector.requests()).isEqualTo(1);
        for (int i = 0; i < 2 * SpanExport.BATCH; i++) {
            begin(ids.next()).end(); // wakes the sender
        }
        advance(Duration.ofSeconds(4));
        assertThat(collector.requests()).isEqualTo(1);

        collector.answer(200);
        advance(Duration.ofSeconds(30));
        assertThat(tracer.exported()).isEqualTo(2L * SpanExport.BATCH);
        assertThat(tracer.failed()).isEqualTo(1);
    }

    @Test
    void a_trace_has_a_bounded_number_of_spans() {
        var request = begin(TRACE);
        for (int i = 0; i < 3_000; i++) {
            var span = request.trace().begin(SpanName.CACHE_FETCH);
            span.trace().begin(SpanName.KIS_CALL).end();
            span.end();
        }
        request.end();
        assertThat(tracer.overLimit()).isEqualTo(6_000 - (OtlpTracer.SPANS_PER_TRACE - 1));
        advance(Duration.ofSeconds(10));
        assertThat(collector.trace(TRACE))
                .hasSize(OtlpTracer.SPANS_PER_TRACE)
                .allMatch(span -> span.parent().isEmpty()
                        || collector.trace(TRACE).stream()
                                .anyMatch(above -> above.id().equals(span.parent())));
    }

    @Test
    void times_and_kinds_are_those_of_the_work() {
        var request = begin(TRACE);
        Instant from = clock.instant();
        later.set(Duration.ofMillis(250));
        request.trace().begin(SpanName.BUDGET_WAIT, from).end(from.plusMillis(20));
        request.failed("NO").end();
        advance(Duration.ofSeconds(1));

        var wait = named("budget.wait");
        assertThat(wait.endNanos() - wait.startNanos())
                .isEqualTo(Duration.ofMillis(20).toNanos());
        assertThat(wait.startNanos()).isEqualTo(from.getEpochSecond() * 1_000_000_000L + from.getNano());
        var first = named("GET /x");
        assertThat(first.endNanos() - first.startNanos())
                .isEqualTo(Duration.ofMillis(250).toNanos());
        assertThat(first.failed()).isTrue();
        assertThat(wait.parent()).isEqualTo(first.id());
    }

    @Test
    void a_thread_of_the_request_continues_its_trace_and_a_joined_call_names_the_trace_that_makes_it()
            throws Exception {
        var flight = new SingleFlight<String, String>("quote");
        var first = begin(TRACE);
        var second = begin("2".repeat(32));
        try (var workers = Executors.newThreadPerTaskExecutor(
                Trace.carrying(Thread.ofVirtual().factory()))) {
            var called = new java.util.concurrent.CountDownLatch(1);
            var answered = new java.util.concurrent.CountDownLatch(1);
            var one = first.trace()
                    .run(() -> workers.submit(() -> flight.run(
                            "005930",
                            Duration.ofSeconds(20),
                            () -> {
                                called.countDown();
                                Trace.currentOrNone().begin(SpanName.KIS_CALL).end();
                                return await(answered);
                            },
                            () -> "late",
                            () -> "crash")));
            called.await();
            var two = second.trace()
                    .run(() -> workers.submit(() ->
                            flight.run("005930", Duration.ofMillis(1), () -> "own", () -> "late", () -> "crash")));
            assertThat(two.get()).isEqualTo("late");
            answered.countDown();
            assertThat(one.get()).isEqualTo("71000");
            assertThat(workers.submit(() -> Trace.current()).get()).isEmpty();
        }
        first.end();
        second.end();
        advance(Duration.ofSeconds(1));

        assertThat(named("kis.call").traceId()).isEqualTo(TRACE);
        assertThat(collector.trace("2".repeat(32)))
                .filteredOn(span -> span.name().equals("cache.fetch"))
                .singleElement()
                .satisfies(span -> assertThat(span.attributes())
                        .containsEntry("cache.role", "joined")
                        .containsEntry("cache.joined_trace_id", TRACE));
    }

    private static String await(java.util.concurrent.CountDownLatch answered) {
        try {
            answered.await();
            return "71000";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private Received named(String name) {
        List<Received> found = collector.spans().stream()
                .filter(span -> span.name().equals(name))
                .toList();
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }
}
