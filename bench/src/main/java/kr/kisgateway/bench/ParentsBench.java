package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.OrderMix;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.load.StreamLoad;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;

/**
 * {@code parents}: how many orders are accepted while {@value #PARENTS} parent orders wait for the prices of ten active stocks, against
 * none while the same prices arrive; both alternately in one run of the same gateway, so that the number of orders of the day is the
 * same for both.
 */
final class ParentsBench implements Bench {
    private static final int PARENTS = 100;
    private static final int CLIENTS = 64;
    /** Even, so that each kind comes first as often: a round is faster than the one before it while the JVM compiles. */
    private static final int ROUNDS = 6;

    private static final int WARMUPS_MAX = 8;
    private static final int WARMUP_SECONDS = 4;
    private static final double MIN_RATIO = 0.9;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> SYMBOLS = StreamLoad.STOCKS.subList(0, 10);

    private long orders;
    private int created;

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        int seconds = environment.seconds(5);
        environment.progress("profile: " + Orders.PROFILE);
        var simulator = Orders.simulator(environment);
        var gateway = environment.start(Orders.gatewayWithSimulator(environment, simulator.simulatorPort()));
        int port = gateway.gatewayPort();
        var prices = new ArrayList<Double>();
        var parents = new ArrayList<Double>();
        var mix = OrderMix.resting(port, "bench-" + gateway.pid(), Orders.today());
        try (var client = GatewayClient.onPort(port);
                var load = HttpLoad.connect(port, CLIENTS, System::nanoTime)) {
            Orders.awaitReady(client);
            int warmup = environment.normalOrQuick(WARMUP_SECONDS, 1);
            SYMBOLS.forEach(symbol -> requireOk("No price", client.get("/v1/quotes/" + symbol)));
            WarmUp.untilSteady(
                    environment,
                    WARMUPS_MAX,
                    "orders/s with active parent orders and without",
                    () -> round(environment, client, load, mix, warmup, true),
                    () -> round(environment, client, load, mix, warmup, false));
            for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
                // Which comes first alternates: the later one has more orders of the day.
                for (boolean active : round % 2 == 0 ? List.of(true, false) : List.of(false, true)) {
                    (active ? parents : prices).add(round(environment, client, load, mix, seconds, active));
                }
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d: %,.0f orders/s with %d active parent orders, %,.0f with their prices alone",
                        round,
                        parents.getLast(),
                        PARENTS,
                        prices.getLast()));
            }
        }
        double rate = mean(parents);
        double pricesAlone = mean(prices);
        return List.of(
                Result.of("parents.order_rate", rate, "orders/s")
                        .with("active parent orders", PARENTS)
                        .withRounds(parents, it -> it)
                        .with("clients", CLIENTS)
                        .with("rounds", parents.size() + " × " + seconds + " s each, alternately; the mean")
                        .with(Target.atLeast(
                                MIN_RATIO, rate / pricesAlone, "of the rate with the same prices and none")),
                Result.of("parents.order_rate.floor", pricesAlone, "orders/s")
                        .with("active parent orders", "0, the same prices")
                        .withRounds(prices, it -> it));
    }

    private static void requireOk(String otherwise, Answer answer) {
        if (!answer.ok()) throw new BenchException(otherwise + ": " + answer);
    }

    private static double mean(List<Double> rates) {
        return rates.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** The accepted orders a second; all are sent when it ends. */
    private double round(
            BenchEnvironment environment,
            GatewayClient client,
            HttpLoad load,
            OrderMix mix,
            int seconds,
            boolean active)
            throws IOException, InterruptedException {
        List<String> ids = active ? create(client) : List.of();
        double rate = place(load, mix, seconds);
        cancel(client, ids);
        Orders.drain(client, environment);
        return rate;
    }

    private double place(HttpLoad load, OrderMix mix, int seconds) throws IOException {
        return load.run(Pace.closed(System.nanoTime() + seconds * 1_000_000_000L), _ -> mix.request(orders++), TIMEOUT)
                .requireAllOk("POST /v1/orders")
                .rate();
    }

    /** Trailing stops so far from the price that none is reached: each trade of their stocks is compared with all of its own. */
    private List<String> create(GatewayClient client) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < PARENTS; i++) {
            var answer = client.post(
                    "/v1/parents",
                    "{\"kind\":\"TRAILING_STOP\",\"order\":{\"account_id\":\"A1\",\"symbol\":\""
                            + SYMBOLS.get(i % SYMBOLS.size())
                            + "\",\"side\":\"BUY\",\"qty\":1},\"trail\":{\"percent\":50}}",
                    "parents-" + ++created);
            requireOk("No parent order was created", answer);
            ids.add(answer.body().path("parent_id").asString(""));
        }
        return ids;
    }

    private static void cancel(GatewayClient client, List<String> parents) {
        for (String id : parents) {
            var answer = client.post("/v1/parents/" + id + "/cancel", "{}");
            requireOk("A parent order ended during the measurement", answer);
        }
    }
}
