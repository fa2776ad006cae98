package kr.kisgateway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each program as a user starts it: a process of its own, an empty folder, no credentials. */
@Tag("slow")
class ExamplesTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int LINES_MAX = 60;

    @TempDir
    private Path folder;

    @TempDir
    private Path outside;

    @Test
    @Requirement("P-14")
    @Requirement(value = "P-05", clause = "mock")
    void a_quote_without_credentials_comes_from_a_simulator() throws Exception {
        assertThat(run(Quote.class, Map.of(), "000660"))
                .singleElement()
                .asString()
                .matches("000660: \\d+ won, .* %");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @Requirement("P-14")
    void the_same_quote_with_credentials_comes_from_the_broker_named() throws Exception {
        try (KisSimulator broker = KisSimulator.start(
                SimulatorConfig.defaults(outside.resolve("broker")).withSynchronous("OFF"))) {
            Files.writeString(
                    folder.resolve(".env"),
                    "KIS_ENV=live\nKIS_APP_KEY=PSEXAMPLEKEY0123456789\nKIS_APP_SECRET=" + "secret".repeat(30)
                            + "\nKIS_ACCOUNT_NO=12345678-01\nKIS_API_BASE_URL_REAL=" + broker.restBase() + "\n");
            Map<String, String> key = Map.of(
                    "KIS_TOKEN_KEY",
                    "0123456789abcdef",
                    "KIS_TOKEN_DIR",
                    folder.resolve("tokens").toString());
            assertThat(run(Quote.class, key)).singleElement().asString().matches("005930: \\d+ won, .* %");
            assertThat(folder.resolve("tokens")).isNotEmptyDirectory();
        }
    }

    @Test
    @Requirement("P-14")
    void missing_credentials_are_reported_and_nothing_starts() throws Exception {
        Map<String, String> half = Map.of("KIS_ENV", "live", "KIS_APP_KEY", "PSEXAMPLEKEY0123456789");
        assertThat(run(Quote.class, half))
                .singleElement()
                .asString()
                .contains("CREDENTIALS_MISSING", "KIS_APP_SECRET is not set");
    }

    @Test
    @Requirement("P-14")
    void a_symbol_of_another_form_is_explained_in_a_sentence() throws Exception {
        assertThat(run(Quote.class, Map.of(), "5930"))
                .singleElement()
                .asString()
                .startsWith("INVALID_SYMBOL: '5930' is no symbol (종목코드). did you mean 005930?");
        assertThat(Files.readString(errors())).doesNotContain("Exception");
    }

    @Test
    @Requirement(value = "P-13", clause = "stream")
    void a_stream_shows_trades_and_books() throws Exception {
        List<String> lines = run(kr.kisgateway.examples.Stream.class, Map.of());
        assertThat(lines)
                .filteredOn(it -> it.matches("trade (005930|000660) \\d+ x \\d+"))
                .hasSizeGreaterThanOrEqualTo(10);
        assertThat(lines).anyMatch(it -> it.matches("book  (005930|000660) \\d+ \\| \\d+"));
    }

    @Test
    void an_order_rests_and_is_cancelled() throws Exception {
        List<String> lines = run(Order.class, Map.of());
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).matches("order \\d+ rests at \\d+ won");
        assertThat(lines.get(1)).isEqualTo("open: [" + lines.getFirst().split(" ")[1] + "]");
        assertThat(lines.getLast()).isEqualTo("cancelled");
    }

    @Test
    @Requirement("P-09")
    void the_prices_of_many_stocks_are_printed_with_progress() throws Exception {
        assertThat(run(Prices.class, Map.of(), "150"))
                .startsWith("150 stocks in 5 calls, at least 0 s", "100 of 150", "150 of 150", "150 prices, 5 calls")
                .hasSize(9);
    }

    @Test
    @Requirement(value = "P-13", clause = "resumable")
    void a_backfill_resumes_where_it_ended() throws Exception {
        assertThat(run(Backfill.class, Map.of(), "005930"))
                .singleElement()
                .asString()
                .matches(".* [23]\\d\\d days more");
        Path file = folder.resolve("data").resolve("bars").resolve("005930.csv");
        List<String> barLines = Files.readAllLines(file);
        assertThat(barLines)
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(it -> it.matches("\\d{4}-\\d\\d-\\d\\d(,\\d+){5}"));
        Files.write(file, barLines.subList(0, barLines.size() - 3));
        assertThat(run(Backfill.class, Map.of(), "005930"))
                .singleElement()
                .asString()
                .endsWith(": 3 days more");
        assertThat(Files.readAllLines(file)).hasSameSizeAs(barLines);
        assertThat(run(Backfill.class, Map.of(), "005930")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"README.md", "docs/CLIENT.md"})
    @Requirement(value = "P-14", clause = "library")
    void the_quick_start_in_the_documents_is_the_program_that_runs(String document) throws IOException {
        String program = Files.readString(source("Quote.java"));
        String shown =
                between(Files.readString(Path.of("..", document)), "<!-- example: quick start -->\n```java\n", "```");
        assertThat(stripLines(between(shown, "void main(String[] args) {\n", "\n}\n")))
                .isEqualTo(stripLines(between(program, "// example: quick start\n", "// end\n")))
                .hasSizeLessThanOrEqualTo(10);
    }

    @Test
    @Requirement("P-09")
    void the_batch_in_the_guide_is_the_program_that_runs() throws IOException {
        String program = Files.readString(source("Prices.java"));
        String guide = Files.readString(Path.of("..", "docs", "CLIENT.md"));
        assertThat(stripLines(between(guide, "<!-- example: batch -->\n```java\n", "```")))
                .containsSequence(stripLines(between(program, "// example: batch\n", "// end\n")));
    }

    @Test
    void every_program_is_short() throws IOException {
        try (Stream<Path> sources = Files.list(source("Quote.java").getParent())) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readAllLines(source))
                        .filteredOn(line -> !line.startsWith("import ") && !line.isBlank())
                        .as(source.toString())
                        .hasSizeLessThan(LINES_MAX);
            }
        }
    }

    /** The lines that it prints; other output is in {@link #errors}. */
    private List<String> run(Class<?> program, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dstdout.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors().toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(KIS|GATEWAY|SIMULATOR|JAVA_TOOL)_.*"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    private Path errors() {
        return outside.resolve("errors.txt");
    }

    private static Path source(String name) {
        return Path.of("src", "main", "java", "kr", "kisgateway", "examples", name);
    }

    private static String between(String text, String begin, String end) {
        assertThat(text).contains(begin);
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static List<String> stripLines(String text) {
        return text.lines().map(String::strip).filter(it -> !it.isEmpty()).toList();
    }
}
