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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Warmup on a real gateway with its simulator, by the command and by the program that an Airflow DAG calls. */
@Requirement(value = "P-11", clause = "command")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
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
                Map.of("GATEWAY_URL", gateway.baseUri().toString(), "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN),
                temporary);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void a_warmup_is_followed_to_its_end_with_figures_per_type() {
        var done = shell.atTerminal(true).run("warm", "005930", "000660", "--types", "price,chart");

        assertThat(done.code()).as(done.toString()).isZero();
        assertThat(done.err()).contains("runs in the gateway. Ctrl-C leaves it running");
        assertThat(done.out()).contains("DONE  4 of 4 (100 %)", "PART", "SUCCEEDED", "together ");
        assertThat(done.out().lines().filter(line -> line.matches("(price|chart) +2 +0 +[0-9.]+ s")))
                .hasSize(2);
    }

    @Test
    void with_json_stdout_has_the_ended_job_only() {
        var done = shell.run("warm", "--top", "3", "--types", "info", "--json");

        assertThat(done.code()).as(done.toString()).isZero();
        assertThat(done.json().at("/result/parts/info/succeeded").asInt(0)).isEqualTo(3);
        assertThat(done.json().at("/result/total_duration_seconds").isNumber()).isTrue();
    }

    @Test
    void a_warmup_without_wait_is_reported_as_it_starts() {
        var started = shell.run("warm", "--top", "2", "--no-wait", "--json");
        assertThat(started.code()).isZero();
        assertThat(started.json().path("total").asInt(0)).isEqualTo(6);
        RunningGateway.awaitValue(
                () -> shell.run("jobs", "show", started.json().path("id").asString(""), "--json")
                        .json()
                        .path("state")
                        .asString(""),
                state -> state.equals("DONE"));
    }

    @Test
    void symbols_that_stay_cold_are_listed_and_set_the_exit_code() {
        // KIS offers no such data of US stocks, so nothing is retried.
        var cold = shell.run("warm", "AAPL.NASD", "--types", "info");

        assertThat(cold.code()).as(cold.toString()).isEqualTo(Kis.REFUSED);
        assertThat(cold.out()).contains("1 failed", "AAPL.NASD/info", "FAILED");
        var ended = run(gateway, List.of("python3", "-B", "-c", """
                        import os, sys
                        sys.path.insert(0, sys.argv[1])
                        from warm_cache import *
                        at, headers = os.environ["GATEWAY_URL"], identity(os.environ)
                        try:
                            check(wait(at, headers, begin(at, headers, ["AAPL.NASD"], data_types=["info"]), pause=0.1))
                        except WarmingFailed as failed:
                            sys.exit(str(failed))
                        """, AIRFLOW.toString()));
        assertThat(ended.code).as(ended.output).isEqualTo(1);
        assertThat(ended.output).contains("left 1 of 1 cold: AAPL.NASD/info").doesNotContain("Traceback");
    }

    @Test
    @Tag("long")
    void symbols_that_stay_cold_after_half_a_minute_of_retries_are_listed(@TempDir Path own) throws Exception {
        try (var broken = RunningGateway.start(own, List.of("--kis-api-circuit-breaker-timeout=50ms"))) {
            broken.setFaults("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"chartprice\",\"for\":\"5m\"}}");
            // Each waits up to half a minute, at the same time.
            var pythonRun = CompletableFuture.supplyAsync(() -> runPython(broken, List.of("051910")));
            var cold = Shell.with(
                            Map.of("GATEWAY_URL", broken.url(), "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN), own)
                    .run("warm", "035420", "--types", "chart");

            assertThat(cold.code()).as(cold.toString()).isEqualTo(Kis.REFUSED);
            assertThat(cold.out()).contains("1 failed", "035420/chart", "FAILED");
            var ended = pythonRun.get(60, TimeUnit.SECONDS);
            assertThat(ended.code).as(ended.output).isEqualTo(1);
            assertThat(ended.output).contains("left 1 of 3 cold: 051910/chart").doesNotContain("Traceback");
        }
    }

    @Test
    void an_invalid_warmup_is_refused_with_a_reason() {
        assertThat(shell.run("warm", "005930", "--top", "5").code()).isEqualTo(Kis.USAGE);
        assertThat(shell.run("warm", "--top", "none").code()).isEqualTo(Kis.USAGE);
        var unknown = shell.run("warm", "ZZZZZZ");
        assertThat(unknown.code()).isEqualTo(Kis.REFUSED);
        assertThat(unknown.err()).contains("SYMBOL_NOT_FOUND");
        assertThat(shell.run("warm", "--types", "news").err()).contains("INVALID_FIELD", "price, chart, info");
    }

    @Test
    @Requirement(value = "P-11", clause = "dag")
    void the_dag_program_warms_waits_and_reports_failures() {
        var warm = runPython(gateway, List.of("005930", "068270"));
        assertThat(warm.code).as(warm.output).isZero();
        assertThat(warm.output).contains("\"price\"", "\"chart\"", "\"info\"", "\"total_duration_seconds\"");

        var unknown = runPython(gateway, List.of("ZZZZZZ"));
        assertThat(unknown.code).isEqualTo(1);
        assertThat(unknown.output).contains("404", "SYMBOL_NOT_FOUND").doesNotContain("Traceback");
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
            assertThat(compiled.code).as(compiled.output).isZero();
        }
        assertThat(Files.readString(AIRFLOW.resolve("warm_dag.py"))).contains("\"30 8 * * 1-5\"", "Asia/Seoul");
    }

    private record ProcessResult(int code, String output) {}

    private ProcessResult runPython(RunningGateway at, List<String> symbols) {
        var command = new ArrayList<>(
                List.of("python3", "-B", AIRFLOW.resolve("warm_cache.py").toString()));
        command.addAll(symbols);
        return run(at, command);
    }

    private ProcessResult run(RunningGateway at, List<String> command) {
        try {
            var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
            builder.environment().put("GATEWAY_URL", at.url());
            builder.environment().put("GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN);
            var process = builder.start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new ProcessResult(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
