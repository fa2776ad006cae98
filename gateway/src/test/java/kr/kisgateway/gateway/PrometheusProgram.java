package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The programs of Debian's package {@code prometheus}. */
final class PrometheusProgram {
    private static final Path FOLDER = Path.of("/usr/bin");

    private PrometheusProgram() {}

    /** Runs promtool with this input; its whole output. */
    static String promtool(String input, String... arguments) {
        var command = new ArrayList<>(List.of(program("promtool")));
        command.addAll(List.of(arguments));
        try {
            var out = Files.createTempFile("promtool", ".out");
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("promtool ends")
                    .isTrue();
            var text = Files.readString(out);
            Files.delete(out);
            return text + "exit " + process.exitValue() + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The path of a program; fails with the package to install. */
    static String program(String name) {
        var program = FOLDER.resolve(name);
        assertThat(Files.isExecutable(program))
                .as("%s exists; the Debian package \"prometheus\" has it (.ci/run installs it)", program)
                .isTrue();
        return program.toString();
    }
}
