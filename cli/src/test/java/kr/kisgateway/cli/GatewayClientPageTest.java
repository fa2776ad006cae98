package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of docs/GATEWAY-CLIENT.md, as a reader copies it. */
@Tag("slow")
class GatewayClientPageTest {
    private static final String BEGIN = "<!-- example: first order -->\n```java\n";

    @TempDir
    Path folder;

    @Test
    void the_program_of_the_page_compiles_and_trades_with_a_gateway() throws Exception {
        var page = Files.readString(Path.of("..", "docs", "GATEWAY-CLIENT.md"));
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        var classPath = System.getProperty("java.class.path");
        PrintedProgram.compile(folder, "FirstOrder", page.substring(begin, page.indexOf("```", begin)));

        try (var gateway = RunningGateway.start(folder.resolve("gateway"))) {
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            folder + System.getProperty("path.separator") + classPath,
                            "FirstOrder",
                            gateway.url())
                    .redirectErrorStream(true)
                    .start();
            var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(printed).isZero();
            assertThat(printed.lines()
                            .filter(line -> line.matches("price [0-9]+|resting|cancelled|refused.*"))
                            .toList())
                    .hasSize(3)
                    .first()
                    .asString()
                    .startsWith("price ");
            assertThat(printed).contains("resting\n", "cancelled\n");
        }
    }
}
