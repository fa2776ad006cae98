package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.OrderMix;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.load.StreamLoad;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.gatewayclient.GatewayClient;

/**
 * {@code load}: an ordinary busy day. The limits are the defaults except for the simulator's rate: orders and cancels
 * are {@value #REQUESTS_A_SECOND} calls per second, more than the ten that are assumed of KIS's ledger. {@value #USERS}
 * users place {@value #ORDERS_A_SECOND} orders per second in all; four of five fill, the fifth rests and is cancelled.
 * {@value #READERS} clients of the stream read trades and executions meanwhile. Nothing may fail, and every order must
 * have ended at the end.
 */
final class LoadBench implements Bench {
    private static final int USERS = 100;
    private static final int READERS = 50;
    private static final int ORDERS_A_SECOND = 10;

    /** The last request of each cycle cancels the first one, which rests. */
    private static final int CYCLE = 6;

    private static final int REQUESTS_A_SECOND = ORDERS_A_SECOND * CYCLE / (CYCLE - 1);
    /** KIS's published limit, here applied to ledger calls, too. */
    private static final int CALLS_A_SECOND = 18;

    private static final int MINUTES = 10;

    /** The stream is not counted while the gateway is new: first executions of code are slow. */
    private static final int WARMUP_SECONDS = 5;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int PAGE = 1_000;
    private static final Pattern ID = Pattern.compile("\"order_id\":\"(ord_\\w+)\"");
    private static final List<String> SYMBOLS =
            List.of("005930", "000660", "373220", "207940", "005380", "000270", "068270", "105560", "035420", "005490");

    private final Deque<String> resting = new ArrayDeque<>();
    private int placed;

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        int seconds = Math.max(2 * WARMUP_SECONDS, environment.seconds(MINUTES * 60));
        var gateway = environment.start(
                environment.gateway().withEnvironment("SIMULATOR_RATE_LIMIT", String.valueOf(CALLS_A_SECOND)));
        int port = gateway.gatewayPort();
        environment.progress("profile: SIMULATOR_RATE_LIMIT " + CALLS_A_SECOND + " calls/s, the ledger's too, " + USERS
                + " users, " + ORDERS_A_SECOND + " orders/s in all, " + READERS + " stream clients, " + seconds + " s");
        var rest = OrderMix.resting(port, "rest-" + gateway.pid(), Orders.today());
        var fill = OrderMix.filling(port, "fill-" + gateway.pid(), Orders.today());
        try (var client = GatewayClient.onPort(port)) {
            Orders.awaitReady(client);
            try (var readers =
                            StreamLoad.connect(port, READERS, subscribe(), System::nanoTime, InstantSource.system());
                    var load = HttpLoad.connect(port, USERS, System::nanoTime)) {
                var streamOutcome = readInBackground(readers, seconds);
                var outcome = load.run(
                        Pace.open(System.nanoTime(), REQUESTS_A_SECOND, seconds),
                        n -> request(n, port, rest, fill),
                        TIMEOUT,
                        (n, dueNanos, at, answer) -> collectRestingOrder(n, HttpLoad.text(answer)));
                outcome.requireAllOk("A request");
                for (var order : resting) client.post("/v1/orders/" + order + "/cancel", "{}");
                var ended = awaitEnded(client);
                var stream = streamOutcome.get();
                return List.of(
                        Result.of("load.orders", placed, "orders")
                                .with("each ended as", ended)
                                .with("errors", 0)
                                .with("users", USERS)
                                .with("for", seconds + " s")
                                .with(
                                        "limits",
                                        CALLS_A_SECOND + " calls/s, the ledger's too; the other ones by default"),
                        Result.of("load.accept.p99_ms", outcome.latency().ms(99), "ms")
                                .with(outcome.latency().percentiles()),
                        Result.of("load.stream.p99_ms", stream.latency().ms(99), "ms")
                                .with(stream.latency().percentiles())
                                .with("clients", READERS)
                                .with("of", "trades and executions, from their ts_ms")
                                .with("rate", Report.format(stream.ticks()) + "/s in all"));
            } catch (ExecutionException e) {
                throw new BenchException("The stream's clients failed: " + e.getCause(), e);
            }
        }
    }

    private static String subscribe() {
        return "{\"op\":\"subscribe\",\"channels\":[\"trades\",\"executions\"],\"symbols\":[\""
                + String.join("\",\"", SYMBOLS) + "\"],\"id\":\"1\"}";
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

    private byte[] request(int n, int port, OrderMix rest, OrderMix fill) {
        boolean cancels = n % CYCLE == CYCLE - 1 && !resting.isEmpty();
        if (cancels) {
            return ("POST /v1/orders/" + resting.remove() + "/cancel HTTP/1.1\r\nHost: 127.0.0.1:" + port
                            + "\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }
        placed++;
        return (n % CYCLE == 0 ? rest : fill).request(n);
    }

    private void collectRestingOrder(int n, String answer) {
        if (n % CYCLE != 0) return;
        var id = ID.matcher(answer);
        if (id.find()) resting.add(id.group(1));
    }

    /** Waits until no order is open; returns the counts by final status. */
    private String awaitEnded(GatewayClient client) throws InterruptedException {
        long until = System.nanoTime() + TIMEOUT.toNanos();
        var ended = statuses(client);
        while (!List.of("FILLED", "CANCELED").containsAll(ended.keySet()) && System.nanoTime() < until) {
            BenchEnvironment.pause(Duration.ofMillis(500));
            ended = statuses(client);
        }
        long all = ended.values().stream().mapToLong(n -> n).sum();
        if (all != placed || !List.of("FILLED", "CANCELED").containsAll(ended.keySet())) {
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
        var cursor = "";
        do {
            var page = client.get("/v1/orders?limit=" + PAGE + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .body();
            var orders = new ArrayList<String>();
            page.path("orders").forEach(order -> orders.add(order.path("status").asString("")));
            orders.forEach(status -> statuses.merge(status, 1L, Long::sum));
            cursor = page.path("next_cursor").asString("");
        } while (!cursor.isEmpty());
        return statuses;
    }
}
