package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The market data benches run to their end, most of them in the long run; their figures here are not measurements. */
@Tag("slow")
class BenchTest {
    private static final long MINUTES = 3;

    @TempDir
    static Path home;

    /** Installs the programs as {@code ./kis} does. */
    @BeforeAll
    static void install() throws IOException {
        install("app", "gateway");
        install("bench", "bench");
    }

    /** Removes the links: JUnit's cleanup would warn of every link that leads out of the folder. */
    @AfterAll
    static void unlink() throws IOException {
        try (var links = Files.find(home.resolve(".kis"), 3, (_, file) -> file.isSymbolicLink())) {
            for (var link : links.toList()) {
                Files.delete(link);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"quote cached, quote.cached.p99_ms"})
    void a_benchmark_reports_its_measurements_and_its_targets(String what, String results) throws Exception {
        runBenchmark(what, results);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        "history, history.from_kis_ms history.from_files_ms history.warm.p99_ms",
        "stream 50x1000, stream.rate.50x1000 stream.p99_ms.50x1000 stream.allocated.50x1000",
        "stream idle, stream.idle_kb",
        "quote memory, quote.rate quote.p99_ms",
        "batch api, batch.api_s",
        "stream 500xmax, stream.rate.500xmax",
        "stream a20, stream.a20.p99_ms",
        "batch sdk, batch.prices_s",
        "reconnect, reconnect.first_tick_ms"
    })
    void a_long_benchmark_reports_its_measurements_and_its_targets(String what, String results) throws Exception {
        runBenchmark(what, results);
    }

    private static void runBenchmark(String what, String results) throws Exception {
        var json = home.resolve(what.replace(' ', '-') + ".json");
        var log = home.resolve(what.replace(' ', '-') + ".log");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dkis.home=" + home,
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                home.resolve(".kis/bench/lib") + "/*",
                "kr.kisgateway.bench.Main"));
        command.addAll(List.of(what.split(" ")));
        command.addAll(List.of("--quick", "--json", json.toString()));
        var process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as("ends in time")
                    .isTrue();
        } finally {
            process.destroy(); // also ends its child processes
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        var measured = new TreeMap<String, JsonNode>();
        new JsonMapper()
                .readTree(Files.readString(json))
                .path("results")
                .forEach(result -> measured.put(result.path("name").asString(""), result));
        assertThat(measured).containsKeys(results.split(" "));
        assertThat(measured.values())
                .allMatch(result -> Double.isFinite(result.path("value").asDouble(Double.NaN)));
        if (!what.equals("reconnect")) {
            assertThat(measured.values()).anyMatch(result -> result.path("bars").size() > 0);
        }
        assertThat(Files.readString(log)).contains(results.split(" ")[0]);
        try (var left = Files.list(home.resolve(".kis"))) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("app", "bench");
        }
    }

    private static void install(String name, String module) throws IOException {
        var libFolder =
                Files.createDirectories(home.resolve(".kis").resolve(name).resolve("lib"));
        var target = Launch.projectHome().resolve(module).resolve("target");
        try (var jars = Stream.concat(Files.list(target), Files.list(target.resolve("lib")))) {
            jars.filter(jar -> jar.toString().endsWith(".jar")).forEach(jar -> link(jar, libFolder));
        }
        Files.copy(Launch.projectHome().resolve("jvm.flags"), libFolder.resolveSibling("jvm.flags"));
    }

    private static void link(Path jar, Path libFolder) {
        try {
            Files.createSymbolicLink(libFolder.resolve(jar.getFileName()), jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
