package kr.kisgateway.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.OrderMix;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code traces}: processor time of the gateway for a quote and for an order, of two gateways that are measured in turns: one sends every
 * trace to a collector in this program, the other records none. Processor time, because it hardly changes on a busy machine.
 */
final class TracesBench implements Bench {
    private static final String QUOTE = "quote";
    private static final String ORDER = "order";
    private static final int CONNECTIONS = 16;
    private static final int QUOTES_PER_SECOND = 2_000;
    private static final int ORDERS_PER_SECOND = 200;
    private static final int ROUNDS = 4;
    private static final int WARMUP_SECONDS = 20;
    private static final double MAX_RATIO = 1.5;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** A gateway, and its processor time a request in each round. */
    private record Measured(LocalProgram program, List<Double> micros) {
        double median() {
            var sorted = micros.stream().sorted().toList();
            return sorted.get(sorted.size() / 2);
        }
    }

    private int orders;

    @Override
    public List<String> profiles() {
        return List.of(QUOTE, ORDER);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var received = new AtomicLong();
        var collector = collector(received);
        try {
            var results = new ArrayList<Result>();
            for (var profile : profiles()) {
                if (environment.isSelected(profile)) {
                    results.addAll(measure(environment, collector.getAddress().getPort(), profile));
                }
            }
            if (received.get() == 0) throw new BenchException("The collector received nothing.");
            return results;
        } finally {
            collector.stop(0);
        }
    }

    /** Takes whatever is sent. */
    private static HttpServer collector(AtomicLong received) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            received.addAndGet(exchange.getRequestBody().readAllBytes().length);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private List<Result> measure(BenchEnvironment environment, int collector, String profile)
            throws IOException, InterruptedException {
        var off = start(environment, "");
        var on = start(environment, "http://127.0.0.1:" + collector);
        int seconds = environment.seconds(5);
        environment.progress("warming up " + profile);
        for (var each : List.of(off, on)) {
            load(environment, each.program(), profile, environment.normalOrQuick(WARMUP_SECONDS, 1));
        }
        for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
            for (var each : round % 2 == 0 ? List.of(on, off) : List.of(off, on)) {
                each.micros().add(load(environment, each.program(), profile, seconds));
            }
            environment.progress(String.format(
                    Locale.ROOT,
                    "round %d: %.0f µs a request with traces, %.0f without",
                    round,
                    on.micros().getLast(),
                    off.micros().getLast()));
        }
        return List.of(
                Result.of("traces." + profile + ".processor_us", on.median(), "µs")
                        .with("rounds", on.micros().size() + " × " + seconds + " s each, alternately; the median")
                        .with(Target.below(MAX_RATIO, on.median() / off.median(), "of the time without traces")),
                Result.of("traces." + profile + ".processor_us.floor", off.median(), "µs"));
    }

    private static Measured start(BenchEnvironment environment, String collector)
            throws IOException, InterruptedException {
        var simulator = Orders.simulator(environment);
        var gateway = environment.start(Orders.gatewayWithSimulator(environment, simulator.simulatorPort())
                .withEnvironment("TRACING_ENDPOINT", collector));
        try (var client = GatewayClient.onPort(gateway.gatewayPort())) {
            Orders.awaitReady(client);
        }
        return new Measured(gateway, new ArrayList<>());
    }

    /** Processor time of a request, in microseconds. */
    private double load(BenchEnvironment environment, LocalProgram program, String profile, int seconds)
            throws IOException, InterruptedException {
        boolean places = profile.equals(ORDER);
        int perSecond = places ? ORDERS_PER_SECOND : QUOTES_PER_SECOND;
        int port = program.gatewayPort();
        var mix = OrderMix.resting(port, "bench-" + program.pid(), Orders.today());
        IntFunction<byte[]> requests = places ? _ -> mix.request(orders++) : _ -> quote(port);
        var before = processorTime(program);
        try (var load = HttpLoad.connect(port, CONNECTIONS, System::nanoTime);
                var client = GatewayClient.onPort(port)) {
            load.run(Pace.open(System.nanoTime(), perSecond, seconds), requests, TIMEOUT)
                    .requireAllOk(profile);
            Orders.drain(client, environment);
        }
        return processorTime(program).minus(before).toNanos() / 1_000.0 / (perSecond * (double) seconds);
    }

    private static Duration processorTime(LocalProgram program) {
        return ProcessHandle.of(program.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new BenchException("The gateway's processor time is not known."));
    }

    private static byte[] quote(int port) {
        return ("GET /v1/quotes/005930 HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
