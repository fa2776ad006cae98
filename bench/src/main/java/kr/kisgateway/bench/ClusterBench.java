package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import kr.kisgateway.bench.floor.GroupedInserts;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.HttpLoad.Outcome;
import kr.kisgateway.bench.load.OrderMix;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.programs.PostgresServer;

/**
 * {@code cluster}: orders whose journal is in PostgreSQL, answered when they are durable there, with bare grouped inserts into the
 * same server beside it, and the same load with a journal of files.
 */
final class ClusterBench implements Bench {
    private static final int CLIENTS = 64;
    private static final int ROUNDS = 5;
    private static final double ORDERS_PER_SECOND = 3_000;
    private static final int FLOOR_SECONDS = 2;
    private static final int WARMUP_SECONDS = 25;
    /** Slices of a second at full load, until the JVM has compiled most of what an order needs: the rate doubles meanwhile. */
    private static final int FULL_WARMUP_SECONDS = 25;

    private static final int PER_SECOND = 1_000;
    private static final String ACCOUNT = "50123456-01";

    /** Trades per second to each client, as the smallest and the largest regular load of {@code stream}. */
    private static final int EDGE_TICKS = 1_000;

    private static final int EDGE_FAST_TICKS = 5_000;

    private long orders;

    private static final String ORDERS = "orders";
    private static final String EDGE = "edge";
    private static final String EDGE_FAST = "edge-fast";
    private static final String STREAMS = "streams";

    @Override
    public List<String> profiles() {
        return List.of(ORDERS, EDGE, EDGE_FAST, STREAMS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        if (environment.isSelected(ORDERS)) results.addAll(orders(environment));
        if (environment.isSelected(EDGE)) results.addAll(new EdgeRounds(environment, EDGE_TICKS).run());
        if (environment.isSelected(EDGE_FAST)) results.addAll(new EdgeRounds(environment, EDGE_FAST_TICKS).run());
        if (environment.isSelected(STREAMS)) results.addAll(new ManyStreams(environment).run());
        return results;
    }

    /**
     * A gateway of a cluster.
     *
     * @param config the folder of the keys, which all gateways of a cluster share
     */
    static Launch node(
            BenchEnvironment environment,
            LocalProgram simulator,
            String database,
            Path config,
            String name,
            String role)
            throws IOException {
        return environment
                .gateway(simulator.simulatorPort())
                .withEnvironment("SIMULATOR_RATE_LIMIT", "1000")
                .withEnvironment("GATEWAY_CONFIG_DIR", config.toString())
                .withEnvironment("KIS_WS_SYMBOLS", "")
                .withEnvironment("GATEWAY_PORT", Integer.toString(FreePort.find()))
                .withEnvironment("DATABASE_URL", database)
                .withEnvironment("CLUSTER_NODE", name)
                .withEnvironment("CLUSTER_ROLE", role)
                .withEnvironment("KIS_APP_KEY", "bench-app-key-of-a-cluster-0123456789")
                .withEnvironment("KIS_APP_SECRET", "b".repeat(180))
                .withEnvironment("KIS_HTS_ID", "bench")
                .withEnvironment("KIS_ACCOUNT_NO", ACCOUNT);
    }

    private List<Result> orders(BenchEnvironment environment) throws IOException, InterruptedException {
        int seconds = environment.seconds(5);
        var simulator = Orders.simulator(environment);
        var postgres = new ArrayList<Outcome>();
        var files = new ArrayList<Outcome>();
        // The middle slice of each round.
        var full = new ArrayList<Double>();
        var floor = new ArrayList<Double>();
        try (var server = PostgresServer.start(environment.folder("postgres"));
                var inserts = GroupedInserts.openPostgres(jdbc(server.newDatabase()))) {
            var owner = environment.start(Orders.gatewayWithSimulator(environment, simulator.simulatorPort())
                    .withEnvironment("DATABASE_URL", server.newDatabase())
                    .withEnvironment("CLUSTER_NODE", "bench")
                    .withEnvironment("KIS_APP_KEY", "bench-app-key-of-a-cluster-0123456789")
                    .withEnvironment("KIS_APP_SECRET", "b".repeat(180))
                    .withEnvironment("KIS_HTS_ID", "bench")
                    .withEnvironment("KIS_ACCOUNT_NO", ACCOUNT));
            var single = environment.start(Orders.gatewayWithSimulator(environment, simulator.simulatorPort()));
            environment.progress("warming up, " + 2 * WARMUP_SECONDS + " s at " + PER_SECOND + "/s, then at full load");
            for (var gateway : List.of(owner, single)) {
                load(
                        environment,
                        gateway,
                        WARMUP_SECONDS,
                        () -> Pace.open(System.nanoTime(), PER_SECOND, 1),
                        new ArrayList<>());
                var warmup = new ArrayList<Outcome>();
                load(environment, gateway, FULL_WARMUP_SECONDS, ClusterBench::fullLoad, warmup);
                environment.progress(String.format(
                        Locale.ROOT,
                        "full load: %,.0f orders/s in the first second, %,.0f in the last",
                        warmup.getFirst().rate(),
                        warmup.getLast().rate()));
            }
            inserts.ordersPerSecond(1, System::nanoTime);
            int count = environment.rounds(ROUNDS);
            for (int round = 1; round <= count; round++) {
                floor.add(inserts.ordersPerSecond(FLOOR_SECONDS, System::nanoTime));
                var slices = new ArrayList<Outcome>();
                load(environment, owner, seconds, ClusterBench::fullLoad, slices);
                postgres.addAll(slices);
                full.add(Median.value(slices, Outcome::rate));
                load(environment, single, seconds, ClusterBench::fullLoad, files);
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d of %d: %,.0f orders/s in PostgreSQL (inserts %,.0f/s), %,.0f/s in files",
                        round,
                        count,
                        postgres.getLast().rate(),
                        floor.getLast(),
                        files.getLast().rate()));
            }
            environment.stop(owner);
            environment.stop(single);
        } catch (SQLException e) {
            throw new BenchException("A database failed: " + e.getMessage(), e);
        }
        environment.stop(simulator);
        var rate = Median.of(postgres, Outcome::rate);
        return List.of(
                Result.of("cluster.order_rate", rate.rate(), "orders/s")
                        .with("clients", CLIENTS)
                        .withRounds(full, it -> it)
                        .with(Target.atLeast(ORDERS_PER_SECOND, rate.rate(), "orders/s"))
                        .with("rounds", postgres.size() + " × 1 s")
                        .with("profile", Orders.PROFILE + ", lease 10 s"),
                Result.of("cluster.order_rate.floor", Median.of(floor, it -> it), "orders/s")
                        .withRounds(floor, it -> it)
                        .with(
                                "store",
                                "PostgreSQL, fsync and synchronous_commit on, 3 + 2 rows an order, groups of "
                                        + GroupedInserts.GROUP),
                Result.of("cluster.order_rate.files", Median.value(files, Outcome::rate), "orders/s")
                        .withRounds(files, Outcome::rate)
                        .with("store", "the same load, journal in SQLite"));
    }

    private static String jdbc(String url) {
        return "jdbc:postgresql://" + url.substring(url.indexOf('@') + 1) + "?user=postgres&password=postgres";
    }

    private static Pace fullLoad() {
        return Pace.closed(System.nanoTime() + 1_000_000_000L);
    }

    /** Slices of a second at a pace; what is queued is sent between them. */
    private void load(
            BenchEnvironment environment,
            LocalProgram gateway,
            int seconds,
            Supplier<Pace> pace,
            List<Outcome> outcomes)
            throws IOException, InterruptedException {
        var mix = OrderMix.resting(gateway.gatewayPort(), "bench-" + gateway.pid(), Orders.today());
        try (var client = GatewayClient.onPort(gateway.gatewayPort());
                var load = HttpLoad.connect(gateway.gatewayPort(), CLIENTS, System::nanoTime)) {
            Orders.awaitReady(client);
            for (int slice = 0; slice < seconds; slice++) {
                outcomes.add(Orders.place(environment, client, load, pace.get(), _ -> mix.request(orders++)));
            }
        }
    }
}
