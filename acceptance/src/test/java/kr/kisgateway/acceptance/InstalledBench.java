package kr.kisgateway.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kr.kisgateway.programs.Launch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The benches and the gateway in a folder of their own, installed as {@code ./kis} does. */
final class InstalledBench implements AutoCloseable {
    private static final List<String> INSTALLED = List.of("app", "bench");

    private final Path home;

    /**
     * What a bench left.
     *
     * @param log both of its outputs
     * @param results by name; empty when it wrote none
     */
    record Outcome(int exitCode, String log, Map<String, JsonNode> results) {}

    private InstalledBench(Path home) {
        this.home = home;
    }

    /** @param home an empty folder */
    static InstalledBench in(Path home) throws IOException {
        var bench = new InstalledBench(home);
        bench.install("app", "gateway");
        bench.install("bench", "bench");
        return bench;
    }

    /** Runs a bench to its end; fails when it takes longer than {@code limit}. */
    Outcome run(Duration limit, String... arguments) throws IOException, InterruptedException {
        var name = String.join("-", arguments);
        var json = home.resolve(name + ".json");
        var log = home.resolve(name + ".log");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dkis.home=" + home,
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                home.resolve(".kis/bench/lib") + "/*",
                "kr.kisgateway.bench.Main"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--json", json.toString()));
        var process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " has not ended after " + limit + ": " + Files.readString(log));
            }
        } finally {
            process.destroy(); // also ends its child processes
        }
        var results = new TreeMap<String, JsonNode>();
        if (Files.exists(json)) {
            new JsonMapper()
                    .readTree(Files.readString(json))
                    .path("results")
                    .forEach(result -> results.put(result.path("name").asString(""), result));
        }
        return new Outcome(process.exitValue(), Files.readString(log), results);
    }

    /** Names of what the benches did not remove. */
    List<String> leftovers() throws IOException {
        try (var left = Files.list(home.resolve(".kis"))) {
            return left.map(path -> path.getFileName().toString())
                    .filter(name -> !INSTALLED.contains(name))
                    .toList();
        }
    }

    /** Removes the links: JUnit's cleanup would warn of every link that leads out of the folder. */
    @Override
    public void close() throws IOException {
        try (var links = Files.find(home.resolve(".kis"), 3, (_, file) -> file.isSymbolicLink())) {
            for (var link : links.toList()) {
                Files.delete(link);
            }
        }
    }

    private void install(String name, String module) throws IOException {
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
