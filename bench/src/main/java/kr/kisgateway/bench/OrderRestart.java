package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.bench.load.HistoricalOrders;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.programs.Launch;

/**
 * From the start of the process until the gateway is ready to trade: on a journal of a million events, and, as its
 * floor, on an empty one. Both include the JVM and the first query of the broker.
 */
final class OrderRestart {
    private static final int EVENTS = 1_000_000;
    private static final int DAYS = 20;
    private static final int TODAYS_ORDERS = 2_500;
    private static final int ROUNDS = 5;
    private static final double RESTART_MS_MORE = 500;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private OrderRestart() {}

    /** @param simulator its port */
    static List<Result> measure(BenchEnvironment environment, int simulator)
            throws IOException, InterruptedException, SQLException {
        environment.progress("writing a journal of " + EVENTS + " events");
        var empty = launch(environment, simulator);
        start(environment, empty, "");
        var full = launch(environment, simulator);
        start(environment, full, "");
        var file = journal(full);
        String oldest;
        try (var history = HistoricalOrders.open(file)) {
            oldest = history.addOrders(
                            Orders.today(),
                            DAYS,
                            EVENTS / HistoricalOrders.EVENTS_AN_ORDER - TODAYS_ORDERS,
                            TODAYS_ORDERS)
                    .getFirst();
        }
        long megabytes = Files.size(file) >> 20;
        var fullJournalMillis = new ArrayList<Double>();
        var emptyJournalMillis = new ArrayList<Double>();
        int count = environment.rounds(ROUNDS);
        for (int round = 1; round <= count; round++) {
            fullJournalMillis.add(start(environment, full, oldest));
            emptyJournalMillis.add(start(environment, empty, ""));
            environment.progress(String.format(
                    Locale.ROOT,
                    "restart %d of %d: ready after %,.0f ms, with an empty journal %,.0f ms",
                    round,
                    count,
                    fullJournalMillis.getLast(),
                    emptyJournalMillis.getLast()));
        }
        return List.of(
                Result.of("order.restart_ms", Median.of(fullJournalMillis, millis -> millis), "ms")
                        .withRounds(fullJournalMillis, millis -> millis)
                        .with(Target.below(
                                RESTART_MS_MORE,
                                Median.of(fullJournalMillis, millis -> millis)
                                        - Median.of(emptyJournalMillis, millis -> millis),
                                "ms more than an empty journal"))
                        .with(
                                "journal",
                                EVENTS + " events, " + megabytes + " MB, " + TODAYS_ORDERS + " orders of today")
                        .with(
                                "slowest",
                                Report.format(fullJournalMillis.stream()
                                                .mapToDouble(ms -> ms)
                                                .max()
                                                .orElse(0)) + " ms")
                        .with(
                                "start cache",
                                Files.exists(environment.home().resolve(".kis/app/gateway.aot")) ? "yes" : "no"),
                Result.of("order.restart_ms.floor", Median.of(emptyJournalMillis, millis -> millis), "ms")
                        .withRounds(emptyJournalMillis, millis -> millis)
                        .with("journal", "empty"));
    }

    private static Launch launch(BenchEnvironment environment, int simulator) throws IOException {
        return environment.gateway(simulator);
    }

    /** The journal that a stopped gateway has created. */
    static Path journal(Launch launch) throws IOException {
        try (var files = Files.walk(launch.workingDirectory())) {
            return files.filter(f -> f.getFileName().toString().equals("journal.db"))
                    .findFirst()
                    .orElseThrow(() -> new BenchException("The gateway created no journal"));
        }
    }

    /**
     * Starts, waits until it is ready, and stops; returns the milliseconds until it was ready.
     *
     * @param order one that has to be there; empty for none
     */
    static double start(BenchEnvironment environment, Launch launch, String order) throws InterruptedException {
        long startedAt = System.nanoTime();
        var gateway = environment.start(launch);
        try (var client = GatewayClient.onPort(gateway.gatewayPort())) {
            while (!ready(client)) {
                if (System.nanoTime() - startedAt > LIMIT.toNanos()) throw new BenchException("It never became ready");
                BenchEnvironment.pause(Duration.ofMillis(2));
            }
            double millis = (System.nanoTime() - startedAt) / 1e6;
            if (!order.isEmpty()) {
                var found =
                        client.get("/v1/orders/" + order).body().path("status").asString("");
                if (!found.equals("FILLED")) throw new BenchException("The oldest order of the journal is " + found);
            }
            if (gateway.stop(Duration.ofSeconds(30)).isEmpty()) throw new BenchException("The gateway did not stop");
            return millis;
        } finally {
            environment.stop(gateway);
        }
    }

    private static boolean ready(GatewayClient client) {
        try {
            return client.get("/health/ready").ok();
        } catch (GatewayException notYet) {
            return false;
        }
    }
}
