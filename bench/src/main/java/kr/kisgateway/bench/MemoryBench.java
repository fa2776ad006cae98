package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.load.StreamLoad;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code memory}: what each capability costs of a gateway without a simulator in it: resident memory, live heap, and what the JVM keeps
 * beside the heap, {@value #SETTLE_SECONDS} s after it is ready or used. The gateways are started in turns. The floor is one whose
 * capabilities are all switched off or unused.
 */
final class MemoryBench implements Bench {
    private static final int ROUNDS = 5;
    private static final int SETTLE_SECONDS = 10;
    private static final double MAX_MORE_MB = 20;
    /** Its files are read by a library of its own. */
    private static final double MAX_MORE_OF_HISTORY_MB = 80;

    private static final double MEGABYTE = 1 << 20;

    private static final Duration USED = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String QUOTE = "/v1/quotes/005930";
    private static final int SYMBOLS = 40;
    private static final String PRICE =
            "/uapi/domestic-stock/v1/quotations/inquire-price?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=005930";
    private static final int FACE_SECONDS = 3;
    private static final Duration QUIET = Duration.ofSeconds(3);
    /** Each is a trace. */
    private static final int CALLS = 500;

    /** Adds a capability to a gateway. */
    @FunctionalInterface
    private interface Settings {
        /** @param folder for its files */
        Launch applyTo(Launch launch, Path folder) throws IOException;
    }

    /** Uses a capability of a running gateway. */
    @FunctionalInterface
    private interface Use {
        void of(Running gateway) throws IOException, InterruptedException;
    }

    private record Running(GatewayClient client, LocalProgram program) {}

    /** @param maxMore bar of what it costs, in megabytes */
    private record Capability(String name, double maxMore, Settings settings, Use use) {
        Capability(String name, Settings settings, Use use) {
            this(name, MAX_MORE_MB, settings, use);
        }

        static Capability unset(String name, double maxMore, Use use) {
            return new Capability(name, maxMore, (launch, _) -> launch, use);
        }
    }

    /** In megabytes. */
    private record Measured(double resident, double heap, double nonHeap) {}

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.ROUNDS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var simulator = environment.start(environment.simulator("--seed", "7"));
        var measured = new LinkedHashMap<Capability, List<Measured>>();
        var floor = new ArrayList<Measured>();
        int count = environment.rounds(ROUNDS);
        try (var receiver = Receiver.open();
                var chromium = Chromium.start();
                var window = chromium.window()) {
            var withoutAny = Capability.unset("none of them", 0, _ -> {});
            capabilities(environment, receiver, window)
                    .forEach(capability -> measured.put(capability, new ArrayList<>()));
            for (int round = 1; round <= count; round++) {
                floor.add(measure(environment, simulator.simulatorPort(), withoutAny));
                for (var each : measured.entrySet()) {
                    each.getValue().add(measure(environment, simulator.simulatorPort(), each.getKey()));
                    window.leave();
                }
                environment.progress("round " + round + " of " + count + " is done");
            }
        }
        var results = new ArrayList<Result>();
        measured.forEach((capability, rounds) -> {
            double more = moreThan(floor, rounds);
            results.add(result("memory." + capability.name() + "_mb", rounds)
                    .with(Target.below(capability.maxMore(), more, "MB more than with none, in the median round")));
            results.add(result("memory." + capability.name() + "_mb.floor", floor));
        });
        return results;
    }

    private static double moreThan(List<Measured> floor, List<Measured> rounds) {
        var more = new ArrayList<Double>();
        for (int i = 0; i < rounds.size(); i++) {
            more.add(rounds.get(i).resident() - floor.get(i).resident());
        }
        return Median.of(more, Double::doubleValue);
    }

    private static List<Capability> capabilities(
            BenchEnvironment environment, Receiver receiver, Chromium.Window window) {
        return List.of(
                new Capability(
                        "face",
                        (launch, _) -> launch.withEnvironment("KIS_FACE", "true"),
                        gateway -> useFace(gateway.program())),
                new Capability(
                        "forty_symbols",
                        (launch, _) -> launch.withEnvironment("KIS_WS_SYMBOLS", fortySymbols()),
                        gateway -> await(
                                "registrations of " + SYMBOLS + " symbols", () -> pushed(gateway.client()) >= SYMBOLS)),
                new Capability(
                        "traces",
                        (launch, _) ->
                                launch.withEnvironment("TRACING_ENDPOINT", "http://127.0.0.1:" + receiver.port()),
                        gateway -> {
                            long before = receiver.received();
                            for (int i = 0; i < CALLS; i++) requireOk(gateway.client(), QUOTE);
                            awaitAll(receiver, before);
                        }),
                new Capability(
                        "alerts",
                        (launch, folder) -> launch.withEnvironment("ALERTS_INNER_ADDRESSES", "true")
                                .withEnvironment(
                                        "ALERTS_FILE",
                                        alertRules(folder, receiver.port()).toString()),
                        gateway -> {
                            var test = gateway.client().post("/v1/alerts/test", "{\"channel\":\"desk\"}");
                            if (!test.body().path("delivered").asBoolean(false)) {
                                throw new BenchException("The alert was answered " + test);
                            }
                        }),
                Capability.unset("page", MAX_MORE_MB, gateway -> {
                    window.open("http://127.0.0.1:" + gateway.program().gatewayPort() + "/");
                    window.awaitPrice();
                }),
                Capability.unset(
                        "history", MAX_MORE_OF_HISTORY_MB, gateway -> loadHistory(environment, gateway.client())));
    }

    private static Measured measure(BenchEnvironment environment, int simulatorPort, Capability capability)
            throws IOException, InterruptedException {
        var launch = environment
                .gateway(simulatorPort)
                .withEnvironment("KIS_FACE", "false")
                .withEnvironment("KIS_WS_SYMBOLS", "");
        var folder = environment.folder("capability");
        var gateway = environment.start(capability.settings().applyTo(launch, folder));
        try (var client = GatewayClient.onPort(gateway.gatewayPort())) {
            Orders.awaitReady(client);
            capability.use().of(new Running(client, gateway));
            BenchEnvironment.pause(Duration.ofSeconds(environment.normalOrQuick(SETTLE_SECONDS, 1)));
            double resident = StartBench.residentMb(gateway.pid());
            try (var probe = JvmProbe.of(gateway)) { // whose own classes are not part of the resident memory before
                var measured = new Measured(resident, probe.liveHeap() / MEGABYTE, probe.nonHeap() / MEGABYTE);
                environment.progress(String.format(
                        Locale.ROOT,
                        "%s: %.0f MB, live heap %.1f, beside the heap %.1f",
                        capability.name(),
                        measured.resident(),
                        measured.heap(),
                        measured.nonHeap()));
                return measured;
            }
        } finally {
            environment.stop(gateway);
        }
    }

    private static String fortySymbols() {
        return Orders.mostTraded(SYMBOLS).stream()
                .map(stock -> stock.symbol().code())
                .collect(Collectors.joining(","));
    }

    /** A program that logs in, calls, and reads trades. */
    private static void useFace(LocalProgram gateway) throws IOException, InterruptedException {
        var program = FaceClients.create(gateway, 1).getFirst();
        var price = program.query(PRICE, "FHKST01010100");
        try (var calls = HttpLoad.connect(program.port(), 1, System::nanoTime);
                var readers = StreamLoad.connectKis(
                        program.port(), List.of(program.trades(List.of("005930"))), System::nanoTime)) {
            calls.run(Pace.even(System.nanoTime(), 1, 1), _ -> price, USED).requireAllOk("A price");
            if (readers.run(0, FACE_SECONDS).ticks() <= 0)
                throw new BenchException("No trade at the KIS-compatible port");
        }
    }

    /** Waits until traces have arrived and no more do. */
    private static void awaitAll(Receiver receiver, long before) throws IOException, InterruptedException {
        await("traces at the receiver", () -> receiver.received() > before);
        long last = before;
        while (receiver.received() != last) {
            last = receiver.received();
            BenchEnvironment.pause(QUIET);
        }
    }

    /** How many symbols KIS pushes. */
    private static long pushed(GatewayClient client) {
        return client.get("/v1/session/pool")
                .body()
                .path("demand")
                .valueStream()
                .filter(demand -> demand.path("kind").asString("").equals("trades")
                        && demand.path("mode").asString("").equals("push"))
                .count();
    }

    private static Path alertRules(Path folder, int port) throws IOException {
        return Files.writeString(folder.resolve("alerts.yaml"), """
                channels: {desk: {type: webhook, url: "http://127.0.0.1:%d/desk", key: bench}}
                routes: [{to: [desk]}]
                """.formatted(port));
    }

    /** Becomes true, sooner or later. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(String what, Condition condition) throws IOException, InterruptedException {
        long until = System.nanoTime() + USED.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > until) throw new BenchException("After " + USED + " there are no " + what);
            BenchEnvironment.pause(POLL);
        }
    }

    /** A backfill of one stock, which a read then takes from the files. */
    private static void loadHistory(BenchEnvironment environment, GatewayClient client) throws InterruptedException {
        LocalDate to = Orders.today().minusDays(1);
        DailyBackfill.load(
                environment,
                client,
                "{\"symbols\":[\"005930\"],\"period\":\"D\",\"from\":\"" + to.minusYears(1) + "\",\"to\":\"" + to
                        + "\"}",
                1);
        requireOk(client, "/v1/bars/005930?period=D&limit=100&to=" + to);
    }

    private static void requireOk(GatewayClient client, String path) {
        var answer = client.get(path);
        if (!answer.ok()) throw new BenchException(path + " was answered " + answer);
    }

    private static Result result(String name, List<Measured> rounds) {
        var median = Median.of(rounds, Measured::resident);
        return Result.of(name, median.resident(), "MB")
                .withRounds(rounds, Measured::resident)
                .with("live heap", Report.format(Median.value(rounds, Measured::heap)) + " MB")
                .with("beside the heap", Report.format(Median.value(rounds, Measured::nonHeap)) + " MB")
                .with("after", SETTLE_SECONDS + " s");
    }
}
