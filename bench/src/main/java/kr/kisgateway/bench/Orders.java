package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;
import tools.jackson.databind.JsonNode;

/** Common parts of the order measurements. */
final class Orders {
    /** Calls per second that the simulator accepts: not the default, otherwise only the budget would be measured. */
    static final int RATE_LIMIT = 50_000;

    /** How long an order may wait to be sent: not the default, otherwise orders queued in a round would expire. */
    static final String DISPATCH_BY = "10m";

    /** A hundred thousand resting orders of one day are ten times the gateway's default limit. */
    static final String HEAP = "-Xms1g -Xmx1g";

    static final String PROFILE = "SIMULATOR_RATE_LIMIT " + RATE_LIMIT + " calls/s, dispatch_by " + DISPATCH_BY
            + ", no daily limit in reach, " + HEAP;

    private static final Duration DRAIN = Duration.ofMinutes(2);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private Orders() {}

    /** A separate simulator at that rate. */
    static LocalProgram simulator(BenchEnvironment environment) throws IOException {
        return environment.start(environment.simulator(
                "--rate", String.valueOf(RATE_LIMIT), "--ledger-rate", String.valueOf(RATE_LIMIT), "--seed", "7"));
    }

    /** A gateway of that profile, with its own simulator inside. */
    static Launch gateway(BenchEnvironment environment) throws IOException {
        return environment
                .gateway()
                .withJvmFlags(HEAP.split(" "))
                .withEnvironment("SIMULATOR_RATE_LIMIT", String.valueOf(RATE_LIMIT))
                .withEnvironment("RISK_DAILY_ORDERS", "100000000")
                .withEnvironment("ORDER_DISPATCH_BY_LIMIT", DISPATCH_BY)
                .withEnvironment("KIS_API_QUEUE_TIMEOUT", DISPATCH_BY);
    }

    /** The same with the simulator, or a proxy in front of it, on {@code port}. */
    static Launch gatewayWithSimulator(BenchEnvironment environment, int port) throws IOException {
        return gateway(environment).withEnvironment("SIMULATOR_URL", "http://127.0.0.1:" + port);
    }

    static LocalDate today() {
        return InstantSource.system().instant().atZone(ZoneId.of("Asia/Seoul")).toLocalDate();
    }

    /** The stocks of the highest turnover. */
    static List<Instrument> mostTraded(int count) {
        return Instruments.load().all().stream()
                .filter(stock -> stock.symbol().code().matches("\\d{6}"))
                .sorted(Comparator.comparingLong(Instrument::turnover).reversed())
                .limit(count)
                .toList();
    }

    static void awaitReady(GatewayClient client) throws InterruptedException {
        var last = "nothing";
        for (int i = 0; i < 300; i++) {
            try {
                var answer = client.get("/health/ready");
                if (answer.ok()) return;
                last = answer.toString();
            } catch (GatewayException notYet) {
                last = String.valueOf(notYet.getMessage());
            }
            BenchEnvironment.pause(Duration.ofMillis(100));
        }
        throw new BenchException("The gateway never became ready: " + last);
    }

    static JsonNode metrics(GatewayClient client) {
        return client.get("/v1/metrics/order").body();
    }

    /**
     * Places orders, and waits until each has its answer from KIS.
     *
     * @param requests the bytes of the n-th order of this call, from 0
     * @param watcher receives each answer
     */
    static HttpLoad.Outcome place(
            BenchEnvironment environment,
            GatewayClient client,
            HttpLoad load,
            Pace pace,
            IntFunction<byte[]> requests,
            HttpLoad.Watcher watcher)
            throws IOException, InterruptedException {
        var outcome = load.run(pace, requests, ANSWER, watcher).requireAllOk("POST /v1/orders");
        drain(client, environment);
        return outcome;
    }

    /** The same without a watcher. */
    static HttpLoad.Outcome place(
            BenchEnvironment environment, GatewayClient client, HttpLoad load, Pace pace, IntFunction<byte[]> requests)
            throws IOException, InterruptedException {
        return place(environment, client, load, pace, requests, (_, _, _, _) -> {});
    }

    /** Waits until every accepted order has its answer from KIS, so that the next round does not inherit load. */
    static void drain(GatewayClient client, BenchEnvironment environment) throws InterruptedException {
        long until = System.nanoTime() + DRAIN.toNanos();
        long lastReport = System.nanoTime();
        for (long left = unsentOrders(client); left > 0; left = unsentOrders(client)) {
            if (System.nanoTime() > until) {
                throw new BenchException(left + " orders still wait to be sent after " + DRAIN.toSeconds() + " s");
            }
            if (System.nanoTime() - lastReport > 5_000_000_000L) {
                environment.progress("waiting until " + left + " accepted orders are sent");
                lastReport = System.nanoTime();
            }
            BenchEnvironment.pause(Duration.ofMillis(200));
        }
    }

    /** Accepted orders that were not sent: they wait, or have expired. */
    static long unsentOrders(GatewayClient client) {
        var metrics = metrics(client);
        return metrics.path("accepted").asLong()
                - metrics.path("sent").asLong()
                - metrics.path("rejected").asLong()
                - metrics.path("unknown").asLong();
    }
}
