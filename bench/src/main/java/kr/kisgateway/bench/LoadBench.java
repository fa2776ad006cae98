package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.OrderTraffic;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.load.StreamLoad;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import tools.jackson.databind.JsonNode;

/**
 * {@code load}: an ordinary busy day. The limits are the defaults except for the simulator's rate: orders and cancels
 * are {@value #REQUESTS_A_SECOND} calls per second, more than the ten that are assumed of KIS's ledger. {@value #USERS}
 * users place {@value #ORDERS_A_SECOND} orders per second in all; four of five fill, the fifth rests and is cancelled.
 * {@value #READERS} clients of the stream read trades and executions meanwhile. Nothing may fail but a cancel of an
 * order that was filled before, and every order must have ended at the end.
 */
final class LoadBench implements Bench {
    private static final int USERS = 100;
    private static final int READERS = 50;
    private static final int ORDERS_A_SECOND = 10;

    private static final int REQUESTS_A_SECOND = ORDERS_A_SECOND * OrderTraffic.CYCLE / (OrderTraffic.CYCLE - 1);
    /** KIS's published limit, here applied to ledger calls, too. */
    private static final int CALLS_A_SECOND = 18;

    private static final double STREAM_MS = 100;

    private static final int MINUTES = 10;

    /** The answer to a cancel of an order that a price of these minutes has filled. */
    private static final int CONFLICT = 409;
    /** So many answers at most are that: of 7,200 in ten minutes three were. */
    private static final double FILLED_MEANWHILE = 0.005;
    /** In a run of some seconds. */
    private static final int FEW = 4;

    /** The stream is not counted while the gateway is new: first executions of code are slow. */
    private static final int WARMUP_SECONDS = 5;

    private static final Set<String> ENDED = Set.of("FILLED", "CANCELED");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int PAGE = 1_000;
    private static final int STOCKS = 10;

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.SECONDS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        int seconds = Math.max(2 * WARMUP_SECONDS, environment.seconds(MINUTES * 60));
        var gateway = environment.start(
                environment.gateway().withEnvironment("SIMULATOR_RATE_LIMIT", String.valueOf(CALLS_A_SECOND)));
        int port = gateway.gatewayPort();
        environment.progress("profile: SIMULATOR_RATE_LIMIT " + CALLS_A_SECOND + " calls/s, the ledger's too, " + USERS
                + " users, " + ORDERS_A_SECOND + " orders/s in all, " + READERS + " stream clients, " + seconds + " s");
        var orders = new OrderTraffic(port, String.valueOf(gateway.pid()), Orders.today());
        try (var client = GatewayClient.onPort(port)) {
            Orders.awaitReady(client);
            try (var readers = StreamLoad.connect(
                            port,
                            READERS,
                            StreamLoad.subscribe(STOCKS, "trades", "executions"),
                            System::nanoTime,
                            InstantSource.system());
                    var load = HttpLoad.connect(port, USERS, System::nanoTime)) {
                var streamOutcome = readInBackground(readers, seconds);
                var outcome = load.run(
                        Pace.open(System.nanoTime(), REQUESTS_A_SECOND, seconds),
                        orders::request,
                        TIMEOUT,
                        (n, dueNanos, at, answer) -> orders.answered(n, HttpLoad.text(answer)));
                double share = Math.max(FILLED_MEANWHILE, (double) FEW / (REQUESTS_A_SECOND * seconds));
                outcome.requireOkBut(CONFLICT, share, "A request");
                cancel(client, orders.resting());
                if (!isEnded(awaitEnded(client))) cancelResting(environment, client, share * orders.placed());
                var ended = requireEnded(client, orders.placed());
                var stream = streamOutcome.get();
                return List.of(
                        Result.of("load.orders", orders.placed(), "orders")
                                .with("each ended as", ended)
                                .with("cancels of an order that was filled before", outcome.answers(CONFLICT))
                                .with("users", USERS)
                                .with("for", seconds + " s")
                                .with(
                                        "limits",
                                        CALLS_A_SECOND + " calls/s, the ledger's too; the other ones by default"),
                        Result.of("load.accept.p99_ms", outcome.latency().ms(99), "ms")
                                .with(outcome.latency().percentiles()),
                        Result.of("load.stream.p99_ms", stream.latency().ms(99), "ms")
                                .with(Target.below(STREAM_MS, stream.latency().ms(99), "ms"))
                                .with(stream.latency().percentiles())
                                .with("clients", READERS)
                                .with("of", "trades and executions, from their ts_ms")
                                .with("rate", Report.format(stream.ticks()) + "/s in all"));
            } catch (ExecutionException e) {
                throw new BenchException("The stream's clients failed: " + e.getCause(), e);
            }
        }
    }

    private static CompletableFuture<StreamLoad.Outcome> readInBackground(StreamLoad readers, int seconds) {
        var done = new CompletableFuture<StreamLoad.Outcome>();
        Thread.ofPlatform().daemon().name("stream-readers").start(() -> {
            try {
                done.complete(readers.run(WARMUP_SECONDS, seconds - WARMUP_SECONDS));
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** Waits until no order is open, but not forever; returns the counts by status. */
    private static TreeMap<String, Long> awaitEnded(GatewayClient client) throws InterruptedException {
        long until = System.nanoTime() + TIMEOUT.toNanos();
        var statuses = statuses(client);
        while (!isEnded(statuses) && System.nanoTime() < until) {
            BenchEnvironment.pause(Duration.ofMillis(500));
            statuses = statuses(client);
        }
        return statuses;
    }

    private static boolean isEnded(TreeMap<String, Long> statuses) {
        return ENDED.containsAll(statuses.keySet());
    }

    /** An order that was to be filled rests where the other side has nothing left: a few may, and are cancelled. */
    private static void cancelResting(BenchEnvironment environment, GatewayClient client, double max) {
        var resting = new ArrayList<String>();
        forEachOrder(client, order -> {
            if (!ENDED.contains(order.path("status").asString(""))) {
                resting.add(order.path("order_id").asString(""));
                environment.progress("rests: " + order);
            }
        });
        if (resting.size() <= max) cancel(client, resting); // more are a failure, and stay as they are
    }

    private static void cancel(GatewayClient client, List<String> orders) {
        for (var order : orders) client.post("/v1/orders/" + order + "/cancel", "{}");
    }

    private static String requireEnded(GatewayClient client, int placed) throws InterruptedException {
        var ended = awaitEnded(client);
        long all = ended.values().stream().mapToLong(n -> n).sum();
        if (all != placed || !isEnded(ended)) {
            throw new BenchException("Of " + placed + " orders not each was filled or cancelled: " + ended);
        }
        var metrics = Orders.metrics(client);
        if (metrics.path("in_doubt").asLong() + metrics.path("retried").asLong() > 0) {
            throw new BenchException("Not every order completed without problems: " + metrics);
        }
        return ended.toString();
    }

    private static TreeMap<String, Long> statuses(GatewayClient client) {
        var statuses = new TreeMap<String, Long>();
        forEachOrder(client, order -> statuses.merge(order.path("status").asString(""), 1L, Long::sum));
        return statuses;
    }

    private static void forEachOrder(GatewayClient client, Consumer<JsonNode> each) {
        var cursor = "";
        do {
            var page = client.get("/v1/orders?limit=" + PAGE + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .body();
            page.path("orders").forEach(each);
            cursor = page.path("next_cursor").asString("");
        } while (!cursor.isEmpty());
    }
}
