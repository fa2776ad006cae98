package kr.kisgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.client.DomesticCalls;
import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.batch.Batch;
import kr.kisgateway.client.batch.BatchOptions;
import kr.kisgateway.client.batch.BatchPrice;
import kr.kisgateway.client.batch.BatchResult;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code batch sdk}: the prices of all listed stocks through the SDK, from a simulator with KIS's call rate. The floor
 * is arithmetic: as many calls at 18 per second, the first 18 at once. {@code batch api}: the same by {@code POST
 * /v1/quotes/batch} from a gateway whose simulator is a process of its own with that rate.
 */
final class BatchBench implements Bench {
    private static final int ROUNDS = 5;
    private static final int CALLS_PER_SECOND = 18;
    private static final double MAX_SECONDS = 7;
    private static final String SDK = "sdk";
    private static final String API = "api";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.ROUNDS);
    }

    @Override
    public List<String> profiles() {
        return List.of(SDK, API);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        List<Symbol> stocks = Instruments.load().all().stream()
                .filter(it -> it.product() == Product.STOCK)
                .map(Instrument::symbol)
                .limit(environment.normalOrQuick(Integer.MAX_VALUE, 300))
                .toList();
        int calls = (stocks.size() + DomesticCalls.PRICES_MAX - 1) / DomesticCalls.PRICES_MAX;
        var results = new ArrayList<Result>();
        if (environment.isSelected(SDK)) results.addAll(sdk(environment, stocks, calls));
        if (environment.isSelected(API)) results.addAll(api(environment, stocks, calls));
        return results;
    }

    private static Result floor(String name, int calls) {
        return Result.of(name + ".floor", (calls - CALLS_PER_SECOND) / (double) CALLS_PER_SECOND, "s");
    }

    private static List<Result> api(BenchEnvironment environment, List<Symbol> stocks, int calls)
            throws IOException, InterruptedException {
        var body = "{\"symbols\":[\"" + stocks.stream().map(Symbol::code).collect(Collectors.joining("\",\"")) + "\"]}";
        var seconds = new ArrayList<Double>();
        var rate = String.valueOf(CALLS_PER_SECOND);
        var simulator = environment.start(environment.simulator("--ticks", "0", "--rate", rate));
        var gateway = environment.start(environment
                .gateway(simulator.simulatorPort())
                .withEnvironment("SIMULATOR_RATE_LIMIT", rate)
                .withEnvironment("KIS_WS_SYMBOLS", ""));
        long refused = 0;
        try (var http = HttpClient.newHttpClient();
                var client = GatewayClient.onPort(gateway.gatewayPort())) {
            Orders.awaitReady(client);
            for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
                // The calls of the round before, and values cached for a second, have expired then.
                BenchEnvironment.pause(Duration.ofMillis(environment.normalOrQuick(2_500, 1)));
                long startedAt = System.nanoTime();
                var answer = http.send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + gateway.gatewayPort() + "/v1/quotes/batch"))
                                .timeout(LIMIT)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
                double elapsed = (System.nanoTime() - startedAt) / 1e9;
                var last = JSON.readTree(
                        answer.body().lines().reduce((_, line) -> line).orElse("{}"));
                if (last.at("/stats/succeeded").asInt(0) != stocks.size()) {
                    throw new BenchException("Not every stock has a price: " + answer.statusCode() + " " + last);
                }
                seconds.add(elapsed);
                refused = client.get("/v1/session/status")
                        .body()
                        .at("/budget/refused_by_kis")
                        .asLong(0);
                environment.progress(
                        String.format(Locale.ROOT, "batch over the API, round %d: %.3f s", round, elapsed));
            }
        } finally {
            environment.stop(gateway);
            environment.stop(simulator);
        }
        double median = Median.of(seconds, it -> it);
        return List.of(
                Result.of("batch.api_s", median, "s")
                        .with("stocks", stocks.size())
                        .with("calls", calls)
                        .with("rounds", seconds.size())
                        .withRounds(seconds, it -> it)
                        .with("refused for the rate", refused)
                        .with(Target.atMost(MAX_SECONDS, median, "s")),
                floor("batch.api_s", calls));
    }

    private static List<Result> sdk(BenchEnvironment environment, List<Symbol> stocks, int calls)
            throws IOException, InterruptedException {
        int rounds = environment.rounds(ROUNDS);
        var seconds = new ArrayList<Double>();
        long refused = 0;
        for (int round = 1; round <= rounds; round++) {
            try (KisClient kis = Kis.connect(Map.of(), environment.folder("batch"), new KisListener() {})) {
                BatchResult<BatchPrice> result = Batch.over(kis).prices(stocks, BatchOptions.standard());
                if (!result.isComplete()) {
                    throw new BenchException(
                            "Not every stock has a price: " + result.stats().failures());
                }
                seconds.add(result.stats().took().toMillis() / 1_000.0);
                long refusedForRate = kis.budget().state().refusedByKis();
                refused += refusedForRate;
                environment.progress(String.format(
                        Locale.ROOT,
                        "batch %d of %d: %.3f s, %d refused for the rate",
                        round,
                        rounds,
                        seconds.getLast(),
                        refusedForRate));
            }
        }
        return List.of(
                Result.of("batch.prices_s", Median.of(seconds, it -> it), "s")
                        .with("stocks", stocks.size())
                        .with("calls", calls)
                        .withRounds(seconds, it -> it)
                        .with("refused for the rate", refused)
                        .with(Target.atMost(MAX_SECONDS, Median.of(seconds, it -> it), "s")),
                floor("batch.prices_s", calls));
    }
}
