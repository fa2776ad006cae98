package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import kr.kisgateway.bench.decode.SampleFrames;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.OrderMix;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.wire.print.Layout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code peers}: other programs for KIS beside the gateway, each with its own code as a process of its own. {@code decode}: the same
 * frames. {@code orders}: the same orders, one after the other: by the other programs until the simulator has taken each, by a client of
 * the gateway until it is durable there. What is not installed is not measured.
 */
final class PeersBench implements Bench {
    /** The interpreter that has the libraries. */
    private static final String PYTHON = "PEERS_PYTHON";

    private static final String DECODE = "decode";
    private static final String ORDERS = "orders";
    private static final List<String> LIBRARIES = List.of("python-kis", "mojito", "official");
    private static final Path SCRIPTS = Path.of("bench", "peers");
    private static final String ACCOUNT = "50123456-01";
    private static final int DIFFERENT_ORDERS = 5_000;
    private static final int NOT_INSTALLED = 3;
    /** As long as the orders of {@code order}. */
    private static final int WARMUP_SECONDS = 30;

    private static final Duration MORE = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.SECONDS);
    }

    @Override
    public List<String> profiles() {
        return List.of(DECODE, ORDERS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        if (environment.isSelected(DECODE)) results.addAll(decode(environment, environment.seconds(3)));
        if (environment.isSelected(ORDERS)) results.addAll(place(environment, environment.seconds(5)));
        return results;
    }

    private static List<Result> decode(BenchEnvironment environment, int seconds)
            throws IOException, InterruptedException {
        var frames = environment.folder("peers").resolve("frames.txt");
        // Of the layout that all of them know.
        Files.write(frames, SampleFrames.tradeTexts(Layout.CLASSIC));
        environment.progress("decoding, the gateway");
        var own = DecodeBench.trades(environment, "peers.decode.gateway", Layout.CLASSIC, seconds);
        var results = new ArrayList<>(List.of(own));
        for (var library : LIBRARIES) {
            run(environment, "decode.py", library, List.of(frames.toString()), seconds)
                    .ifPresent(measured -> {
                        double rate = measured.path("records").asDouble()
                                / measured.path("processor_seconds").asDouble();
                        results.add(Result.of("peers.decode." + library, rate, "records/s")
                                .with("per second of", "one core's time")
                                .with("the gateway's", times(own.value() / rate)));
                    });
        }
        return requireOthers(results);
    }

    private static List<Result> place(BenchEnvironment environment, int seconds)
            throws IOException, InterruptedException {
        var simulator = Orders.simulator(environment);
        var mix = OrderMix.resting(0, "peers", Orders.today());
        var lines = new ArrayList<String>();
        for (int n = 0; n < Math.min(DIFFERENT_ORDERS, mix.distinctCount()); n++) {
            var order = mix.terms(n);
            lines.add(order.symbol() + " " + order.qty() + " " + order.price());
        }
        var orders = environment.folder("peers").resolve("orders.txt");
        Files.write(orders, lines);
        environment.progress("placing orders, the gateway");
        var own = placeByGateway(environment, simulator, seconds);
        var results = new ArrayList<>(List.of(own));
        for (var library : LIBRARIES) {
            var url = "http://127.0.0.1:" + simulator.simulatorPort();
            run(environment, "place.py", library, List.of(url, ACCOUNT, orders.toString()), seconds)
                    .ifPresent(measured -> {
                        double rate = measured.path("orders").asDouble()
                                / measured.path("seconds").asDouble();
                        results.add(Result.of("peers.orders." + library, rate, "orders/s")
                                .with(
                                        "p50, p99",
                                        Report.format(measured.path("p50_ms").asDouble()) + " ms, "
                                                + Report.format(
                                                        measured.path("p99_ms").asDouble()) + " ms")
                                .with("until", "the simulator has taken it")
                                .with("the gateway's", times(own.value() / rate)));
                    });
        }
        environment.stop(simulator);
        return requireOthers(results);
    }

    private static Result placeByGateway(BenchEnvironment environment, LocalProgram simulator, int seconds)
            throws IOException, InterruptedException {
        var gateway = environment.start(Orders.gatewayWithSimulator(environment, simulator.simulatorPort()));
        var mix = OrderMix.resting(gateway.gatewayPort(), "peers", Orders.today());
        try (var client = GatewayClient.onPort(gateway.gatewayPort());
                var load = HttpLoad.connect(gateway.gatewayPort(), 1, System::nanoTime)) {
            Orders.awaitReady(client);
            var placed = new AtomicLong();
            IntFunction<byte[]> next = _ -> mix.request(placed.getAndIncrement());
            load.run(Pace.closed(later(environment.normalOrQuick(WARMUP_SECONDS, 1))), next, TIMEOUT)
                    .requireAllOk("An order");
            var outcome = load.run(Pace.closed(later(seconds)), next, TIMEOUT).requireAllOk("An order");
            Orders.drain(client, environment);
            return Result.of("peers.orders.gateway", outcome.rate(), "orders/s")
                    .with(
                            "p50, p99",
                            Report.format(outcome.latency().ms(50)) + " ms, "
                                    + Report.format(outcome.latency().ms(99)) + " ms")
                    .with("until", "it is durable; it is sent meanwhile");
        } finally {
            environment.stop(gateway);
        }
    }

    private static long later(int seconds) {
        return System.nanoTime() + seconds * 1_000_000_000L;
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, "%,.1f times", ratio);
    }

    private static List<Result> requireOthers(List<Result> results) {
        if (results.size() == 1) {
            throw new BenchException(
                    "None of " + String.join(", ", LIBRARIES) + " is installed: see bench/peers/README.md");
        }
        return results;
    }

    /** What a library's script printed; empty when the library is not installed. */
    private static Optional<JsonNode> run(
            BenchEnvironment environment, String script, String library, List<String> arguments, int seconds)
            throws IOException, InterruptedException {
        environment.progress(library);
        var python = Optional.ofNullable(System.getenv(PYTHON)).orElse("python3");
        var command = new ArrayList<>(List.of(
                python, environment.home().resolve(SCRIPTS).resolve(script).toString(), library));
        command.addAll(arguments);
        command.add(Integer.toString(seconds));
        BenchEnvironment.Ended ended;
        try {
            ended = environment.run(library, new ProcessBuilder(command), MORE.plusSeconds(seconds));
        } catch (IOException e) {
            environment.progress("not measured, there is no " + python + " (" + PYTHON + ")");
            return Optional.empty();
        }
        if (ended.exitCode() == NOT_INSTALLED) {
            environment.progress("not measured, " + ended.err());
            return Optional.empty();
        }
        if (ended.exitCode() != 0) throw new BenchException(library + " failed: " + ended.err());
        return Optional.of(JSON.readTree(ended.out().getLast()));
    }
}
