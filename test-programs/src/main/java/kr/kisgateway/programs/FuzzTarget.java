package kr.kisgateway.programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A parser under a coverage-guided fuzzer (Jazzer): a public class with {@code public static void fuzzerTestOneInput(byte[])}, which
 * throws where the parser breaks its contract. Its committed inputs are the resources {@code fuzz/<simple name of the class>/}:
 * named cases, and {@code found-…}, each of which reached code that the others had not when it was added.
 *
 * <p>{@link #replay} executes the committed inputs within the test itself, in milliseconds. {@link #fuzz} starts a process that
 * searches for others; it needs Jazzer on the class path of the test.
 */
public final class FuzzTarget {
    private static final long FIVE_MINUTES = 300;

    /** An input that takes longer is a finding. */
    private static final int INPUT_SECONDS_MAX = 25;

    /** Start of Jazzer and instrumentation of the classes, on a busy machine. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /** A shorter run is mostly the start, which the optimizing compiler makes longer. */
    private static final Duration OPTIMIZER_FROM = Duration.ofMinutes(1);

    private static final Pattern COVERAGE = Pattern.compile("#\\d+\\s+DONE\\s+cov: (\\d+) ft: (\\d+) corp: (\\d+)/");

    private final Class<?> fuzzer;
    private final Path corpus;

    private FuzzTarget(Class<?> fuzzer, Path corpus) {
        this.fuzzer = fuzzer;
        this.corpus = corpus;
    }

    /**
     * What a run has covered.
     *
     * @param edges of the instrumented classes ({@code cov})
     * @param features edges with the number of their executions ({@code ft})
     * @param inputs that the fuzzer retains for them
     */
    public record Coverage(int edges, int features, int inputs) {}

    /**
     * The target of {@code fuzzer}.
     *
     * @throws ProgramException when it has no committed inputs
     */
    public static FuzzTarget of(Class<?> fuzzer) {
        var folder = "/fuzz/" + fuzzer.getSimpleName();
        return Optional.ofNullable(fuzzer.getResource(folder))
                .map(url -> new FuzzTarget(fuzzer, Path.of(URI.create(url.toString()))))
                .orElseThrow(() -> new ProgramException("There are no inputs in src/test/resources" + folder));
    }

    /** How long a target is fuzzed in {@code ./kis test --long}: five minutes, or the system property {@code kis.fuzz.seconds}. */
    public static Duration longRun() {
        return Duration.ofSeconds(Long.getLong("kis.fuzz.seconds", FIVE_MINUTES));
    }

    /** Where the module whose tests run retains what fuzzing finds. */
    public static Path folder(Class<?> fuzzer) {
        return Path.of("target", "fuzz", fuzzer.getSimpleName()).toAbsolutePath();
    }

    /**
     * Executes every committed input.
     *
     * @return their names
     * @throws ProgramException naming the first that fails
     */
    public List<String> replay() {
        try (Stream<Path> files = Files.list(corpus)) {
            Method method = fuzzer.getMethod("fuzzerTestOneInput", byte[].class);
            List<Path> inputs = files.sorted().toList();
            for (Path input : inputs) {
                replay(method, input);
            }
            return inputs.stream().map(input -> input.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchMethodException e) {
            throw new ProgramException(fuzzer + " has no fuzzerTestOneInput(byte[])", e);
        }
    }

    private void replay(Method method, Path input) throws IOException {
        try {
            method.invoke(null, (Object) Files.readAllBytes(input));
        } catch (InvocationTargetException e) {
            throw new ProgramException(
                    fuzzer.getSimpleName() + " fails for " + input.getFileName() + ": " + e.getCause(), e);
        } catch (IllegalAccessException e) {
            throw new ProgramException(fuzzer + " is not public", e);
        }
    }

    /**
     * Runs Jazzer in a process of its own, which begins with the committed inputs.
     *
     * @param folder gets {@code log}, the inputs with new coverage in {@code new}, and the input of a finding in {@code crash-…}
     * @throws ProgramException with the log, when an input fails, takes too long or needs too much memory
     */
    public Coverage fuzz(Duration duration, Path folder) {
        Path log = folder.resolve("log");
        try {
            clear(folder);
            Process jazzer = new ProcessBuilder(command(duration, folder))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                boolean ended = jazzer.waitFor(duration.plus(START_LIMIT).toSeconds(), TimeUnit.SECONDS);
                String output = Files.readString(log, StandardCharsets.ISO_8859_1);
                if (!ended || jazzer.exitValue() != 0) {
                    throw new ProgramException(
                            fuzzer.getSimpleName() + (ended ? " failed" : " did not end") + ": " + output);
                }
                return coverage(output).orElseThrow(() -> new ProgramException("Jazzer has not run: " + output));
            } finally {
                jazzer.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw ProgramException.interrupted("fuzzing " + fuzzer.getSimpleName(), e);
        }
    }

    /**
     * Fuzzes each of several targets for {@link #longRun}, as many at once as there are cores, into its {@link #folder}.
     *
     * @return in the order of {@code fuzzers}; each call waits for the end of its target, and throws an {@link
     *     ExecutionException} with what {@link #fuzz} has thrown
     */
    public static Map<Class<?>, Callable<Coverage>> fuzzAll(List<Class<?>> fuzzers) {
        int cores = Runtime.getRuntime().availableProcessors();
        var running = Executors.newFixedThreadPool(
                cores, Thread.ofPlatform().name("fuzz-", 0).daemon().factory());
        Map<Class<?>, Callable<Coverage>> results = new LinkedHashMap<>();
        for (Class<?> fuzzer : fuzzers) {
            results.put(fuzzer, running.submit(() -> of(fuzzer).fuzz(longRun(), folder(fuzzer)))::get);
        }
        running.shutdown();
        return results;
    }

    private List<String> command(Duration duration, Path folder) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=" + (duration.compareTo(OPTIMIZER_FROM) < 0 ? 1 : 4),
                "-Djava.io.tmpdir=" + folder, // cleared by the next run, also after a kill
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + fuzzer.getName(),
                "--instrumentation_includes=kr.kisgateway.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_total_time=" + duration.toSeconds(),
                "-timeout=" + INPUT_SECONDS_MAX,
                "-rss_limit_mb=0",
                folder.resolve("new").toString(), // the first folder gets what is found
                corpus.toString());
    }

    private static Optional<Coverage> coverage(String log) {
        var matcher = COVERAGE.matcher(log);
        return matcher.find()
                ? Optional.of(new Coverage(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3))))
                : Optional.empty();
    }

    private static void clear(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(folder.resolve("new"));
    }
}
