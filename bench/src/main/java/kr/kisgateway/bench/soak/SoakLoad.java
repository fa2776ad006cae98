package kr.kisgateway.bench.soak;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.Latency;
import kr.kisgateway.bench.load.OrderTraffic;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.load.StreamLoad;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.market.Instruments;

/**
 * What the gateway is asked: orders, quotes, a stream of {@value #READERS} new clients, and calls of each other kind.
 */
public final class SoakLoad implements AutoCloseable {
    /** So few that none is idle until it is closed when an hour is one. */
    private static final int CONNECTIONS = 2;

    /** Orders of a part of the fill, 1,000. */
    private static final int FILL_CYCLES = 200;

    private static final int FILL_SECONDS = 2;
    private static final int FILL_CONNECTIONS = 32;
    private static final int QUOTES = 250;
    private static final int QUOTED = 60;
    private static final int READERS = 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int STREAMED = 10;

    private final int port;
    private final int speed;
    private final InstantSource clock;
    private final OrderTraffic orders;
    private final List<byte[]> quotes;
    private final HttpLoad orderSockets;
    private final HttpLoad quoteSockets;
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private long visits;
    private long refusedVisits;

    /**
     * What was measured.
     *
     * @param accept of orders and cancels
     * @param accepted share of them with 200
     * @param lag of the stream, in time of the gateway's clock
     */
    public record Measured(Latency accept, double accepted, Latency quote, Latency lag) {}

    private SoakLoad(
            int port, int speed, InstantSource clock, LocalDate today, HttpLoad orderSockets, HttpLoad quoteSockets) {
        this.port = port;
        this.speed = speed;
        this.clock = clock;
        this.orders = new OrderTraffic(port, "soak-" + clock.instant().getEpochSecond(), today);
        this.orderSockets = orderSockets;
        this.quoteSockets = quoteSockets;
        this.quotes = Instruments.load().all().stream()
                .map(stock -> stock.symbol().code())
                .filter(code -> code.matches("\\d{6}"))
                .limit(QUOTED)
                .map(code -> HttpLoad.get(port, "/v1/quotes/" + code))
                .toList();
    }

    /**
     * @param port of the gateway
     * @param speed of its clock
     * @param clock as the gateway's
     */
    public static SoakLoad connect(int port, int speed, InstantSource clock, LocalDate today) throws IOException {
        var orderSockets = HttpLoad.connect(port, CONNECTIONS, System::nanoTime);
        try {
            return new SoakLoad(
                    port, speed, clock, today, orderSockets, HttpLoad.connect(port, CONNECTIONS, System::nanoTime));
        } catch (IOException | RuntimeException e) {
            orderSockets.close();
            throw e;
        }
    }

    /**
     * Loads the gateway for {@code seconds} of real time.
     *
     * @param cycles of orders
     * @param lateness of those who read the stream
     */
    public Measured run(int seconds, int cycles, Duration lateness) throws IOException, InterruptedException {
        try (var threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
            var order = threads.submit((Callable<HttpLoad.Outcome>) () -> order(orderSockets, cycles, seconds));
            var quote = threads.submit((Callable<HttpLoad.Outcome>) () -> quoteSockets.run(
                    Pace.even(System.nanoTime(), QUOTES, seconds), n -> quotes.get(n % QUOTED), TIMEOUT));
            var lag = threads.submit(() -> stream(seconds, lateness));
            count(order.get().statuses());
            count(quote.get().statuses());
            double accepted = order.get().statuses().getOrDefault(200, 0L) / (double) (cycles * OrderTraffic.CYCLE);
            return new Measured(order.get().latency(), accepted, quote.get().latency(), lag.get());
        } catch (ExecutionException e) {
            throw new BenchException("The load ended: " + e.getCause(), e);
        }
    }

    /** Places 1,000 orders as fast as the connections allow; most of them are filled once they are sent. */
    public void fill() throws IOException {
        try (var sockets = HttpLoad.connect(port, FILL_CONNECTIONS, System::nanoTime)) {
            count(order(sockets, FILL_CYCLES, FILL_SECONDS).statuses());
        }
    }

    private HttpLoad.Outcome order(HttpLoad sockets, int cycles, int seconds) throws IOException {
        return sockets.run(
                Pace.even(System.nanoTime(), cycles * OrderTraffic.CYCLE, seconds),
                orders::request,
                TIMEOUT,
                (n, dueNanos, at, answer) -> orders.answered(n, HttpLoad.text(answer)));
    }

    /** How fast the gateway's clock runs. */
    public int speed() {
        return speed;
    }

    /** Answers so far by HTTP status. */
    public Map<Integer, Long> statuses() {
        return Map.copyOf(statuses);
    }

    /** Clients that come and go each hour. */
    private Latency stream(int seconds, Duration lateness) throws IOException {
        var subscribe = StreamLoad.subscribe(STREAMED, "trades", "quotes", "books", "executions");
        try (var readers = StreamLoad.connect(port, READERS, subscribe, System::nanoTime, clock)) {
            return readers.late(lateness)
                    .run(1, Math.max(1, seconds - 2))
                    .snapshot()
                    .latency();
        }
    }

    /** One call of each other kind. */
    public void visit() {
        try (var client = GatewayClient.onPort(port)) {
            for (var path : List.of(
                    "/v1/balances?account_id=A1",
                    "/v1/positions?account_id=A1",
                    "/v1/pnl?account_id=A1",
                    "/v1/executions?account_id=A1&limit=100",
                    "/v1/orders?limit=100",
                    "/v1/parents",
                    "/v1/orderbooks/005930",
                    "/v1/bars/005930?period=D&limit=100",
                    "/v1/bars/000660?period=1m&limit=100",
                    "/v1/instruments/035420",
                    "/v1/market/status",
                    "/v1/indices",
                    "/v1/investors/005930",
                    "/v1/rankings/volume",
                    "/v1/alerts",
                    "/v1/audit",
                    "/v1/session/status",
                    "/v1/ops/clients",
                    "/metrics",
                    "/health/ready",
                    "/")) {
                countVisit(client.get(path).status());
            }
            countVisit(client.post(
                            "/v1/orders/preview",
                            "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,\"order_type\":\"MARKET\"}")
                    .status());
            var parent = client.post(
                    "/v1/parents",
                    "{\"kind\":\"TRAILING_STOP\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,"
                            + "\"order_type\":\"MARKET\"},\"trail\":{\"percent\":9}}",
                    "soak-parent-" + clock.instant().getEpochSecond() + "-" + visits);
            countVisit(parent.status());
            var id = parent.body().path("parent_id").asString("");
            if (!id.isEmpty())
                countVisit(client.post("/v1/parents/" + id + "/cancel", "{}").status());
        }
    }

    /** Share of the calls of other kinds that were refused. */
    public double refusedVisits() {
        return visits == 0 ? 1 : refusedVisits / (double) visits;
    }

    private void countVisit(int status) {
        visits++;
        if (status / 100 != 2) refusedVisits++;
        statuses.merge(status, 1L, Long::sum);
    }

    private void count(Map<Integer, Long> more) {
        more.forEach((status, number) -> statuses.merge(status, number, Long::sum));
    }

    @Override
    public void close() throws IOException {
        orderSockets.close();
        quoteSockets.close();
    }
}
