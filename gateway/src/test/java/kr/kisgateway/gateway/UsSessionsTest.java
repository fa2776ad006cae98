package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
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

/** A whole gateway with its simulator at moments of New York's day, tested from outside. */
@Tag("slow")
class UsSessionsTest {
    @TempDir
    Path folder;

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Gateway> gateways = new ArrayList<>();
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    @AfterEach
    void stop() {
        gateways.forEach(Gateway::close);
        client.close();
    }

    @Test
    @Requirement("P-13")
    void streamed_and_requested_bars_begin_with_the_pre_market_and_exclude_the_day_market() throws Exception {
        // Friday, a minute before the day market ends.
        var gateway = start("2026-11-20T08:59:00Z");
        var contract =
                new Contract(mapper.readTree(get(gateway, "/openapi.json").body()));
        long opens = Instant.parse("2026-11-20T09:00:00Z").getEpochSecond();
        var volume = BigDecimal.ZERO;
        boolean isDayMarket = false;
        JsonNode bar = mapper.missingNode();
        var answer = client.send(
                HttpRequest.newBuilder(
                                gateway.baseUri().resolve("/v1/events?channels=trades,bars:1m&symbols=NVDA.NASD"))
                        .build(),
                BodyHandlers.ofLines());
        try (var lines = answer.body()) {
            var messages = lines.filter(line -> line.startsWith("data:"))
                    .map(line -> mapper.readTree(line.substring(5)))
                    .filter(message -> message.has("ch"))
                    .iterator();
            // Until the first bar with three trades.
            for (int trades = 0; trades < 3 || !bar.path("volume").isIntegralNumber(); ) {
                var message = messages.next();
                contract.message(message);
                if (message.path("ch").asString("").equals("bars:1m")) {
                    bar = message;
                    assertThat(bar.get("ts").longValue())
                            .as("when %s begins", bar)
                            .isGreaterThanOrEqualTo(opens);
                } else if (message.path("feed").asString("").equals("day-market")) {
                    if (!isDayMarket) {
                        advanceTo("2026-11-20T09:00:00Z");
                    }
                    isDayMarket = true;
                    assertThat(trades).as("trades of the pre-market").isZero();
                } else if (message.has("q")) {
                    trades++;
                    volume = volume.add(message.get("q").decimalValue());
                }
            }
        }
        assertThat(isDayMarket).isTrue();
        assertThat(bar.get("ts").longValue()).isEqualTo(opens);
        assertThat(bar.get("volume").decimalValue()).isLessThanOrEqualTo(volume).isPositive();

        var requested = json(gateway, "/v1/bars/NVDA.NASD?period=1m&from=2026-11-20&limit=1000");
        assertThat(requested.get("bars")).isNotEmpty();
        assertThat(requested.get("bars").valueStream().map(it -> it.get("ts").longValue()))
                .allMatch(ts -> ts >= opens);
    }

    @Test
    @Requirement("P-11")
    void us_symbols_are_warmed_beside_korean_ones_and_their_days_cost_no_call_while_new_york_is_closed() {
        // Half past eight in Seoul: the after-market has ended, the day market has not begun.
        var gateway = start("2026-11-19T23:30:00Z");
        var job = warmed(gateway, "{\"symbols\":[\"AAPL.NASD\",\"005930\",\"JPM.NYSE\"]}");
        assertThat(job.at("/result/parts/price/succeeded").intValue())
                .as(job.toString())
                .isEqualTo(3);
        assertThat(job.at("/result/parts/chart/succeeded").intValue()).isEqualTo(3);
        assertThat(job.at("/result/parts/info/succeeded").intValue()).isEqualTo(1);
        assertThat(job.get("failed").intValue()).isZero();

        long calls = calls(gateway);
        assertThat(calls).isPositive();
        for (var symbol : List.of("AAPL.NASD", "JPM.NYSE")) {
            assertThat(json(gateway, "/v1/bars/" + symbol + "?period=D").get("bars"))
                    .hasSize(100);
        }
        assertThat(calls(gateway)).isEqualTo(calls);
        assertThat(json(gateway, "/v1/bars/MSFT.NASD?period=D").get("bars")).hasSize(100);
        assertThat(calls(gateway)).as("a symbol that was not warmed up").isGreaterThan(calls);

        var named = warmed(gateway, "{\"symbols\":[\"AAPL.NASD\"],\"data_types\":[\"info\"]}");
        assertThat(named.get("failed").intValue()).isEqualTo(1);
        assertThat(named.at("/failures/0/code").stringValue())
                .as(named.toString())
                .isEqualTo("UNSUPPORTED_BY_SOURCE");
    }

    private JsonNode warmed(Gateway gateway, String body) {
        var started = send(HttpRequest.newBuilder(gateway.baseUri().resolve("/v1/cache/warm"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        var path = "/v1/jobs/" + mapper.readTree(started.body()).get("id").stringValue();
        return until(() -> json(gateway, path));
    }

    private JsonNode until(Supplier<JsonNode> job) {
        Await.until("the job has ended", () -> !job.get().get("ended_at").isNull());
        return job.get();
    }

    /** Requests for US days that the simulator answered. */
    private long calls(Gateway gateway) {
        var state = mapper.readTree(send(HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + gateway.simulatorPort().orElseThrow() + "/simulator/state"))
                        .build())
                .body());
        return state.get("calls").properties().stream()
                .filter(call ->
                        call.getKey().contains("overseas") && call.getKey().contains("dailyprice"))
                .mapToLong(call -> call.getValue().longValue())
                .sum();
    }

    private Gateway start(String at) {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=real", "--simulator-seed=7"),
                Map.of(),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        advanceTo(at);
        var gateway = Wiring.start(
                ((SettingsResult.Loaded) loaded).settings(),
                new SteadyClock(() -> Instant.now().plus(ahead.get()), System::nanoTime),
                new SecureRandom());
        gateways.add(gateway);
        return gateway;
    }

    /** Sets the clock of the gateway and its simulator. */
    private void advanceTo(String at) {
        ahead.set(Duration.between(Instant.now(), Instant.parse(at)));
    }

    private JsonNode json(Gateway gateway, String path) {
        return mapper.readTree(get(gateway, path).body());
    }

    private HttpResponse<String> get(Gateway gateway, String path) {
        return send(HttpRequest.newBuilder(gateway.baseUri().resolve(path)).build());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
