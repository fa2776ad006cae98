package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.HttpLoad.Outcome;
import kr.kisgateway.bench.load.OrderMix;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;

/**
 * {@code parents}: how many orders are accepted while {@value #PARENTS} parent orders wait for the prices of active stocks, against
 * none; both alternately in one run of the same gateway, so that the number of orders of the day is the same for both.
 */
final class ParentsBench implements Bench {
    private static final int PARENTS = 100;
    private static final int CLIENTS = 64;
    /** Even, so that each kind comes first as often: a round is faster than the one before it while the JVM compiles. */
    private static final int ROUNDS = 4;

    private static final int WARMUPS = 6;
    private static final int WARMUP_SECONDS = 8;
    private static final double MIN_RATIO = 0.9;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> SYMBOLS =
            List.of("005930", "000660", "373220", "207940", "005380", "000270", "068270", "105560", "035420", "005490");

    private long orders;
    private int created;

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        int seconds = environment.seconds(5);
        environment.progress("profile: " + Orders.PROFILE);
        var simulator = Orders.simulator(environment);
        var gateway = environment.start(Orders.gatewayWithSimulator(environment, simulator.simulatorPort()));
        int port = gateway.gatewayPort();
        var without = new ArrayList<Outcome>();
        var with = new ArrayList<Outcome>();
        var mix = OrderMix.resting(port, "bench-" + gateway.pid(), Orders.today());
        try (var client = GatewayClient.onPort(port);
                var load = HttpLoad.connect(port, CLIENTS, System::nanoTime)) {
            Orders.awaitReady(client);
            environment.progress("warming up");
            for (int i = 0; i < environment.normalOrQuick(WARMUPS, 1); i++) {
                place(load, mix, environment.normalOrQuick(WARMUP_SECONDS, 1));
                Orders.drain(client, environment);
            }
            for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
                // Which comes first alternates: the later one has more orders of the day.
                for (boolean active : round % 2 == 0 ? List.of(true, false) : List.of(false, true)) {
                    List<String> parents = active ? create(client) : List.of();
                    (active ? with : without).add(place(load, mix, seconds));
                    cancel(client, parents);
                    Orders.drain(client, environment);
                }
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d: %,.0f orders/s with %d active parent orders, %,.0f without",
                        round,
                        with.getLast().rate(),
                        PARENTS,
                        without.getLast().rate()));
            }
        }
        double rate = mean(with);
        double bare = mean(without);
        return List.of(
                Result.of("parents.order_rate", rate, "orders/s")
                        .with("active parent orders", PARENTS)
                        .with("clients", CLIENTS)
                        .with("rounds", with.size() + " × " + seconds + " s each, alternately; the mean")
                        .with(Target.atLeast(MIN_RATIO, rate / bare, "of the rate without any")),
                Result.of("parents.order_rate.floor", bare, "orders/s").with("active parent orders", 0));
    }

    private static double mean(List<Outcome> rounds) {
        return rounds.stream().mapToDouble(Outcome::rate).average().orElseThrow();
    }

    private Outcome place(HttpLoad load, OrderMix mix, int seconds) throws IOException {
        return load.run(Pace.closed(System.nanoTime() + seconds * 1_000_000_000L), _ -> mix.request(orders++), TIMEOUT)
                .requireAllOk("POST /v1/orders");
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
            if (!answer.ok()) throw new BenchException("No parent order was created: " + answer);
            ids.add(answer.body().path("parent_id").asString(""));
        }
        return ids;
    }

    private static void cancel(GatewayClient client, List<String> parents) {
        for (String id : parents) {
            var answer = client.post("/v1/parents/" + id + "/cancel", "{}");
            if (!answer.ok()) throw new BenchException("A parent order ended during the measurement: " + answer);
        }
    }
}
