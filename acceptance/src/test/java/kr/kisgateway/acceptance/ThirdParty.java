package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.programs.Launch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Interpreters with third-party client libraries. On a machine without them a test is skipped with the reason; CI installs
 * them ({@code .ci/run}), so there it fails.
 */
enum ThirdParty {
    PYTHON(
            List.of("/usr/bin/python3", "-c", "import requests, websocket, websockets"),
            "python3 with requests, websocket-client and websockets is missing:"
                    + " apt-get install python3-requests python3-websocket python3-websockets"),
    NODE(
            List.of("node", "-e", "require('ws')"),
            "Node.js with ws is missing: copy acceptance/src/test/resources/clients/package*.json to .kis/node-clients"
                    + " and run npm ci there"),
    /** Its libraries are large and in no package of Debian, so that CI runs it only where pip has them. */
    NOTEBOOK(
            List.of(Launch.projectHome().resolve(".kis/notebook/bin/python").toString(), "-c", "import duckdb, pandas"),
            "DuckDB and pandas are missing: python3 -m venv .kis/notebook && .kis/notebook/bin/pip install duckdb pandas");

    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(60);

    private final List<String> check;
    private final String missing;

    ThirdParty(List<String> check, String missing) {
        this.check = check;
        this.missing = missing;
    }

    /** Continues only where the interpreter and its libraries are installed. */
    void require() {
        boolean installed = isInstalled();
        if (System.getenv("CI") != null && this != NOTEBOOK) {
            assertThat(installed).as(missing).isTrue();
        }
        if (!installed) {
            System.err.println("not run: " + missing);
        }
        assumeTrue(installed, "not run: " + missing);
    }

    private boolean isInstalled() {
        try {
            Process process = builder(check)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return awaitExit(process, CHECK_TIMEOUT) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // the interpreter is not installed
        }
    }

    /** The last line of the program's output, read as JSON; it must end by itself, without an error. */
    JsonNode run(Path folder, Duration timeout, String program, String... arguments) {
        Path output = folder.resolve(program + ".out");
        List<String> command = new ArrayList<>(List.of(check.getFirst()));
        command.add(copyProgram(folder, program).toString());
        command.addAll(List.of(arguments));
        try {
            Process process = builder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = awaitExit(process, timeout);
            List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
            assertThat(ended).as("ended in time: " + lines).isTrue();
            assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
            return new JsonMapper().readTree(lines.getLast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles a TypeScript project into {@code into}, which becomes a folder of modules. */
    void compile(Path project, Path into, Duration timeout) {
        var compiler = Launch.projectHome().resolve(".kis/node-clients/node_modules/typescript/bin/tsc");
        try {
            Files.createDirectories(into);
            Files.writeString(into.resolve("package.json"), "{\"type\":\"module\"}");
            Path output = into.resolve("compiler.out");
            Process process = builder(List.of(
                            check.getFirst(),
                            compiler.toString(),
                            "-p",
                            project.toString(),
                            "--outDir",
                            into.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(awaitExit(process, timeout)).as("compiled in time").isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(output, StandardCharsets.UTF_8))
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put(
                "NODE_PATH",
                Launch.projectHome().resolve(".kis/node-clients/node_modules").toString());
        environment.put("PYTHONIOENCODING", "utf-8");
        // This machine's proxy must not be used for its own loopback.
        environment.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        return builder;
    }

    private static boolean awaitExit(Process process, Duration timeout) {
        try {
            boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            return ended;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Path copyProgram(Path folder, String program) {
        Path file = folder.resolve(program);
        try (var in = ThirdParty.class.getResourceAsStream("/clients/" + program)) {
            if (in == null) {
                throw new IllegalStateException("no program " + program);
            }
            Files.write(file, in.readAllBytes());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
