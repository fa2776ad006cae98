package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import kr.kisgateway.bench.floor.BareRouteMain;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.Latency;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;

/**
 * {@code quote cached}: answers from memory, {@value #PER_SECOND} requests per second, each at its scheduled time
 * regardless of earlier answers: a request that had to wait counts from its scheduled time. The kinds alternate.
 * Answers are cached for an hour here, so that no request fetches; the figure is about answering.
 */
final class CachedAnswers {
    static final String PROFILE = "cached";

    private static final int PER_SECOND = 1_000;
    private static final int CONNECTIONS = 64;
    private static final int ROUNDS = 5;
    private static final int SECONDS = 10;
    private static final int WARMUP_SECONDS = 15;
    private static final double MAX_MS = 10;
    /** As an answer of the smaller kinds. */
    private static final int FLOOR_BYTES = 500;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Kinds of requests by their display name. */
    private static final Map<String, String> KINDS = kinds();

    private CachedAnswers() {}

    static List<Result> measure(BenchEnvironment environment) throws IOException, InterruptedException {
        int seconds = environment.seconds(SECONDS);
        var gateway = environment.start(environment
                .gateway()
                .withEnvironment("KIS_WS_SYMBOLS", "005930")
                .withEnvironment("KIS_CACHE_TTL_RANKING", "1h")
                .withEnvironment("KIS_CACHE_TTL_INDEX", "1h")
                .withEnvironment("KIS_CACHE_TTL_INVESTORS", "1h")
                .withEnvironment("KIS_CACHE_TTL_NAV", "1h"));
        var bare = environment.start(environment.floor(BareRouteMain.class).withArguments(String.valueOf(FLOOR_BYTES)));
        try {
            QuoteBench.awaitPushed(gateway.gatewayPort());
            requestEach(gateway.gatewayPort());
            var rounds = new ArrayList<Latency>();
            var floors = new ArrayList<Latency>();
            var kinds = new ArrayList<Map<String, Latency>>();
            try (var client = GatewayClient.onPort(gateway.gatewayPort());
                    var load = HttpLoad.connect(gateway.gatewayPort(), CONNECTIONS, System::nanoTime);
                    var toBare = HttpLoad.connect(bare.gatewayPort(), CONNECTIONS, System::nanoTime)) {
                int warmup = environment.normalOrQuick(WARMUP_SECONDS, 1);
                environment.progress("cached: warming up, " + warmup + " s each");
                run(load, gateway.gatewayPort(), warmup, new LinkedHashMap<>());
                floor(toBare, bare.gatewayPort(), warmup);
                long calls = misses(client);
                for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
                    var byKind = new LinkedHashMap<String, Latency>();
                    rounds.add(run(load, gateway.gatewayPort(), seconds, byKind));
                    kinds.add(byKind);
                    floors.add(floor(toBare, bare.gatewayPort(), seconds));
                    environment.progress(String.format(
                            Locale.ROOT,
                            "cached, round %d: p50 %.2f ms, p99 %.2f ms; bare route %.2f and %.2f",
                            round,
                            rounds.getLast().ms(50),
                            rounds.getLast().ms(99),
                            floors.getLast().ms(50),
                            floors.getLast().ms(99)));
                }
                if (misses(client) > calls) {
                    throw new BenchException("Not every answer came from memory: "
                            + client.get("/v1/metrics/quote").body().path("caches"));
                }
            }
            var median = Median.of(rounds, latency -> latency.ms(99));
            var result = Result.of("quote.cached.p99_ms", median.ms(99), "ms")
                    .with(median.percentiles())
                    .withRounds(rounds, latency -> latency.ms(99))
                    .with("rate", PER_SECOND + "/s on schedule, " + CONNECTIONS + " connections")
                    .with("rounds", rounds.size() + " × " + seconds + " s");
            for (var kind : kinds.get(rounds.indexOf(median)).entrySet()) {
                result = result.with(
                        "p99 of " + kind.getKey(), Report.format(kind.getValue().ms(99)) + " ms");
            }
            var floor = Median.of(floors, latency -> latency.ms(99));
            return List.of(
                    result.with(Target.below(MAX_MS, median.ms(99), "ms")),
                    Result.of("quote.cached.p99_ms.floor", floor.ms(99), "ms")
                            .with(floor.percentiles())
                            .withRounds(floors, latency -> latency.ms(99))
                            .with("route", "one, of the server library alone, " + FLOOR_BYTES + " bytes"));
        } finally {
            environment.stop(bare);
            environment.stop(gateway);
        }
    }

    private static Latency floor(HttpLoad load, int port, int seconds) throws IOException {
        var request = HttpLoad.get(port, "/v1/quotes/005930");
        return load.run(Pace.open(System.nanoTime(), PER_SECOND, seconds), _ -> request, TIMEOUT)
                .requireAllOk("The bare route")
                .latency();
    }

    private static Latency run(HttpLoad load, int port, int seconds, Map<String, Latency> byKind) throws IOException {
        var names = List.copyOf(KINDS.keySet());
        var requests =
                KINDS.values().stream().map(path -> HttpLoad.get(port, path)).toList();
        names.forEach(name -> byKind.put(name, new Latency()));
        return load.run(
                        Pace.open(System.nanoTime(), PER_SECOND, seconds),
                        n -> requests.get(n % requests.size()),
                        TIMEOUT,
                        (n, dueNanos, at, answer) -> byKind.computeIfAbsent(
                                        names.get(n % names.size()), _ -> new Latency())
                                .record(at - dueNanos))
                .requireAllOk("A cached answer")
                .latency();
    }

    /** Fills the caches. */
    private static void requestEach(int port) throws InterruptedException {
        try (var client = GatewayClient.onPort(port)) {
            for (var path : KINDS.values()) {
                var answer = client.get(path);
                for (int i = 0; i < 100 && !answer.ok(); i++) {
                    BenchEnvironment.pause(Duration.ofMillis(100));
                    answer = client.get(path);
                }
                if (!answer.ok()) throw new BenchException(path + " was answered " + answer);
            }
        }
    }

    /** Answers of these caches that did not come from memory. */
    private static long misses(GatewayClient client) {
        var caches = client.get("/v1/metrics/quote").body().path("caches");
        return List.of("ranking", "index", "investors", "nav", "bars_days").stream()
                .collect(Collectors.summingLong(
                        name -> caches.path(name).path("calls").asLong(0)));
    }

    private static Map<String, String> kinds() {
        var kinds = new LinkedHashMap<String, String>();
        kinds.put("quote", "/v1/quotes/005930");
        kinds.put("instrument", "/v1/instruments/005930");
        kinds.put("ranking", "/v1/rankings/volume");
        kinds.put("index", "/v1/indices/0001");
        kinds.put("investors", "/v1/investors/005930");
        kinds.put("NAV", "/v1/etf/069500/nav");
        kinds.put("bars", "/v1/bars/005930?period=D&to=2026-01-30&limit=100");
        return kinds;
    }
}
