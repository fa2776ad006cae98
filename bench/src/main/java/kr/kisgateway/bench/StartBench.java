package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import kr.kisgateway.bench.floor.BareRouteMain;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.programs.FreePort;

/**
 * {@code start}: from {@code ./kis run} (already built) until it is ready and to the first quote that is answered with 200, and the resident
 * memory ten seconds later. It includes the launcher's script and the embedded simulator. The floor of readiness is a JVM with the server library
 * alone, without a start cache, until its one route answers.
 */
final class StartBench implements Bench {
    private static final String READY = "/health/ready";
    private static final String QUOTE = "/v1/quotes/005930";
    private static final int ROUNDS = 5;
    private static final double READY_MS = 600;
    private static final double FIRST_QUOTE_MS = 3_000;
    private static final double RESIDENT_MB = 300;
    private static final Duration SETTLE = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** A start needs both cores: more requests would delay it. */
    private static final Duration POLL = Duration.ofMillis(20);

    private record Round(double readyMillis, double millis, double residentMb) {}

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.ROUNDS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var rounds = new ArrayList<Round>();
        var floors = new ArrayList<Double>();
        int count = environment.rounds(ROUNDS);
        for (int round = 1; round <= count; round++) {
            rounds.add(round(environment));
            floors.add(floor(environment));
            environment.progress(String.format(
                    Locale.ROOT,
                    "start %d of %d: ready after %,.0f ms, first quote after %,.0f ms, %.0f MB; bare server after %,.0f ms",
                    round,
                    count,
                    rounds.getLast().readyMillis(),
                    rounds.getLast().millis(),
                    rounds.getLast().residentMb(),
                    floors.getLast()));
        }
        double readyMillis = Median.value(rounds, Round::readyMillis);
        var ready = Result.of("start.ready_ms", readyMillis, "ms")
                .withRounds(rounds, Round::readyMillis)
                .with(Target.atMost(READY_MS, readyMillis, "ms"));
        var start = Result.of("start.first_quote_ms", Median.value(rounds, Round::millis), "ms")
                .with("rounds", count)
                .withRounds(rounds, Round::millis)
                .with(Target.below(FIRST_QUOTE_MS, Median.value(rounds, Round::millis), "ms"))
                .with(
                        "slowest",
                        Report.format(rounds.stream()
                                        .mapToDouble(Round::millis)
                                        .max()
                                        .orElseThrow()) + " ms")
                .with("start cache", Files.exists(environment.home().resolve(".kis/app/gateway.aot")) ? "yes" : "no");
        var resident = Result.of("start.resident_mb", Median.value(rounds, Round::residentMb), "MB")
                .withRounds(rounds, Round::residentMb)
                .with(Target.below(RESIDENT_MB, Median.value(rounds, Round::residentMb), "MB"))
                .with("after", SETTLE.toSeconds() + " s")
                .with("embedded simulator", "yes");
        var bare = Result.of("start.ready_ms.floor", Median.value(floors, it -> it), "ms")
                .withRounds(floors, it -> it);
        return List.of(ready, bare, start, resident);
    }

    private static Round round(BenchEnvironment environment) throws IOException, InterruptedException {
        int port = FreePort.find();
        var workFolder = environment.folder("start");
        var command = new ProcessBuilder(
                        environment.home().resolve("kis").toString(),
                        "run",
                        "--port=" + port,
                        "--simulator-port=0",
                        "--data-dir=" + workFolder.resolve("data"))
                .directory(workFolder.toFile());
        command.environment().keySet().removeIf(name -> name.matches("(KIS|GATEWAY|SIMULATOR|RISK|ORDER|QUOTE)_.*"));
        command.environment()
                .put("GATEWAY_CONFIG_DIR", workFolder.resolve("config").toString());
        long startedAt = System.nanoTime();
        var process = environment.start(command);
        try (var client = GatewayClient.at(java.net.URI.create("http://127.0.0.1:" + port), Duration.ofSeconds(5));
                var threads = Executors.newFixedThreadPool(2)) {
            var ready = threads.submit(() -> await(READY, client, process, startedAt));
            var quote = threads.submit(() -> await(QUOTE, client, process, startedAt));
            double readyMillis = ready.get();
            double quoteMillis = quote.get();
            BenchEnvironment.pause(SETTLE);
            return new Round(readyMillis, quoteMillis, residentMb(process.pid()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BenchException cause ? cause : new BenchException("No start", e);
        } finally {
            process.toHandle().destroyForcibly();
            process.onExit().join();
        }
    }

    private static double floor(BenchEnvironment environment) throws IOException, InterruptedException {
        long startedAt = System.nanoTime();
        var bare = environment.start(environment.floor(BareRouteMain.class).withArguments("500"));
        try (var client = GatewayClient.onPort(bare.gatewayPort())) {
            var answer = client.get(QUOTE);
            if (!answer.ok()) throw new BenchException("The bare route was answered " + answer);
            return (System.nanoTime() - startedAt) / 1e6;
        } finally {
            environment.stop(bare);
        }
    }

    /** Milliseconds until a path is answered with 200. */
    private static double await(String path, GatewayClient client, Process process, long startedAt)
            throws InterruptedException {
        var last = "nothing";
        while (System.nanoTime() - startedAt < LIMIT.toNanos()) {
            if (!process.isAlive()) throw new BenchException("./kis run ended with " + process.exitValue());
            try {
                var answer = client.get(path);
                if (answer.status() == 200) return (System.nanoTime() - startedAt) / 1e6;
                last = answer.toString();
            } catch (GatewayException notYet) {
                last = String.valueOf(notYet.getMessage());
            }
            BenchEnvironment.pause(POLL);
        }
        throw new BenchException(path + " was not answered 200 within " + LIMIT.toSeconds() + " s, but " + last);
    }

    /**
     * From a file on Linux; elsewhere from {@code ps}. The launcher becomes the program, so the process id is right.
     */
    static double residentMb(long pid) throws IOException {
        var file = Path.of("/proc/" + pid + "/status");
        if (Files.isReadable(file)) {
            return Files.readAllLines(file).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .map(line -> line.replaceAll("\\D", ""))
                            .mapToLong(Long::parseLong)
                            .findFirst()
                            .orElseThrow(() -> new BenchException("The program ended while its memory was read"))
                    / 1024.0;
        }
        var ps = new ProcessBuilder("ps", "-o", "rss=", "-p", String.valueOf(pid)).start();
        try (var out = ps.inputReader(StandardCharsets.US_ASCII)) {
            return Optional.ofNullable(out.readLine())
                            .map(String::strip)
                            .map(Long::parseLong)
                            .orElse(0L)
                    / 1024.0;
        }
    }
}
