package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.market.FastClock;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.terminal.Screen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class SimulatorMainTest {
    @TempDir
    Path folder;

    @Test
    void options_configure_the_simulator_and_a_raised_rate_applies_to_the_ledger_too() {
        SimulatorConfig config = read(
                "--port",
                "18999",
                "--seed",
                "7",
                "--rate",
                "3000",
                "--clock",
                "real",
                "--ticks",
                "50",
                "--activity",
                "real");

        assertThat(config.port()).isEqualTo(18_999);
        assertThat(config.seed()).isEqualTo(7);
        assertThat(config.callsPerSecond()).isEqualTo(3_000);
        assertThat(config.ledgerPerSecond()).isEqualTo(3_000);
        assertThat(config.ticksPerSecond()).isEqualTo(50);
        assertThat(config.market().realTurnover()).isTrue();
        assertThat(read().market().realTurnover()).isTrue();
        assertThat(read("--ticks", "20").market().realTurnover()).isFalse();
        assertThat(read("--activity", "even").market().realTurnover()).isFalse();
        assertThat(config.calendar()).isInstanceOf(KrxCalendar.class);
        assertThat(config.dataFile()).isEqualTo(folder.resolve("simulator.db"));
    }

    @Test
    void without_options_it_is_the_live_face() {
        SimulatorConfig config = read();

        assertThat(config.callsPerSecond()).isEqualTo(18);
        assertThat(config.ledgerPerSecond()).isEqualTo(10);
        assertThat(config.registrations()).isEqualTo(41);
        assertThat(config.synchronous()).isEqualTo("FULL");
    }

    @Test
    void paper_has_a_file_and_limits_of_its_own_and_needs_no_value() {
        SimulatorConfig config = read("--paper", "--seed", "7");

        assertThat(config.face()).isEqualTo(Face.PAPER);
        assertThat(config.seed()).isEqualTo(7);
        assertThat(config.callsPerSecond()).isEqualTo(1);
        assertThat(config.ledgerPerSecond()).isEqualTo(1);
        assertThat(config.dataFile()).isEqualTo(folder.resolve("simulator-paper.db"));
        assertThat(read("--seed", "7", "--rate", "50", "--paper").callsPerSecond())
                .isEqualTo(50);
        assertThat(read().face()).isEqualTo(Face.LIVE);
    }

    @Test
    void each_bad_option_fails_with_one_sentence() {
        assertThatThrownBy(() -> read("--clock", "x")).hasMessageContaining("--clock is open, open-fixed or real");
        assertThatThrownBy(() -> read("--clock", "x61@2026-11-20T08:55"))
                .hasMessageContaining("--clock runs 1 to 60 times as fast as real time, not 61");
        assertThatThrownBy(() -> read("--clock", "x0@2026-11-20T08:55")).hasMessageContaining("not 0");
        assertThatThrownBy(() -> read("--clock", "x10@08:55"))
                .hasMessageContaining("a Korean time such as 2026-11-20T08:55, not 08:55");
        assertThatThrownBy(() -> read("--clock", "x10@2035-11-20T08:55"))
                .hasMessageContaining("a day of the holiday calendar");
        assertThatThrownBy(() -> read("--port", "99999")).hasMessageContaining("a port lies in 0..65535");
        assertThatThrownBy(() -> read("--synchronous", "x")).hasMessageContaining("FULL, NORMAL or OFF");
        assertThatThrownBy(() -> KisSimulator.start(read("--rate", "0"))).hasMessageContaining("calls per second");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --cloc real        | ./kis simulator has no option --cloc; did you mean "--clock"?
            --seed             | --seed of ./kis simulator needs a value: the seed of the market.
            --seed x           | --seed needs a whole number and got 'x'.
            --rate x           | --rate needs a number and got 'x'.
            --paper=yes        | --paper takes no value.
            7                  | ./kis simulator takes no further argument: 7.
            --speed 2          | --speed needs --replay.
            --paper-port 1     | --paper-port needs --both.
            --both --record x  | --record is for one face at a time, not for --both.
            --replay x --paper | --paper does not go with --replay.
            --activity calm    | --activity is even or real.
            """)
    void a_usage_error_starts_nothing_and_names_what_is_wrong_and_where_the_help_is(String line, String sentence) {
        var result = SimulatorCommands.run(80, line.split(" +"));

        assertThat(result.code()).as(result.toString()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains(sentence, "What to do: ./kis simulator --help", "할 일: ./kis simulator --help");
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 100, 120})
    void the_help_fits_the_terminal_and_is_in_both_languages(int width) {
        var help = SimulatorCommands.run(width, "--help");

        assertThat(help.code()).isZero();
        assertThat(help.out())
                .contains(
                        "--paper-ws-port",
                        "open-fixed",
                        "시뮬레이터만 별도 프로세스로 실행합니다",
                        "A gateway uses it with SIMULATOR_URL");
        assertThat(help.out().lines())
                .allSatisfy(text -> assertThat(Screen.columns(text)).as(text).isLessThanOrEqualTo(width));
    }

    @Test
    void the_ready_scenarios_are_listed() {
        assertThat(SimulatorCommands.run(80, "--scenarios").out().lines())
                .hasSameSizeAs(ScenarioFile.names())
                .anySatisfy(line -> assertThat(line).startsWith("bad-day "));
    }

    @Test
    void a_fast_clock_begins_at_its_start_and_follows_the_exchange_sessions() {
        SimulatorConfig config = read("--clock", "x60@2026-11-20T08:55");

        assertThat(config.calendar()).isInstanceOf(KrxCalendar.class);
        assertThat(config.clock().instant())
                .isBetween(Instant.parse("2026-11-19T23:55:00Z"), Instant.parse("2026-11-20T00:55:00Z"));
        assertThat(config.clockSpeed()).isEqualTo(60);
    }

    @Test
    void a_fast_clock_runs_at_the_configured_multiple_of_real_time() {
        AtomicReference<Instant> real = new AtomicReference<>(Instant.parse("2026-01-05T05:00:00Z"));
        FastClock clock = new FastClock(real::get, 20, Instant.parse("2026-11-19T23:55:00Z"));

        assertThat(clock.instant()).isEqualTo("2026-11-19T23:55:00Z");
        real.set(real.get().plusSeconds(3));
        assertThat(clock.instant()).isEqualTo("2026-11-19T23:56:00Z");
        assertThatThrownBy(() -> new FastClock(real::get, 61, Instant.EPOCH)).hasMessageContaining("not 61");
    }

    @Test
    void a_simulator_that_receives_a_stop_signal_ends_without_failure() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "kr.kisgateway.simulator.SimulatorMain",
                        "--data-dir",
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = process.inputReader()) {
            assertThat(out.readLine()).contains("simulator_port");
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
    }

    private SimulatorConfig read(String... args) {
        return SimulatorCommands.config(folder, args);
    }
}
