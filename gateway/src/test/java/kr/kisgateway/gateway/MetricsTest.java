package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /metrics} of a running gateway. */
@Tag("slow")
class MetricsTest {
    @Requirement(value = "A-11", clause = "p99")
    @Test
    void programs_on_this_machine_read_all_meters_without_a_key_although_an_operator_token_is_set(
            @TempDir Path folder) {
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            assertThat(gateway.get("/v1/quotes/005930").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/v1/quotes/NOPE").statusCode()).isEqualTo(400);

            var answer = gateway.get("/metrics");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
            assertThat(value(
                            answer,
                            "kis_gateway_http_answers_total{method=\"GET\",route=\"/v1/quotes/{symbol}\","
                                    + "status=\"2xx\"}"))
                    .isEqualTo(1);
            assertThat(value(
                            answer,
                            "kis_gateway_http_answers_total{method=\"GET\",route=\"/v1/quotes/{symbol}\","
                                    + "status=\"4xx\"}"))
                    .isEqualTo(1);
            assertThat(value(
                            answer,
                            "kis_gateway_http_requests_seconds_bucket{method=\"GET\",route=\"/v1/quotes/{symbol}\","
                                    + "le=\"+Inf\"}"))
                    .isEqualTo(1);
            assertThat(value(answer, "process_uptime_seconds")).isPositive();
            // The meters of the JSON answers are among them, under their names.
            assertThat(value(answer, "kis_gateway_quote_store_messages_total")).isNotNegative();
        }
    }

    @Requirement(value = "A-11", clause = "calls")
    @Requirement(value = "A-11", clause = "failures")
    @Requirement(value = "A-11", clause = "pool")
    @Requirement(value = "A-03", clause = "metrics")
    @Test
    void calls_to_kis_are_counted_by_tr_and_result_as_kis_counts_them(@TempDir Path folder) {
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            gateway.fault("{\"refuse_orders\":{\"count\":1}}");
            gateway.buy("refused");
            Await.until("an order was refused", () -> calls(gateway, "TTTC0012U", "refused") == 1);
            gateway.buy("one");
            gateway.buy("two");
            Await.until("two orders were taken", () -> calls(gateway, "TTTC0012U", "ok") == 2);
            assertThat(gateway.brokerCalls("order-cash")).isEqualTo(3);
            assertThat(calls(gateway, "TTTC0012U", "failed")).isZero();
            assertThat(calls(gateway, "token", "ok")).isEqualTo(1);
            assertThat(calls(gateway, "approval", "ok")).isEqualTo(1);
            Await.until( // a list may be on its way
                    "both count the same lists",
                    () -> calls(gateway, "TTTC0081R", "ok") == gateway.brokerCalls("inquire-daily-ccld"));
            assertThat(calls(gateway, "other", "ok")).isZero();

            var answer = gateway.get("/metrics");
            assertThat(value(answer, "kis_gateway_kis_connections_limit_connections{key=\"K1\",use=\"orders\"}"))
                    .isEqualTo(20);
            assertThat(value(answer, "kis_gateway_kis_connections{key=\"K1\",state=\"idle\",use=\"orders\"}"))
                    .isEqualTo(1);
        }
    }

    @Requirement(value = "A-11", clause = "delay")
    @Test
    void delays_are_measured_from_the_exchange_to_the_gateway_and_from_there_to_a_client(@TempDir Path folder)
            throws Exception {
        try (var gateway = GatewayFixture.start(folder);
                var client = HttpClient.newHttpClient()) {
            gateway.awaitReady();
            var socket = client.newWebSocketBuilder()
                    .buildAsync(
                            URI.create(gateway.gateway().baseUri().toString().replace("http:", "ws:") + "/v1/stream"),
                            new WebSocket.Listener() {})
                    .get(20, TimeUnit.SECONDS);
            socket.sendText("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"005930\"]}", true)
                    .get(20, TimeUnit.SECONDS);
            Await.until("trades are delivered", () -> {
                var answer = gateway.get("/metrics");
                return value(answer, "kis_gateway_feed_delay_seconds_count") > 2
                        && value(answer, "kis_gateway_stream_delay_seconds_count") > 0;
            });
            var answer = gateway.get("/metrics");
            assertThat(value(answer, "kis_gateway_feed_delay_seconds_bucket{le=\"2.0\"}"))
                    .as("the simulator is on this machine")
                    .isEqualTo(value(answer, "kis_gateway_feed_delay_seconds_count"));
            assertThat(value(answer, "kis_gateway_stream_delay_seconds_sum")).isPositive();

            gateway.fault("{\"clock_skew_seconds\":-20}");
            Await.until(
                    "trades are twenty seconds late",
                    () -> value(gateway.get("/metrics"), "kis_gateway_feed_delay_seconds_max") > 19);
            socket.abort();
        }
    }

    private static double calls(GatewayFixture gateway, String tr, String result) {
        return value(
                gateway.get("/metrics"),
                "kis_gateway_kis_results_calls_total{result=\"" + result + "\",tr=\"" + tr + "\"}");
    }

    @Requirement(value = "A-11", clause = "queue")
    @Test
    void each_queue_cache_and_resource_shows_its_bound_and_is_within_it(@TempDir Path folder) {
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            var answer = gateway.get("/metrics");
            for (var family :
                    List.of("queue_waiting queue_limit", "cache_used cache_limit", "resource_used resource_limit")) {
                var names = family.split(" ");
                var unit = family.startsWith("cache") ? "_units" : "_entries";
                var used = "kis_gateway_" + names[0] + unit;
                var series = answer.body()
                        .lines()
                        .filter(line -> line.startsWith(used + "{"))
                        .map(line -> line.substring(used.length(), line.lastIndexOf(' ')))
                        .toList();
                assertThat(series).as(used).hasSizeGreaterThan(8);
                for (var labels : series) {
                    assertThat(value(answer, used + labels))
                            .as(labels)
                            .isBetween(0.0, value(answer, "kis_gateway_" + names[1] + unit + labels));
                }
            }
        }
    }

    @Test
    void the_format_is_the_one_that_prometheus_asks_for(@TempDir Path folder) {
        try (var gateway = GatewayFixture.start(folder)) {
            var open = gateway.send(
                    "GET", "/metrics", "", "Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
            assertThat(open.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
            assertThat(open.body()).endsWith("# EOF\n");
            assertThat(gateway.send("GET", "/metrics", "", "Accept", "text/html")
                            .body())
                    .doesNotContain("# EOF");
        }
    }

    @Test
    void promtool_finds_nothing_wrong_with_the_names_and_the_format(@TempDir Path folder) {
        try (var gateway = GatewayFixture.start(folder)) {
            var text = gateway.get("/metrics").body();
            var complaints = PrometheusProgram.promtool(text, "check", "metrics")
                    .lines()
                    // The others are Micrometer's own names.
                    .filter(line -> line.startsWith("kis_gateway_") || line.contains("error"))
                    // It counts trading days, and measures no time.
                    .filter(line -> !line.startsWith("kis_gateway_history_days_deleted_days_total "))
                    .toList();
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void a_wrong_key_is_refused_on_this_machine_too(@TempDir Path folder) {
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.use("kgw_wrong");
            assertThat(gateway.get("/metrics").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void where_keys_are_needed_this_machine_needs_one_too_because_a_proxy_may_stand_there(@TempDir Path folder) {
        try (var gateway = GatewayFixture.start(folder, Map.of("GATEWAY_AUTH", "required"))) {
            assertThat(gateway.get("/metrics").statusCode()).isEqualTo(401);
        }
    }

    /** The value of the first line that begins with {@code series}. */
    static double value(HttpResponse<String> answer, String series) {
        List<String> lines =
                answer.body().lines().filter(line -> line.startsWith(series)).toList();
        assertThat(lines).as(series).isNotEmpty();
        var line = lines.getFirst();
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }
}
