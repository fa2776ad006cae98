package kr.kisgateway.gateway;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole gateway with its simulator on the morning of a trading day, tested from outside. */
@Tag("slow")
class WarmGatewayTest {
    private static final List<String> SYMBOLS = List.of("005930", "000660", "035420", "035720", "051910", "068270");

    /** Calls that return prices or bars. */
    private static final List<String> MARKET_DATA = List.of("inquire-price", "chartprice", "multprice");

    @TempDir
    Path folder;

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Instant testStart = Instant.now();
    private final List<Gateway> gateways = new ArrayList<>();

    @AfterEach
    void stop() {
        gateways.forEach(Gateway::close);
        client.close();
    }

    @Test
    @Requirement(value = "P-11", clause = "fast")
    @Requirement(value = "P-11", clause = "half-past-8")
    @Requirement(value = "P-11", clause = "answers")
    void at_half_past_eight_the_cache_is_warmed_and_answers_then_come_without_a_call() throws Exception {
        // Friday, three seconds before half past eight in Seoul.
        var gateway = start(Instant.parse("2026-11-19T23:29:57Z"));
        until(() -> warmupStatus(gateway).path("state").asString("").equals("DONE"));
        var contract =
                new Contract(mapper.readTree(get(gateway, "/openapi.json").body()));
        contract.check("GET", "/v1/jobs", get(gateway, "/v1/jobs"));
        var job = warmupStatus(gateway);
        assertThat(job.path("by").asString("")).isEqualTo("schedule");
        assertThat(job.at("/request/scheduled_for").asString("")).isEqualTo("2026-11-20");
        for (var type : List.of("price", "chart", "info")) {
            assertThat(job.at("/result/parts/" + type + "/succeeded").asInt(0))
                    .as(job.toString())
                    .isEqualTo(SYMBOLS.size());
        }
        assertThat(job.at("/result/total_duration_seconds").asDouble(0)).isPositive();

        long calls = marketDataCalls(gateway);
        assertThat(calls).isBetween((long) SYMBOLS.size(), SYMBOLS.size() * 4L);
        var elapsed = new ArrayList<Duration>();
        var trivial = new ArrayList<Duration>();
        for (int round = 0; round < 20; round++) {
            for (var symbol : SYMBOLS) {
                timed(gateway, "/health/live", trivial);
                var quote = timed(gateway, "/v1/quotes/" + symbol, elapsed);
                assertThat(quote.path("state").asString("")).isEqualTo("HEALTHY");
                assertThat(quote.path("market_cap").asLong(0)).isPositive();
                assertThat(timed(gateway, "/v1/bars/" + symbol + "?period=D", elapsed)
                                .path("bars"))
                        .hasSize(100);
                assertThat(timed(gateway, "/v1/instruments/" + symbol, elapsed)
                                .path("upper_limit")
                                .asLong(0))
                        .isPositive();
            }
        }
        assertThat(marketDataCalls(gateway)).isEqualTo(calls);
        elapsed.sort(null);
        trivial.sort(null);
        // 10 ms, or on a slow machine as many as any answer takes.
        assertThat(elapsed.get(elapsed.size() / 2))
                .isLessThan(Duration.ofMillis(10)
                        .plus(trivial.get(trivial.size() / 2).multipliedBy(2)));
    }

    @Test
    @Requirement("P-11")
    void a_restart_after_half_past_eight_does_not_warm_twice_and_a_late_start_catches_up() throws Exception {
        var late = start(Instant.parse("2026-11-19T23:50:00Z"));
        until(() -> warmupStatus(late).path("state").asString("").equals("DONE"));
        late.close();
        gateways.clear();

        var restarted = start(Instant.parse("2026-11-19T23:51:00Z"));
        until(() -> get(restarted, "/health/ready").statusCode() == 200);
        assertThat(json(restarted, "/v1/jobs").path("jobs")).hasSize(1);
        assertThat(marketDataCalls(restarted)).isZero();
    }

    private Gateway start(Instant at) {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=real", "--simulator-rate-limit=2000"),
                Map.of(
                        "GATEWAY_WARM_AT",
                        "08:30",
                        "GATEWAY_WARM_SYMBOLS",
                        String.join(",", SYMBOLS),
                        "KIS_WS_SYMBOLS",
                        "069500"),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        var from = Instant.now();
        var gateway = Wiring.start(
                ((SettingsResult.Loaded) loaded).settings(),
                new SteadyClock(() -> at.plus(Duration.between(from, Instant.now())), System::nanoTime),
                new SecureRandom());
        gateways.add(gateway);
        return gateway;
    }

    /** The last job. */
    private JsonNode warmupStatus(Gateway gateway) {
        var last = json(gateway, "/v1/jobs").path("jobs").path(0);
        return last.isObject() ? json(gateway, "/v1/jobs/" + last.path("id").asString("")) : last;
    }

    private long marketDataCalls(Gateway gateway) {
        var state = mapper.readTree(
                send(URI.create("http://127.0.0.1:" + gateway.simulatorPort().orElseThrow() + "/simulator/state"))
                        .body());
        long calls = 0;
        for (var call : state.get("calls").properties()) {
            if (MARKET_DATA.stream().anyMatch(call.getKey()::contains)) {
                calls += call.getValue().longValue();
            }
        }
        return calls;
    }

    private JsonNode timed(Gateway gateway, String path, List<Duration> elapsed) {
        long from = System.nanoTime();
        var answer = get(gateway, path);
        elapsed.add(Duration.ofNanos(System.nanoTime() - from));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return mapper.readTree(answer.body());
    }

    private JsonNode json(Gateway gateway, String path) {
        return mapper.readTree(get(gateway, path).body());
    }

    private HttpResponse<String> get(Gateway gateway, String path) {
        return send(gateway.baseUri().resolve(path));
    }

    private HttpResponse<String> send(URI uri) {
        try {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
