package kr.kisgateway.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;

/**
 * Processor time of the gateway for a quote and for an order, of two gateways that are measured in turns: one with settings that may cost
 * something, one without. Processor time, because it hardly changes on a busy machine.
 */
final class SettingsBench implements Bench {
    /** The settings that are measured, and the files that they need. */
    @FunctionalInterface
    private interface Variant {
        /**
         * @param folder for its files
         * @param receiver port of a server in this program that takes whatever is sent
         */
        Launch applyTo(Launch launch, Path folder, int receiver) throws IOException;
    }

    private static final String QUOTE = "quote";
    private static final String ORDER = "order";
    private static final int CONNECTIONS = 16;
    private static final int QUOTES_PER_SECOND = 2_000;
    private static final int ORDERS_PER_SECOND = 200;
    private static final int ROUNDS = 4;
    private static final int WARMUP_SECONDS = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** A gateway, and its processor time a request in each round. */
    private record Measured(LocalProgram program, List<Double> micros) {
        double median() {
            var sorted = micros.stream().sorted().toList();
            return sorted.get(sorted.size() / 2);
        }
    }

    private final String name;
    private final double maxRatio;
    private final Variant variant;
    private int orders;

    private SettingsBench(String name, double maxRatio, Variant variant) {
        this.name = name;
        this.maxRatio = maxRatio;
        this.variant = variant;
    }

    /** {@code traces}: every trace goes to a collector in this program, or none is recorded. */
    static SettingsBench traces() {
        return new SettingsBench(
                "traces",
                1.5,
                (launch, _, receiver) -> launch.withEnvironment("TRACING_ENDPOINT", "http://127.0.0.1:" + receiver));
    }

    /**
     * {@code overhead}: all that operators switch on, as a production would: one of a hundred traces, log files as JSON, alerts and fills to
     * a webhook, a daily backup; or none of it.
     */
    static SettingsBench overhead() {
        return new SettingsBench("overhead", 1.05, (launch, folder, receiver) -> {
            var rules = Files.writeString(folder.resolve("alerts.yaml"), """
                    channels: {desk: {type: webhook, url: "http://127.0.0.1:%d/desk", key: bench}}
                    routes: [{to: [desk]}]
                    messages: {fills: [desk], daily-summary: {at: "15:40", to: [desk]}}
                    """.formatted(receiver));
            return launch.withEnvironment("TRACING_ENDPOINT", "http://127.0.0.1:" + receiver)
                    .withEnvironment("TRACING_SAMPLE", "0.01")
                    .withEnvironment("LOG_FORMAT", "json")
                    .withEnvironment("ALERTS_FILE", rules.toString())
                    .withEnvironment("ALERTS_INNER_ADDRESSES", "true")
                    .withEnvironment("BACKUP_FOLDER", folder.resolve("backups").toString());
        });
    }

    @Override
    public List<String> profiles() {
        return List.of(QUOTE, ORDER);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var received = new AtomicLong();
        var receiver = receiver(received);
        try {
            var results = new ArrayList<Result>();
            for (var profile : profiles()) {
                if (environment.isSelected(profile)) {
                    results.addAll(measure(environment, receiver.getAddress().getPort(), profile));
                }
            }
            if (received.get() == 0) throw new BenchException("Nothing was sent to the receiver.");
            return results;
        } finally {
            receiver.stop(0);
        }
    }

    /** Takes whatever is sent. */
    private static HttpServer receiver(AtomicLong received) throws IOException {
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

    private List<Result> measure(BenchEnvironment environment, int receiver, String profile)
            throws IOException, InterruptedException {
        var off = start(environment, (launch, _, _) -> launch, receiver);
        var on = start(environment, variant, receiver);
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
                    "round %d: %.0f µs a request with it, %.0f without",
                    round,
                    on.micros().getLast(),
                    off.micros().getLast()));
        }
        return List.of(
                Result.of(name + "." + profile + ".processor_us", on.median(), "µs")
                        .with("rounds", on.micros().size() + " × " + seconds + " s each, alternately; the median")
                        .with(Target.below(maxRatio, on.median() / off.median(), "of the time without")),
                Result.of(name + "." + profile + ".processor_us.floor", off.median(), "µs"));
    }

    private Measured start(BenchEnvironment environment, Variant settings, int receiver)
            throws IOException, InterruptedException {
        var simulator = Orders.simulator(environment);
        var gateway = environment.start(settings.applyTo(
                Orders.gatewayWithSimulator(environment, simulator.simulatorPort()),
                environment.folder(name),
                receiver));
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
