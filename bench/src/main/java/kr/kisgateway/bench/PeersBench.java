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
import java.util.concurrent.TimeUnit;
import kr.kisgateway.bench.decode.SampleFrames;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.wire.print.Layout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code peers}: other programs for KIS decode the same frames, each with its own code, as a process of its own beside nothing else.
 * What is not installed is not measured.
 */
final class PeersBench implements Bench {
    /** The interpreter that has the libraries. */
    private static final String PYTHON = "PEERS_PYTHON";

    private static final List<String> LIBRARIES = List.of("python-kis", "mojito", "official");
    private static final Path SCRIPT = Path.of("bench", "peers", "decode.py");
    private static final int NOT_INSTALLED = 3;
    private static final Duration MORE = Duration.ofMinutes(1);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        int seconds = environment.seconds(3);
        var frames = environment.folder("peers").resolve("frames.txt");
        // Of the layout that all of them know.
        Files.write(frames, SampleFrames.tradeTexts(Layout.CLASSIC));
        var results = new ArrayList<Result>();
        environment.progress("the gateway's decoder");
        var own = DecodeBench.trades("peers.decode.gateway", Layout.CLASSIC, seconds);
        results.add(own);
        for (var library : LIBRARIES) {
            decoded(environment, library, frames, seconds)
                    .ifPresent(rate -> results.add(Result.of("peers.decode." + library, rate, "records/s")
                            .with("per second of", "one core's time")
                            .with(
                                    "the gateway's decoder",
                                    String.format(Locale.ROOT, "%,.0f times", own.value() / rate))));
        }
        if (results.size() == 1) {
            throw new BenchException(
                    "None of " + String.join(", ", LIBRARIES) + " is installed: see bench/peers/README.md");
        }
        return results;
    }

    private static Optional<Double> decoded(BenchEnvironment environment, String library, Path frames, int seconds)
            throws IOException, InterruptedException {
        environment.progress(library);
        var python = Optional.ofNullable(System.getenv(PYTHON)).orElse("python3");
        var output = frames.resolveSibling(library + ".json");
        var errors = frames.resolveSibling(library + ".log");
        Process process;
        try {
            process = new ProcessBuilder(
                            python,
                            environment.home().resolve(SCRIPT).toString(),
                            library,
                            frames.toString(),
                            Integer.toString(seconds))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
        } catch (IOException e) {
            environment.progress("not measured, there is no " + python + " (" + PYTHON + ")");
            return Optional.empty();
        }
        try {
            if (!process.waitFor(seconds + MORE.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchException(library + " has not ended");
            }
        } finally {
            process.destroyForcibly();
        }
        var log = Files.readString(errors, StandardCharsets.UTF_8).strip();
        if (process.exitValue() == NOT_INSTALLED) {
            environment.progress("not measured, " + log);
            return Optional.empty();
        }
        if (process.exitValue() != 0) throw new BenchException(library + " failed: " + log);
        JsonNode measured = JSON.readTree(Files.readString(output, StandardCharsets.UTF_8));
        return Optional.of(measured.path("records").asDouble()
                / measured.path("processor_seconds").asDouble());
    }
}
