package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.bench.floor.BareRouteMain;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.HttpLoad.Outcome;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.market.PriceRules;

/**
 * {@code preview}: what a person waits for before an order is placed. {@code order}: {@value #PER_SECOND} previews a second of limit
 * orders in ten stocks, each on schedule. {@code basket}: {@value #BASKETS_PER_SECOND} baskets a second of {@value #LINES} lines in
 * the same stocks, evaluated and not created.
 */
final class PreviewBench implements Bench {
    private static final String ORDER = "order";
    private static final String BASKET = "basket";
    private static final int PER_SECOND = 100;
    private static final int BASKETS_PER_SECOND = 10;
    private static final int CONNECTIONS = 8;
    private static final int STOCKS = 10;
    private static final int LINES = 100;
    private static final int ROUNDS = 5;
    private static final int WARMUPS_MAX = 15;
    private static final int WARMUP_SECONDS = 8;
    private static final double MAX_MS = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    public List<String> profiles() {
        return List.of(ORDER, BASKET);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var simulator = Orders.simulator(environment);
        var gateway = environment.start(Orders.gatewayWithSimulator(environment, simulator.simulatorPort()));
        int port = gateway.gatewayPort();
        var results = new ArrayList<Result>();
        try (var client = GatewayClient.onPort(port)) {
            Orders.awaitReady(client);
            if (environment.isSelected(ORDER)) {
                results.addAll(measure(
                        environment,
                        client,
                        port,
                        "preview.p99_ms",
                        "/v1/orders/preview",
                        lines().stream()
                                .map(line -> "{\"account_id\":\"A1\"," + line + "}")
                                .toList(),
                        PER_SECOND));
            }
            if (environment.isSelected(BASKET)) {
                String basket = "{\"kind\":\"BASKET\",\"account_id\":\"A1\",\"dry_run\":true,\"orders\":["
                        + IntStream.range(0, LINES)
                                .mapToObj(i -> "{" + lines().get(i % STOCKS) + "}")
                                .collect(Collectors.joining(","))
                        + "]}";
                results.addAll(measure(
                        environment,
                        client,
                        port,
                        "preview.basket.p99_ms",
                        "/v1/parents",
                        List.of(basket),
                        BASKETS_PER_SECOND));
            }
        }
        return results;
    }

    /** Limit buys of the stocks most traded, a tenth below yesterday's close. */
    private static List<String> lines() {
        LocalDate today = Orders.today();
        return Orders.mostTraded(STOCKS).stream()
                .map(stock -> "\"symbol\":\"" + stock.symbol().code() + "\",\"side\":\"BUY\",\"qty\":1,\"price\":"
                        + PriceRules.snapDown(stock.product(), stock.close() * 9 / 10, today))
                .toList();
    }

    /** The figure, and its floor: the same requests answered by the bare server library with as many bytes. */
    private static List<Result> measure(
            BenchEnvironment environment,
            GatewayClient client,
            int port,
            String name,
            String path,
            List<String> bodies,
            int perSecond)
            throws IOException, InterruptedException {
        int bytes = client.post(path, bodies.getFirst()).text().length();
        var bare = environment.start(environment.floor(BareRouteMain.class).withArguments(String.valueOf(bytes)));
        List<byte[]> toBare = bodies.stream()
                .map(body -> HttpLoad.post(bare.gatewayPort(), path, Map.of(), body))
                .toList();
        List<byte[]> requests = bodies.stream()
                .map(body -> HttpLoad.post(port, path, Map.of(), body))
                .toList();
        int seconds = environment.seconds(10);
        var rounds = new ArrayList<Outcome>();
        var floors = new ArrayList<Outcome>();
        try (var load = HttpLoad.connect(port, CONNECTIONS, System::nanoTime);
                var bareLoad = HttpLoad.connect(bare.gatewayPort(), CONNECTIONS, System::nanoTime)) {
            int warmup = environment.normalOrQuick(WARMUP_SECONDS, 1);
            WarmUp.untilSteady(
                    environment,
                    WARMUPS_MAX,
                    "a second, the inverse of the median of " + path + " and of the bare route",
                    () -> 1e3
                            / load(load, perSecond, warmup, requests).latency().ms(50),
                    () -> 1e3
                            / floor(bareLoad, perSecond, warmup, toBare)
                                    .latency()
                                    .ms(50));
            for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
                rounds.add(load(load, perSecond, seconds, requests));
                floors.add(floor(bareLoad, perSecond, seconds, toBare));
                environment.progress("round " + round + ": p99 "
                        + Report.format(rounds.getLast().latency().ms(99)) + " ms, bare route "
                        + Report.format(floors.getLast().latency().ms(99)) + " ms");
            }
        } finally {
            environment.stop(bare);
        }
        var floor = Median.of(floors, round -> round.latency().ms(99));
        var median = Median.of(rounds, round -> round.latency().ms(99));
        return List.of(
                Result.of(name, median.latency().ms(99), "ms")
                        .with(median.latency().percentiles())
                        .withRounds(rounds, round -> round.latency().ms(99))
                        .with("rounds", rounds.size() + " × " + seconds + " s")
                        .with("rate", Report.format(median.rate()) + "/s")
                        .with(Target.below(MAX_MS, median.latency().ms(99), "ms")),
                Result.of(name + ".floor", floor.latency().ms(99), "ms")
                        .with(floor.latency().percentiles())
                        .withRounds(floors, round -> round.latency().ms(99))
                        .with("body", bytes + " bytes"));
    }

    private static Outcome floor(HttpLoad load, int perSecond, int seconds, List<byte[]> requests) throws IOException {
        return load.run(
                        Pace.open(System.nanoTime(), perSecond, seconds),
                        n -> requests.get(n % requests.size()),
                        TIMEOUT)
                .requireAllOk("The bare route");
    }

    private static Outcome load(HttpLoad load, int perSecond, int seconds, List<byte[]> requests) throws IOException {
        return load.run(
                        Pace.open(System.nanoTime(), perSecond, seconds),
                        n -> requests.get(n % requests.size()),
                        TIMEOUT,
                        (n, due, at, answer) -> {
                            // A preview that refuses answers sooner, and with status 200 all the same.
                            String text = HttpLoad.text(answer);
                            if (!text.contains("\"ok\":true")) throw new BenchException("not a good preview: " + text);
                        })
                .requireAllOk("A preview");
    }
}
