package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Warming on a real gateway with its simulator, by the command and by the program that an Airflow DAG calls. */
@Requirement(value = "P-11", clause = "command")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WarmCommandTest {
    private static final Path AIRFLOW =
            Path.of("..", "examples", "airflow").toAbsolutePath().normalize();

    private RunningGateway gateway;
    private Shell shell;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        gateway = RunningGateway.start(temporary);
        shell = Shell.with(
                Map.of("GATEWAY_URL", gateway.base().toString(), "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN),
                temporary);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void a_warming_is_followed_to_its_end_with_the_figures_of_each_type() {
        var done = shell.withPerson(true).run("warm", "005930", "000660", "--types", "price,chart");

        assertThat(done.code()).as(done.toString()).isZero();
        assertThat(done.err()).contains("runs in the gateway. Ctrl-C leaves it running");
        assertThat(done.out()).contains("DONE  4 of 4 (100 %)", "PART", "SUCCEEDED", "together ");
        assertThat(done.out().lines().filter(line -> line.matches("(price|chart) +2 +0 +[0-9.]+ s")))
                .hasSize(2);
    }

    @Test
    void with_json_the_ended_job_is_the_only_thing_on_stdout() {
        var done = shell.run("warm", "--top", "3", "--types", "info", "--json");

        assertThat(done.code()).as(done.toString()).isZero();
        assertThat(done.json().at("/result/parts/info/succeeded").asInt(0)).isEqualTo(3);
        assertThat(done.json().at("/result/total_duration_seconds").isNumber()).isTrue();
    }

    @Test
    void one_that_is_not_waited_for_is_told_as_it_begins() {
        var begun = shell.run("warm", "--top", "2", "--no-wait", "--json");
        assertThat(begun.code()).isZero();
        assertThat(begun.json().path("total").asInt(0)).isEqualTo(6);
        RunningGateway.see(
                () -> shell.run("jobs", "show", begun.json().path("id").asString(""), "--json")
                        .json()
                        .path("state")
                        .asString(""),
                state -> state.equals("DONE"));
    }

    @Test
    void what_stays_cold_is_listed_and_the_exit_codes_say_so(@TempDir Path own) throws Exception {
        try (var broken = RunningGateway.start(own, List.of("--kis-api-circuit-breaker-timeout=50ms"))) {
            broken.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"chartprice\",\"for\":\"5m\"}}");
            // Half a minute of patience each, at the same time.
            var program = CompletableFuture.supplyAsync(() -> python(broken, List.of("051910")));
            var cold = Shell.with(
                            Map.of("GATEWAY_URL", broken.url(), "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN), own)
                    .run("warm", "035420", "--types", "chart");

            assertThat(cold.code()).as(cold.toString()).isEqualTo(Kis.REFUSED);
            assertThat(cold.out()).contains("1 failed", "035420/chart", "FAILED");
            var ended = program.get(60, TimeUnit.SECONDS);
            assertThat(ended.code).as(ended.said).isEqualTo(1);
            assertThat(ended.said).contains("left 1 of 3 cold: 051910/chart").doesNotContain("Traceback");
        }
    }

    @Test
    void what_is_asked_for_wrongly_is_said() {
        assertThat(shell.run("warm", "005930", "--top", "5").code()).isEqualTo(Kis.USAGE);
        assertThat(shell.run("warm", "--top", "none").code()).isEqualTo(Kis.USAGE);
        var unknown = shell.run("warm", "ZZZZZZ");
        assertThat(unknown.code()).isEqualTo(Kis.REFUSED);
        assertThat(unknown.err()).contains("SYMBOL_NOT_FOUND");
        assertThat(shell.run("warm", "--types", "news").err()).contains("INVALID_FIELD", "price, chart, info");
    }

    @Test
    @Requirement(value = "P-11", clause = "dag")
    void the_program_of_the_dag_warms_and_waits_and_says_why_it_could_not() {
        var warm = python(gateway, List.of("005930", "068270"));
        assertThat(warm.code).as(warm.said).isZero();
        assertThat(warm.said).contains("\"price\"", "\"chart\"", "\"info\"", "\"total_duration_seconds\"");

        var unknown = python(gateway, List.of("ZZZZZZ"));
        assertThat(unknown.code).isEqualTo(1);
        assertThat(unknown.said).contains("404", "SYMBOL_NOT_FOUND").doesNotContain("Traceback");
    }

    @Test
    void the_dag_itself_compiles() throws Exception {
        for (var file : List.of("warm_cache.py", "warm_dag.py")) {
            var compiled = run(
                    gateway,
                    List.of(
                            "python3",
                            "-c",
                            "import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')",
                            AIRFLOW.resolve(file).toString()));
            assertThat(compiled.code).as(compiled.said).isZero();
        }
        assertThat(Files.readString(AIRFLOW.resolve("warm_dag.py"))).contains("\"30 8 * * 1-5\"", "Asia/Seoul");
    }

    private record Ended(int code, String said) {}

    private Ended python(RunningGateway at, List<String> symbols) {
        var command = new ArrayList<>(
                List.of("python3", "-B", AIRFLOW.resolve("warm_cache.py").toString()));
        command.addAll(symbols);
        return run(at, command);
    }

    private Ended run(RunningGateway at, List<String> command) {
        try {
            var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
            builder.environment().put("GATEWAY_URL", at.url());
            builder.environment().put("GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN);
            var process = builder.start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
