package kr.kisgateway.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.bench.floor.GroupedInserts;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.HttpLoad.Outcome;
import kr.kisgateway.bench.load.Latency;
import kr.kisgateway.bench.load.OrderMix;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;

/**
 * {@code order}: POST /v1/orders until the answer, which comes when the order is durable. First {@value #PER_SECOND} a
 * second, latency counted from when each was meant to go; then as many as {@value #CLIENTS} waiting clients can place.
 * Dispatching runs all the while; between the rounds it gets the time to send what piled up.
 */
final class OrderBench implements Bench {
    private static final int PER_SECOND = 1_000;
    private static final int CLIENTS = 64;
    private static final int ROUNDS = 3;
    private static final int FLOOR_SECONDS = 2;
    private static final int WARMUP_SECONDS = 5;
    private static final int RATE_LIMIT = 50_000;
    private static final String DISPATCH_BY = "10m";

    /** A hundred thousand resting orders of one day are ten times what the gateway allows by default. */
    private static final String HEAP = "-Xms1g -Xmx1g";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration DRAIN = Duration.ofMinutes(2);

    private long orders;

    @Override
    public List<Result> run(Workshop workshop) throws IOException, InterruptedException {
        int seconds = workshop.seconds(5);
        workshop.progress("profile: SIMULATOR_RATE_LIMIT=" + RATE_LIMIT + " calls/s, dispatch_by " + DISPATCH_BY
                + ", no daily limit in reach, " + HEAP);
        var gateway = workshop.start(workshop.gateway()
                .withJvmFlags(HEAP.split(" "))
                .withEnvironment("SIMULATOR_RATE_LIMIT", String.valueOf(RATE_LIMIT))
                .withEnvironment("RISK_DAILY_ORDERS", "100000000")
                .withEnvironment("ORDER_DISPATCH_BY_LIMIT", DISPATCH_BY)
                .withEnvironment("KIS_API_QUEUE_TIMEOUT", DISPATCH_BY));
        var clock = InstantSource.system();
        var mix = new OrderMix(
                gateway.gatewayPort(),
                "bench-" + gateway.pid(),
                clock.instant().atZone(ZoneId.of("Asia/Seoul")).toLocalDate());
        var open = new ArrayList<Outcome>();
        var closed = new ArrayList<Outcome>();
        var grouped = new ArrayList<Double>();
        var single = new ArrayList<Latency>();
        try (var client = GatewayClient.onPort(gateway.gatewayPort());
                var load = HttpLoad.connect(gateway.gatewayPort(), CLIENTS, System::nanoTime);
                var inserts = GroupedInserts.open(workshop.folder("store").resolve("floor.db"))) {
            awaitReady(client);
            workshop.progress("warming up, " + 3 * WARMUP_SECONDS + " s; " + mix.different() + " different orders");
            load(load, Pace.open(System.nanoTime(), PER_SECOND, 2 * WARMUP_SECONDS), mix);
            load(load, Pace.closed(System.nanoTime() + WARMUP_SECONDS * 1_000_000_000L), mix);
            inserts.ordersPerSecond(1, System::nanoTime);
            drain(client, workshop);
            long warm = orders;
            double cpu = Workshop.cpuSeconds(gateway);
            for (int round = 1; round <= ROUNDS; round++) {
                drain(client, workshop);
                grouped.add(inserts.ordersPerSecond(FLOOR_SECONDS, System::nanoTime));
                single.add(inserts.singleCommits(FLOOR_SECONDS, System::nanoTime));
                open.add(load(load, Pace.open(System.nanoTime(), PER_SECOND, seconds), mix));
                drain(client, workshop);
                closed.add(load(load, Pace.closed(System.nanoTime() + seconds * 1_000_000_000L), mix));
                workshop.progress(String.format(
                        Locale.ROOT,
                        "round %d of %d: p99 %.2f ms at %,d/s (one commit %.2f ms), at most %,.0f/s (inserts %,.0f/s)",
                        round,
                        ROUNDS,
                        open.getLast().latency().ms(99),
                        PER_SECOND,
                        single.getLast().ms(99),
                        closed.getLast().rate(),
                        grouped.getLast()));
            }
            drain(client, workshop);
            cpu = Workshop.cpuSeconds(gateway) - cpu;
            return results(open, closed, grouped, single, seconds, client.get("/v1/metrics/order"), cpu, orders - warm);
        } catch (SQLException e) {
            throw new BenchException("The floor's database failed: " + e.getMessage(), e);
        }
    }

    private Outcome load(HttpLoad load, Pace pace, OrderMix mix) throws IOException {
        return load.run(pace, n -> mix.request(orders++), PATIENCE).allGood("POST /v1/orders");
    }

    private static void awaitReady(GatewayClient client) throws InterruptedException {
        var answer = client.get("/health/ready");
        for (int i = 0; i < 300 && !answer.ok(); i++) {
            Workshop.pause(Duration.ofMillis(100));
            answer = client.get("/health/ready");
        }
        if (!answer.ok()) throw new BenchException("The gateway never became ready: " + answer);
    }

    /** Waits until what was accepted has been sent; the next round shall not pay for the last. */
    private static void drain(GatewayClient client, Workshop workshop) throws InterruptedException {
        long until = System.nanoTime() + DRAIN.toNanos();
        long told = System.nanoTime();
        long depth = depth(client);
        while (depth > 0) {
            if (System.nanoTime() > until) {
                throw new BenchException(depth + " orders still wait to be sent after " + DRAIN.toSeconds() + " s");
            }
            if (System.nanoTime() - told > 5_000_000_000L) {
                workshop.progress("waiting until " + depth + " accepted orders are sent");
                told = System.nanoTime();
            }
            Workshop.pause(Duration.ofMillis(200));
            depth = depth(client);
        }
    }

    private static long depth(GatewayClient client) {
        return client.get("/v1/metrics/order").body().path("queue_depth").asLong(0);
    }

    private static List<Result> results(
            List<Outcome> open,
            List<Outcome> closed,
            List<Double> grouped,
            List<Latency> single,
            int seconds,
            Answer metrics,
            double cpu,
            long placed) {
        var calm = Median.of(open, round -> round.latency().ms(99));
        var busy = Median.of(closed, Outcome::rate);
        var rounds = ROUNDS + " × " + seconds + " s";
        var floorLatency = Median.of(single, latency -> latency.ms(99));
        var body = metrics.body();
        return List.of(
                Result.of("order.rate", busy.rate(), "orders/s")
                        .with("clients", CLIENTS)
                        .with("rounds", rounds)
                        .with("SIMULATOR_RATE_LIMIT", RATE_LIMIT)
                        .with("heap", HEAP)
                        .with("dispatch_by", DISPATCH_BY)
                        .with("accepted in all", body.path("accepted").asLong())
                        .with("sent", body.path("sent").asLong())
                        .with("rejected", body.path("rejected").asLong())
                        .with("unknown", body.path("unknown").asLong())
                        .with(
                                "CPU an order",
                                Report.shown(1e6 * cpu / placed) + " µs, dispatching and simulator included"),
                Result.of("order.rate.floor", Median.of(grouped, rate -> rate), "orders/s")
                        .with("store", "SQLite WAL FULL, 3 + 2 rows an order, groups of " + GroupedInserts.GROUP),
                Result.of("order.p99_ms", calm.latency().ms(99), "ms")
                        .with(calm.latency().percentiles())
                        .with("load", PER_SECOND + "/s from when each was meant to go")
                        .with("rounds", rounds)
                        .with(
                                "generator late (p99)",
                                Report.shown(calm.lateness().ms(99)) + " ms")
                        .with("SIMULATOR_RATE_LIMIT", RATE_LIMIT)
                        .with("heap", HEAP)
                        .with("dispatch_by", DISPATCH_BY),
                Result.of("order.p99_ms.floor", floorLatency.ms(99), "ms")
                        .with(floorLatency.percentiles())
                        .with("store", "one durable commit of one order, nothing else running"),
                Result.of("order.busy.p99_ms", busy.latency().ms(99), "ms")
                        .with(busy.latency().percentiles())
                        .with("load", CLIENTS + " clients, always waiting"));
    }
}
