package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
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
 * How many quotes and orders a gateway answers with settings that may cost something, against one without them: both at full load, in turns
 * that are short enough for a busy machine to disturb both alike. The ratio is that of two neighbouring turns, the result the median of all;
 * beside it the processor time of an answer, which the load generator and the simulator have no part in.
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
    private static final int CLIENTS = 64;
    /** The compiler needs a hundred thousand orders until it is done with both, and all of a day stay in memory. */
    private static final String HEAP = "-Xms2g -Xmx2g";

    private static final int ROUNDS = 20;
    private static final int WARMUPS = 16;
    private static final int WARMUP_SECONDS = 5;
    /** One order of so many is filled at once. */
    private static final int FILLED_EVERY = 100;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /**
     * One turn.
     *
     * @param rate answers a second
     * @param micros the gateway's processor time an answer; of an order until the broker has taken it
     */
    private record Turn(double rate, double micros) {}

    /** Two neighbouring turns. */
    private record Round(Turn on, Turn off) {
        double rateRatio() {
            return on.rate() / off.rate();
        }

        double processorRatio() {
            return on.micros() / off.micros();
        }
    }

    /** A gateway and the orders that it gets. */
    private record Measured(LocalProgram program, OrderMix resting, OrderMix filling) {
        static Measured of(LocalProgram program) {
            int port = program.gatewayPort();
            var run = "bench-" + program.pid();
            return new Measured(
                    program,
                    OrderMix.resting(port, run, Orders.today()),
                    OrderMix.filling(port, run + "-filling", Orders.today()));
        }

        byte[] request(int order) {
            return order % FILLED_EVERY == 0 ? filling.request(order / FILLED_EVERY) : resting.request(order);
        }
    }

    private final String name;
    private final double minRate;
    private final double maxProcessor;
    private final Variant variant;
    private int orders;

    /**
     * @param minRate bar of the rate, as a part of the rate without the settings
     * @param maxProcessor bar of the processor time, as a multiple of that without them
     */
    private SettingsBench(String name, double minRate, double maxProcessor, Variant variant) {
        this.name = name;
        this.minRate = minRate;
        this.maxProcessor = maxProcessor;
        this.variant = variant;
    }

    /** {@code traces}: every trace goes to a collector in this program, or none is recorded. */
    static SettingsBench traces() {
        return new SettingsBench(
                "traces",
                0.7,
                1.5,
                (launch, _, receiver) -> launch.withEnvironment("TRACING_ENDPOINT", "http://127.0.0.1:" + receiver));
    }

    /**
     * {@code overhead}: all that operators switch on, as a production would: one of a hundred traces, log files as JSON, alerts and fills to
     * a webhook, a daily backup; or none of it.
     */
    static SettingsBench overhead() {
        return new SettingsBench("overhead", 0.95, 1.05, (launch, folder, receiver) -> {
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
        try (var receiver = Receiver.open()) {
            var results = new ArrayList<Result>();
            for (var profile : profiles()) {
                if (environment.isSelected(profile)) results.addAll(measure(environment, receiver.port(), profile));
            }
            if (receiver.received() == 0) throw new BenchException("Nothing was sent to the receiver.");
            return results;
        }
    }

    private List<Result> measure(BenchEnvironment environment, int receiver, String profile)
            throws IOException, InterruptedException {
        var off = start(environment, (launch, _, _) -> launch, receiver);
        var on = start(environment, variant, receiver);
        int seconds = environment.seconds(2);
        environment.progress("warming up " + profile);
        for (int i = 0; i < environment.normalOrQuick(WARMUPS, 1); i++) {
            for (var each : List.of(off, on)) {
                turn(environment, each, profile, environment.normalOrQuick(WARMUP_SECONDS, 1));
            }
        }
        var rounds = new ArrayList<Round>();
        for (int number = 1; number <= environment.rounds(ROUNDS); number++) {
            // Which comes first alternates: the later one has a warmer machine.
            boolean onFirst = number % 2 == 0;
            var first = turn(environment, onFirst ? on : off, profile, seconds);
            var second = turn(environment, onFirst ? off : on, profile, seconds);
            var round = onFirst ? new Round(first, second) : new Round(second, first);
            rounds.add(round);
            environment.progress(String.format(
                    Locale.ROOT,
                    "round %d: %,.0f/s with it, %,.0f without; %.0f and %.0f µs of the processor",
                    number,
                    round.on().rate(),
                    round.off().rate(),
                    round.on().micros(),
                    round.off().micros()));
        }
        environment.stop(on.program());
        environment.stop(off.program());
        var rate = Median.of(rounds, Round::rateRatio);
        var processor = Median.of(rounds, Round::processorRatio);
        return List.of(
                Result.of(name + "." + profile + ".rate", rate.on().rate(), "/s")
                        .with("clients", CLIENTS)
                        .with(
                                "rounds",
                                rounds.size() + " × " + seconds + " s each, alternately; the median of the ratios")
                        .withRounds(rounds, round -> round.on().rate())
                        .with("ratios", ratios(rounds, Round::rateRatio))
                        .with("its median is within", interval(rounds, Round::rateRatio))
                        .with(Target.atLeast(minRate, rate.rateRatio(), "of the rate without")),
                Result.of(name + "." + profile + ".rate.floor", rate.off().rate(), "/s")
                        .withRounds(rounds, round -> round.off().rate()),
                Result.of(name + "." + profile + ".processor_us", processor.on().micros(), "µs")
                        .withRounds(rounds, round -> round.on().micros())
                        .with("ratios", ratios(rounds, Round::processorRatio))
                        .with("its median is within", interval(rounds, Round::processorRatio))
                        .with(Target.below(maxProcessor, processor.processorRatio(), "of the time without")),
                Result.of(
                                name + "." + profile + ".processor_us.floor",
                                processor.off().micros(),
                                "µs")
                        .withRounds(rounds, round -> round.off().micros()));
    }

    private static String ratios(List<Round> rounds, ToDoubleFunction<Round> ratio) {
        return rounds.stream()
                .mapToDouble(ratio)
                .sorted()
                .mapToObj(value -> String.format(Locale.ROOT, "%.2f", value))
                .collect(Collectors.joining(", "));
    }

    private static String interval(List<Round> rounds, ToDoubleFunction<Round> ratio) {
        var interval = Median.interval(rounds, ratio);
        return String.format(Locale.ROOT, "%.2f to %.2f (95 %%)", interval.low(), interval.high());
    }

    private Measured start(BenchEnvironment environment, Variant settings, int receiver)
            throws IOException, InterruptedException {
        var simulator = Orders.simulator(environment);
        var gateway = environment.start(settings.applyTo(
                // The list of a day with a hundred thousand orders, read in some of the turns, would be most of the
                // difference.
                Orders.gatewayWithSimulator(environment, simulator.simulatorPort())
                        .withEnvironment("ORDER_RECONCILE_EVERY", "10m")
                        .withJvmFlags(HEAP.split(" ")),
                environment.folder(name),
                receiver));
        try (var client = GatewayClient.onPort(gateway.gatewayPort())) {
            Orders.awaitReady(client);
        }
        return Measured.of(gateway);
    }

    private Turn turn(BenchEnvironment environment, Measured gateway, String profile, int seconds)
            throws IOException, InterruptedException {
        int port = gateway.program().gatewayPort();
        var quote = HttpLoad.get(port, "/v1/quotes/005930");
        IntFunction<byte[]> requests = profile.equals(ORDER) ? _ -> gateway.request(orders++) : _ -> quote;
        double before = BenchEnvironment.cpuSeconds(gateway.program());
        try (var load = HttpLoad.connect(port, CLIENTS, System::nanoTime);
                var client = GatewayClient.onPort(port)) {
            var outcome = load.run(Pace.closed(System.nanoTime() + seconds * 1_000_000_000L), requests, TIMEOUT)
                    .requireAllOk(profile);
            Orders.drain(client, environment);
            double used = BenchEnvironment.cpuSeconds(gateway.program()) - before;
            return new Turn(outcome.rate(), 1e6 * used / outcome.latency().count());
        }
    }
}
