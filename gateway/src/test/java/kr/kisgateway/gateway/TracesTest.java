package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.TraceCollector.Received;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The traces that a whole gateway sends to a collector. */
@Tag("slow")
class TracesTest {
    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String ORDER = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1}";

    @TempDir
    private Path folder;

    private TraceCollector collector;

    @BeforeEach
    void collect() throws IOException {
        collector = new TraceCollector();
    }

    @AfterEach
    void stop() {
        collector.close();
    }

    private GatewayFixture start(String... settings) {
        return start(Map.of(), settings);
    }

    private GatewayFixture start(Map<String, String> environment, String... settings) {
        var all = new HashMap<>(environment);
        all.put("TRACING_ENDPOINT", collector.endpoint());
        // The list would show a fill before a late notice.
        var arguments = new ArrayList<>(List.of("--order-reconcile-every=300s"));
        arguments.addAll(List.of(settings));
        var gateway = GatewayFixture.start(folder, Duration.ZERO, all, arguments.toArray(String[]::new));
        gateway.awaitReady();
        return gateway;
    }

    private static String traceparent(String traceId, boolean sampled) {
        return "00-" + traceId + "-" + CALLER + (sampled ? "-01" : "-00");
    }

    @Requirement(value = "A-12", clause = "traces")
    @Test
    void an_order_is_one_trace_from_its_request_to_the_publication_of_its_fill() {
        try (var gateway = start()) {
            // After the answer; the list that is read a second after the start has no fill before it.
            gateway.fault("{\"late_notices\":{\"count\":9},\"late_notice_ms\":2000,"
                    + "\"hide_orders_seconds\":{\"on\":\"orders\",\"value\":100000}}");
            var answer = gateway.send(
                    "POST", "/v1/orders", ORDER, "Idempotency-Key", "traced", "traceparent", traceparent(TRACE, true));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Trace-Id")).hasValue(TRACE);
            String order = gateway.tree(answer).path("order_id").asString();

            Await.until(
                    "the fill is published",
                    () -> collector.trace(TRACE).stream()
                            .anyMatch(span -> span.attribute("kis.notice").equals("FILLED")),
                    () -> gateway.get("/v1/orders/" + order) + " " + collector.trace(TRACE));
            var spans = collector.trace(TRACE);
            var request = only(spans, "POST /v1/orders");
            // The check of the cash reads the balance first.
            var ofHoldings = spans.stream()
                    .filter(span -> span.attribute("cache.name").equals("holdings"))
                    .toList();
            assertThat(childrenOf(only(ofHoldings, "cache.fetch"), spans))
                    .extracting(span -> span.name() + " " + span.attribute("kis.tr_id"))
                    .containsExactly("budget.wait ", "kis.call TTTC8434R");
            assertThat(request.parent()).isEqualTo(CALLER);
            assertThat(request.kind()).isEqualTo(SERVER);
            assertThat(request.attributes())
                    .containsEntry("http.route", "/v1/orders")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("gateway.caller", "local");

            // Each step of the order is a part of its request, in this order.
            assertThat(childrenOf(request, spans))
                    .extracting(span -> span.name() + " " + span.attribute("journal.events"))
                    .containsSubsequence(
                            "order.queue ",
                            "journal.commit Accepted",
                            "journal.commit SendStarted",
                            "kis.call ",
                            "journal.commit BrokerAccepted")
                    .contains("budget.wait ");
            assertThat(spans).allSatisfy(span -> assertThat(span.endNanos()).isGreaterThanOrEqualTo(span.startNanos()));
            assertThat(childrenOf(request, spans))
                    .filteredOn(span -> span.name().equals("budget.wait"))
                    .singleElement()
                    .satisfies(span -> assertThat(span.attributes())
                            .containsEntry("budget.lane", "market")
                            .containsEntry("order.id", order));

            var call = orderCall(spans);
            assertThat(call.kind()).isEqualTo(CLIENT);
            assertThat(call.attributes())
                    .containsEntry("kis.tr_id", "TTTC0012U")
                    .containsEntry("kis.rt_cd", "0")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("kis.result", "ok")
                    .containsKey("kis.msg_cd");
            assertThat(call.attribute("kis.account")).matches("[0-9]{2}\\*{6}-\\*\\*");
            assertThat(call.failed()).isFalse();

            var notice = spans.stream()
                    .filter(span -> span.name().equals("execution.notice")
                            && span.attribute("kis.notice").equals("FILLED"))
                    .findFirst()
                    .orElseThrow();
            assertThat(notice.parent()).isEqualTo(request.id());
            assertThat(notice.attribute("order.id")).isEqualTo(order);
            assertThat(childrenOf(notice, spans))
                    .extracting(span ->
                            span.name() + " " + span.attribute("journal.events") + span.attribute("stream.channel"))
                    .contains("journal.commit Filled", "stream.publish executions");
        }
    }

    @Test
    void a_cancel_is_a_trace_of_its_own_with_its_call_to_kis() {
        try (var gateway = start()) {
            var placed = gateway.send(
                    "POST",
                    "/v1/orders",
                    ORDER.replace("}", ",\"order_type\":\"LIMIT\",\"price\":150000}"),
                    "Idempotency-Key",
                    "rests",
                    "X-Trace-Id",
                    "1".repeat(32));
            String order = gateway.tree(placed).path("order_id").asString();
            Await.until(() -> gateway.json("/v1/orders/" + order)
                    .path("status")
                    .asString()
                    .equals("SENT"));
            gateway.send("POST", "/v1/orders/" + order + "/cancel", "{}", "X-Trace-Id", "2".repeat(32));
            Await.until(() -> collector.trace("2".repeat(32)).stream()
                    .anyMatch(span -> span.name().equals("kis.call")));

            assertThat(orderCall(collector.trace("1".repeat(32))).attribute("kis.tr_id"))
                    .isEqualTo("TTTC0012U");
            assertThat(only(collector.trace("2".repeat(32)), "kis.call").attribute("kis.tr_id"))
                    .isEqualTo("TTTC0013U");
            assertThat(only(collector.trace("2".repeat(32)), "budget.wait").attribute("budget.lane"))
                    .isEqualTo("cancel");
        }
    }

    @Requirement(value = "A-12", clause = "traces")
    @Test
    void a_quote_is_one_trace_from_its_request_through_the_single_flight_and_the_budget_to_kis() {
        try (var gateway = start()) {
            gateway.send("GET", "/v1/quotes/000660", "", "traceparent", traceparent(TRACE, true));
            Await.until(() -> collector.trace(TRACE).size() >= 4);

            var spans = collector.trace(TRACE);
            var request = only(spans, "GET /v1/quotes/{symbol}");
            var fetch = only(spans, "cache.fetch");
            assertThat(fetch.parent()).isEqualTo(request.id());
            assertThat(fetch.attributes()).containsEntry("cache.name", "quote").containsEntry("cache.role", "call");
            assertThat(childrenOf(fetch, spans)).extracting(Received::name).containsExactly("budget.wait", "kis.call");
            assertThat(only(spans, "budget.wait").attribute("budget.lane")).isEqualTo("quote");
            assertThat(only(spans, "kis.call").attributes())
                    .containsEntry("kis.tr_id", "FHKST01010100")
                    .containsEntry("url.path", "/uapi/domestic-stock/v1/quotations/inquire-price")
                    .doesNotContainKey("kis.account");
        }
    }

    @Test
    void a_refusal_of_kis_is_a_failed_span_with_its_code_and_a_bad_request_is_not_one() {
        try (var gateway = start()) {
            gateway.fault("{\"refuse_orders\":{\"count\":1}}");
            gateway.send("POST", "/v1/orders", ORDER, "Idempotency-Key", "no", "traceparent", traceparent(TRACE, true));
            gateway.send("GET", "/v1/quotes/NOPE", "", "X-Trace-Id", "3".repeat(32));
            Await.until(() -> collector.trace(TRACE).stream()
                            .anyMatch(span -> span.attribute("url.path").endsWith("order-cash"))
                    && !collector.trace("3".repeat(32)).isEmpty());

            var call = orderCall(collector.trace(TRACE));
            assertThat(call.failed()).isTrue();
            assertThat(call.attribute("kis.rt_cd")).isNotEqualTo("0").isNotEmpty();
            assertThat(call.attribute("kis.msg_cd")).isNotEmpty();
            var bad = collector.trace("3".repeat(32)).getFirst();
            assertThat(bad.attributes())
                    .containsEntry("http.response.status_code", "400")
                    .containsEntry("gateway.code", "INVALID_SYMBOL");
            assertThat(bad.failed()).isFalse();
        }
    }

    @Test
    void neither_secrets_nor_account_numbers_reach_the_collector() {
        var secrets = Map.of(
                "KIS_ENV",
                "sim",
                "KIS_APP_KEY",
                "PSplantedKeyPlantedKeyPlantedKey1234",
                "KIS_APP_SECRET",
                "plantedSecret".repeat(14).substring(0, 180),
                "KIS_ACCOUNT_NO",
                "73915046-01",
                "TRACING_HEADERS",
                "Authorization=Bearer plantedCollectorKey,X-Tenant=7");
        try (var gateway = start(secrets)) {
            var made = gateway.tree(gateway.operate("POST", "/v1/keys", "{\"name\":\"planted\",\"role\":\"admin\"}"));
            String key = made.path("key").asString();
            assertThat(key).startsWith("kgw_");
            gateway.use(key);
            // Callers who send what they should not as a trace id.
            for (var id : List.of(key, "73915046-01", "7391504601", secrets.get("KIS_APP_KEY"))) {
                var answer = gateway.send("GET", "/v1/balances?account_id=A1", "", "X-Trace-Id", id);
                assertThat(answer.headers().firstValue("X-Trace-Id")).hasValue(id);
            }
            gateway.send("POST", "/v1/orders", ORDER, "Idempotency-Key", "7391504601");
            gateway.send("POST", "/v1/webhooks/unknown/plantedHookSecret", "{}");
            Await.until(() -> collector.spans().stream()
                    .anyMatch(span -> span.attribute("kis.tr_id").equals("TTTC0012U")));
            Await.until(() -> collector.spans().stream()
                    .anyMatch(span -> span.attribute("kis.tr_id").startsWith("TTTC8434R")));

            assertThat(collector.raw())
                    .doesNotContain("planted" + "Key", "plantedSecret", "plantedCollectorKey", "plantedHookSecret")
                    .doesNotContain("73915046", key, key.substring(13));
            assertThat(collector.raw()).contains("73******-**");
            assertThat(collector.headers().getFirst())
                    .containsEntry("Authorization", List.of("Bearer plantedCollectorKey"))
                    .containsEntry("X-tenant", List.of("7"));
            assertThat(collector.resources().getFirst().getResource().toString())
                    .contains("kis-gateway", "sim")
                    .doesNotContain(System.getProperty("user.dir"));
        }
    }

    @Test
    void a_share_of_the_traces_is_recorded_and_the_caller_decides_about_its_own() {
        try (var gateway = start("--tracing-sample=0")) {
            gateway.send("GET", "/v1/quotes/005930", "", "X-Trace-Id", "5".repeat(32));
            gateway.send("GET", "/v1/quotes/005930", "", "traceparent", traceparent("6".repeat(32), false));
            gateway.send("GET", "/v1/quotes/005930", "", "traceparent", traceparent(TRACE, true));
            Await.until(() -> !collector.trace(TRACE).isEmpty());
            assertThat(collector.spans()).allMatch(span -> span.traceId().equals(TRACE));
        }
        try (var gateway = start("--tracing-sample=0.25")) {
            for (int i = 0; i < 400; i++) {
                gateway.get("/v1/session/status");
            }
            gateway.send("GET", "/v1/session/live-readiness", "", "traceparent", traceparent("7".repeat(32), true));
            Await.until(() -> !collector.trace("7".repeat(32)).isEmpty());
            assertThat(collector.spans().stream()
                            .filter(span -> span.name().equals("GET /v1/session/status"))
                            .count())
                    .isBetween(50L, 160L);
        }
    }

    @Test
    void a_trace_id_of_another_form_is_hashed_and_still_found_by_its_text() {
        try (var gateway = start()) {
            gateway.send("GET", "/v1/session/status", "", "X-Trace-Id", "job-17.a");
            gateway.send("GET", "/v1/session/status", "", "X-Trace-Id", "job-17.a");
            Await.until(() -> collector.spans().stream()
                            .filter(span -> span.attribute("gateway.trace_id").equals("job-17.a"))
                            .count()
                    == 2);
            assertThat(collector.spans().stream()
                            .filter(span -> span.attribute("gateway.trace_id").equals("job-17.a"))
                            .map(Received::traceId)
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void what_waits_is_sent_when_the_gateway_stops() {
        try (var gateway = start()) {
            gateway.send("GET", "/v1/session/status", "", "X-Trace-Id", "8".repeat(32));
        }
        assertThat(collector.trace("8".repeat(32))).hasSize(1);
    }

    @Test
    void a_collector_that_is_away_slows_no_request_raises_no_alert_and_is_one_line_of_the_log() throws Exception {
        var log = LoggedEvents.of("gateway.trace");
        collector.answer(503);
        try (log;
                var gateway = start()) {
            for (int i = 0; i < 50; i++) {
                assertThat(gateway.get("/v1/quotes/005930").statusCode()).isEqualTo(200);
            }
            Await.until(() -> spans(gateway, "failed") > 0);
            collector.hold();
            assertThat(gateway.buy("while-it-hangs").statusCode()).isEqualTo(200);
            assertThat(gateway.json("/v1/alerts").path("alerts").toString()).doesNotContain("trace");
            collector.answer(200);
            collector.release();
            Await.until(() -> spans(gateway, "exported") > 0);
        }
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("traces_not_exported"))
                .hasSize(1);
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("traces_exported_again"))
                .hasSize(1);
    }

    private static long spans(GatewayFixture gateway, String result) {
        return gateway.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("kis_gateway_trace_spans_total") && line.contains("\"" + result + "\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Requirement(value = "A-12", clause = "outer")
    @Test
    void calls_to_kis_carry_the_trace_id_of_their_request_and_the_header_can_be_switched_off() {
        assertThat(headersAtKis("true")).contains("X-Trace-Id: " + TRACE);
        assertThat(headersAtKis("false")).doesNotContain("X-Trace-Id");
    }

    /** What KIS receives for a quote and an order whose requests have the same trace id. */
    private String headersAtKis(String header) {
        var received = new StringBuffer();
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis-" + header + ".db"))
                        .withTime(new OpenCalendar(), InstantSource.system())
                        .withSynchronous("OFF"));
                var tap = new BrokerTap(
                        simulator.restBase(),
                        piece -> {
                            received.append(piece);
                            return piece;
                        },
                        piece -> piece);
                var gateway = GatewayFixture.start(
                        folder.resolve(header),
                        tap.address(),
                        Map.of("SIMULATOR_URL", tap.address().toString(), "KIS_TRACE_HEADER", header))) {
            gateway.awaitReady();
            received.setLength(0);
            gateway.send("GET", "/v1/quotes/000660", "", "X-Trace-Id", TRACE);
            gateway.send("POST", "/v1/orders", ORDER, "Idempotency-Key", "one", "X-Trace-Id", TRACE);
            Await.until(() -> received.indexOf("order-cash") > 0 && received.indexOf("inquire-price") > 0);
            var calls = received.toString().split("(?=(?:GET|POST) /uapi)");
            if (header.equals("true")) {
                assertThat(calls)
                        .filteredOn(call -> call.contains("order-cash") || call.contains("inquire-price"))
                        .hasSizeGreaterThanOrEqualTo(2)
                        .allMatch(call -> call.contains("X-Trace-Id: " + TRACE));
                assertThat(calls)
                        .filteredOn(call -> call.contains("/uapi"))
                        .allMatch(call -> call.contains("X-Trace-Id: "));
            }
            return received.toString();
        }
    }

    @Requirement(value = "A-12", clause = "off")
    @Test
    void without_a_collector_nothing_of_opentelemetry_is_loaded() throws Exception {
        assertThat(classesLoaded(Map.of()))
                .contains("kr.kisgateway.gateway.trace.Trace ")
                .doesNotContain("opentelemetry");
        assertThat(classesLoaded(Map.of("TRACING_ENDPOINT", collector.endpoint())))
                .contains("io.opentelemetry.sdk.trace");
        assertThat(collector.spans()).isNotEmpty();
    }

    /** The classes that a gateway in a process of its own loads for a quote. */
    private String classesLoaded(Map<String, String> settings) throws Exception {
        var own = Files.createTempDirectory(folder, "own");
        var list = own.resolve("classes");
        var all = new HashMap<>(settings);
        all.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + list);
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(own.resolve("kis.db"))
                        .withTime(new OpenCalendar(), InstantSource.system())
                        .withSynchronous("OFF"));
                var http = HttpClient.newHttpClient()) {
            var process = new GatewayProcess(http, own, simulator.restBase(), all);
            try {
                var quote = HttpRequest.newBuilder(process.base().resolve("/v1/quotes/000660"))
                        .build();
                assertThat(http.send(quote, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
                if (!settings.isEmpty()) {
                    Await.until(() -> !collector.spans().isEmpty());
                }
            } finally {
                process.kill();
            }
        }
        return Files.readString(list);
    }

    private static Received only(List<Received> spans, String name) {
        assertThat(spans).filteredOn(span -> span.name().equals(name)).as(name).hasSize(1);
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The call that sends an order. */
    private static Received orderCall(List<Received> spans) {
        return spans.stream()
                .filter(span -> span.attribute("url.path").endsWith("order-cash"))
                .findFirst()
                .orElseThrow();
    }

    private static List<Received> childrenOf(Received parent, List<Received> spans) {
        return spans.stream().filter(span -> span.parent().equals(parent.id())).toList();
    }
}
