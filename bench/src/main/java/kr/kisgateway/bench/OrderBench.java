package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.bench.floor.GroupedInserts;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.HttpLoad.Outcome;
import kr.kisgateway.bench.load.Latency;
import kr.kisgateway.bench.load.OrderMix;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code order}: the targets of orders.
 *
 * <ul>
 * <li>POST /v1/orders until the answer, which is sent when the order is durable: {@value #PER_SECOND} per second,
 * latency counted from each one's scheduled time, with the 25,000 to 50,000 resting orders that this creates; then as
 * many as {@value #CLIENTS} waiting clients can place. Dispatching runs all the while; between the rounds it gets the
 * time to send the queued orders. Processor time, allocation, heap and disk of an order come from the same rounds.
 * <li>the way to KIS and the way of a fill back ({@link OrderPath});
 * <li>the start on a long journal ({@link OrderRestart}).
 * </ul>
 *
 * <p>The simulator is a process of its own whose disk costs nothing. A second, shorter part has it inside the gateway,
 * as {@code ./kis run} does.
 */
final class OrderBench implements Bench {
    private static final int PER_SECOND = 1_000;
    private static final int CLIENTS = 64;
    private static final int ROUNDS = 5;
    private static final double RATE = 8_000;
    private static final double P99_MS = 5;
    private static final double P999_MS = 20;
    private static final double ALLOCATED_KB = 15;
    private static final double KEPT_BYTES = 600;
    private static final int KEPT_ORDERS_MIN = 10_000;
    private static final int HEAP_SAMPLES = 8;
    private static final int FLOOR_SECONDS = 2;
    /** Long and slow: the compiler needs time beside the orders, and each of them rests to the end. */
    private static final int WARMUP_SECONDS = 75;

    private static final int WARMUP_PER_SECOND = 350;
    private static final int FULL_WARMUP_SECONDS = 5;

    /** Results of one kind of set-up. */
    private static final class Rounds {
        final List<Outcome> open = new ArrayList<>();
        final List<Outcome> closed = new ArrayList<>();
        /** The middle slice of each round at full load. */
        final List<Double> full = new ArrayList<>();

        final List<Double> grouped = new ArrayList<>();
        final List<Latency> single = new ArrayList<>();
        long orders;
        double cpu;
        double allocated;
        double kept;
        /** The orders that {@link #kept} is an average of. */
        long keptOf;

        double written;
        double diskBytes;
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        int seconds = environment.seconds(5);
        environment.progress("profile: " + Orders.PROFILE);
        var results = new ArrayList<Result>();
        try {
            environment.progress("the simulator is a process of its own");
            var simulator = Orders.simulator(environment);
            results.addAll(acceptanceResults(measureBesideSimulator(environment, simulator, seconds), seconds));
            environment.stop(simulator);
            var emptySimulator = Orders.simulator(environment);
            results.addAll(OrderPath.measure(environment, emptySimulator.simulatorPort(), seconds, OrderPath.CALM));
            results.addAll(OrderRestart.measure(environment, emptySimulator.simulatorPort()));
            environment.stop(emptySimulator);
            var anotherSimulator = Orders.simulator(environment);
            results.addAll(OrderPath.measure(environment, anotherSimulator.simulatorPort(), seconds, OrderPath.GOAL));
            environment.stop(anotherSimulator);
            environment.progress("the simulator is inside the gateway, as ./kis run has it");
            results.addAll(embeddedResults(
                    rounds(
                            environment,
                            environment.start(Orders.gateway(environment)),
                            seconds,
                            environment.rounds(ROUNDS)),
                    seconds));
        } catch (SQLException e) {
            throw new BenchException("A database failed: " + e.getMessage(), e);
        }
        return results;
    }

    private static Rounds measureBesideSimulator(BenchEnvironment environment, LocalProgram simulator, int seconds)
            throws IOException, InterruptedException, SQLException {
        var gateway = environment.start(Orders.gatewayWithSimulator(environment, simulator.simulatorPort()));
        long before = bytes(gateway.dataDirectory());
        var rounds = rounds(environment, gateway, seconds, environment.rounds(ROUNDS));
        var data = gateway.dataDirectory();
        if (gateway.stop(Duration.ofSeconds(30)).isEmpty()) throw new BenchException("The gateway did not stop");
        rounds.diskBytes = (double) (bytes(data) - before) / rounds.orders;
        environment.stop(gateway);
        return rounds;
    }

    private static Rounds rounds(BenchEnvironment environment, LocalProgram gateway, int seconds, int count)
            throws IOException, InterruptedException, SQLException {
        var rounds = new Rounds();
        var mix = OrderMix.resting(gateway.gatewayPort(), "bench-" + gateway.pid(), Orders.today());
        try (var client = GatewayClient.onPort(gateway.gatewayPort());
                var probe = JvmProbe.of(gateway);
                var load = HttpLoad.connect(gateway.gatewayPort(), CLIENTS, System::nanoTime);
                var inserts = GroupedInserts.open(environment.folder("store").resolve("floor.db"))) {
            Orders.awaitReady(client);
            int warmup = environment.normalOrQuick(WARMUP_SECONDS, 5);
            environment.progress("warming up, " + warmup + " s; " + mix.distinctCount() + " different orders");
            for (int second = 0; second < warmup; second++) {
                // A slow machine sends fewer than it accepts: what finds no free connection to KIS in time counts as a
                // failure of KIS, and the gateway would pause its orders.
                load(environment, client, load, Pace.open(System.nanoTime(), WARMUP_PER_SECOND, 1), mix, rounds);
            }
            inserts.ordersPerSecond(1, System::nanoTime);
            long warm = rounds.orders;
            long live = settledHeap(probe);
            double cpu = BenchEnvironment.cpuSeconds(gateway);
            long allocated = probe.allocated();
            long written = JvmProbe.written(gateway);
            for (int round = 1; round <= count; round++) {
                rounds.single.add(inserts.singleCommits(FLOOR_SECONDS, System::nanoTime));
                rounds.open.add(load(
                        environment, client, load, Pace.open(System.nanoTime(), PER_SECOND, seconds), mix, rounds));
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d of %d: p99 %.2f ms at %,d/s (one commit %.2f ms), %,d orders of today",
                        round,
                        count,
                        rounds.open.getLast().latency().ms(99),
                        PER_SECOND,
                        rounds.single.getLast().ms(99),
                        rounds.orders));
            }
            double cpuBefore = BenchEnvironment.cpuSeconds(gateway);
            long allocatedBefore = probe.allocated();
            long writtenBefore = JvmProbe.written(gateway);
            rounds.keptOf = rounds.orders - warm;
            rounds.kept = (double) (settledHeap(probe) - live) / rounds.keptOf;
            // The collections are no order's, and what happens in the seconds between them.
            cpu += BenchEnvironment.cpuSeconds(gateway) - cpuBefore;
            allocated += probe.allocated() - allocatedBefore;
            written += JvmProbe.written(gateway) - writtenBefore;
            // The maximum load comes last: it queues more on one day than any user has.
            runAtFullLoad(load, client, environment, mix, rounds, FULL_WARMUP_SECONDS);
            for (int round = 1; round <= count; round++) {
                rounds.grouped.add(inserts.ordersPerSecond(FLOOR_SECONDS, System::nanoTime));
                var slices = runAtFullLoad(load, client, environment, mix, rounds, seconds);
                rounds.closed.addAll(slices);
                rounds.full.add(Median.value(slices, Outcome::rate));
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d of %d: at most %,.0f/s (inserts %,.0f/s)",
                        round,
                        count,
                        rounds.closed.getLast().rate(),
                        rounds.grouped.getLast()));
            }
            double measured = rounds.orders - warm;
            rounds.cpu = (BenchEnvironment.cpuSeconds(gateway) - cpu) / measured;
            rounds.allocated = (probe.allocated() - allocated) / measured;
            rounds.written = (JvmProbe.written(gateway) - written) / measured;
            var metrics = Orders.metrics(client);
            if (metrics.path("rejected").asLong() + metrics.path("unknown").asLong() > 0) {
                throw new BenchException("Orders were refused or lost: " + metrics);
            }
            return rounds;
        }
    }

    /**
     * As many orders as the clients can place, in slices of a second. Queued orders are sent between the slices: more
     * than a few thousand would not all get one of the connections to KIS in time, which no real limit of KIS allows.
     */
    private static List<Outcome> runAtFullLoad(
            HttpLoad load, GatewayClient client, BenchEnvironment environment, OrderMix mix, Rounds rounds, int seconds)
            throws IOException, InterruptedException {
        var slices = new ArrayList<Outcome>();
        for (int slice = 0; slice < seconds; slice++) {
            slices.add(load(environment, client, load, Pace.closed(System.nanoTime() + 1_000_000_000L), mix, rounds));
        }
        return slices;
    }

    private static Outcome load(
            BenchEnvironment environment, GatewayClient client, HttpLoad load, Pace pace, OrderMix mix, Rounds rounds)
            throws IOException, InterruptedException {
        return Orders.place(environment, client, load, pace, _ -> mix.request(rounds.orders++));
    }

    private static long bytes(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            long sum = 0;
            for (var file : files.filter(f -> f.getFileName().toString().startsWith("journal.db"))
                    .toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    private static List<Result> acceptanceResults(Rounds rounds, int seconds) {
        var calm = Median.of(rounds.open, round -> round.latency().ms(99));
        var busy = Median.of(rounds.closed, Outcome::rate);
        var single = Median.of(rounds.single, latency -> latency.ms(99));
        return List.of(
                Result.of("order.rate", busy.rate(), "orders/s")
                        .with("clients", CLIENTS)
                        .withRounds(rounds.full, rate -> rate)
                        .with(Target.atLeast(RATE, busy.rate(), "orders/s"))
                        .with("rounds", rounds.closed.size() + " × 1 s")
                        .with("profile", Orders.PROFILE)
                        .with("orders in all", rounds.orders),
                Result.of("order.rate.floor", Median.of(rounds.grouped, rate -> rate), "orders/s")
                        .withRounds(rounds.grouped, rate -> rate)
                        .with("store", "SQLite WAL FULL, 3 + 2 rows an order, groups of " + GroupedInserts.GROUP),
                Result.of("order.p99_ms", calm.latency().ms(99), "ms")
                        .with(calm.latency().percentiles())
                        .withRounds(rounds.open, round -> round.latency().ms(99))
                        .with(Target.atMost(P99_MS, calm.latency().ms(99), "ms"))
                        .with(Target.atMost(P999_MS, calm.latency().ms(99.9), "ms in 999 of 1,000"))
                        .with("load", PER_SECOND + "/s from when each was meant to go")
                        .with("rounds", rounds.open.size() + " × " + seconds + " s")
                        .with("p99 of the rounds", p99s(rounds.open))
                        .with(
                                "generator late (p99)",
                                Report.format(calm.lateness().ms(99)) + " ms"),
                Result.of("order.p99_ms.floor", single.ms(99), "ms")
                        .with(single.percentiles())
                        .withRounds(rounds.single, latency -> latency.ms(99))
                        .with("store", "one durable commit of one order, nothing else running"),
                Result.of("order.busy.p99_ms", busy.latency().ms(99), "ms")
                        .with(busy.latency().percentiles())
                        .with("load", CLIENTS + " clients, always waiting"),
                Result.of("order.cpu_us", 1e6 * rounds.cpu, "µs an order")
                        .with("of", "the gateway's process, dispatching and reading the list included"),
                Result.of("order.allocated_kb", rounds.allocated / 1e3, "kB an order")
                        .with(Target.atMost(ALLOCATED_KB, rounds.allocated / 1e3, "kB an order"))
                        .with("of", "the gateway's process, dispatching and reading the list included"),
                kept(rounds),
                Result.of("order.disk_bytes", rounds.diskBytes, "bytes stored")
                        .with("what", "growth of the journal's file for an order: accepted, sent, taken"),
                Result.of("order.written_kb", rounds.written / 1e3, "kB an order")
                        .with("what", "written to the disk for that, log and file"));
    }

    /** Of some collections the one that leaves least: the gateway reads the day's list every five seconds, and its rows are live until then. */
    private static long settledHeap(JvmProbe probe) throws InterruptedException {
        long least = probe.liveHeap();
        for (int i = 1; i < HEAP_SAMPLES; i++) {
            BenchEnvironment.pause(Duration.ofSeconds(1));
            least = Math.min(least, probe.liveHeap());
        }
        return least;
    }

    /** Of few orders it is less than what else changes in the heap: then it is no measurement, and meets no target. */
    private static Result kept(Rounds rounds) {
        var result = Result.of("order.kept_bytes", rounds.kept, "bytes of heap")
                .with("of", "a resting order, live objects after a collection")
                .with("orders", rounds.keptOf);
        return rounds.keptOf < KEPT_ORDERS_MIN
                ? result.with("not compared", "fewer than " + KEPT_ORDERS_MIN + " orders")
                : result.with(Target.atMost(KEPT_BYTES, rounds.kept, "bytes"));
    }

    private static List<Result> embeddedResults(Rounds rounds, int seconds) {
        var calm = Median.of(rounds.open, round -> round.latency().ms(99));
        var busy = Median.of(rounds.closed, Outcome::rate);
        var single = Median.of(rounds.single, latency -> latency.ms(99));
        return List.of(
                Result.of("order.embedded.rate", busy.rate(), "orders/s")
                        .withRounds(rounds.full, rate -> rate)
                        .with("rounds", rounds.closed.size() + " × 1 s")
                        .with("simulator", "inside, its file on the same disk")
                        .with("CPU an order", Report.format(1e6 * rounds.cpu) + " µs, simulator included"),
                Result.of("order.embedded.rate.floor", Median.of(rounds.grouped, rate -> rate), "orders/s")
                        .withRounds(rounds.grouped, rate -> rate),
                Result.of("order.embedded.p99_ms", calm.latency().ms(99), "ms")
                        .withRounds(rounds.open, round -> round.latency().ms(99))
                        .with(calm.latency().percentiles())
                        .with("p99 of the rounds", p99s(rounds.open)),
                Result.of("order.embedded.p99_ms.floor", single.ms(99), "ms")
                        .with(single.percentiles())
                        .withRounds(rounds.single, latency -> latency.ms(99)));
    }

    private static String p99s(List<Outcome> rounds) {
        return String.join(
                ", ",
                rounds.stream()
                        .map(round -> Report.format(round.latency().ms(99)))
                        .toList());
    }
}
