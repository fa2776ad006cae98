package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.server.FastClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertThatThrownBy(() -> read("--sped", "7")).hasMessageContaining("no option is called --sped");
        assertThatThrownBy(() -> read("--seed")).hasMessageContaining("--seed needs a value");
        assertThatThrownBy(() -> read("--seed", "x")).hasMessageContaining("--seed needs a number, not x");
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

    @Test
    void a_fast_clock_begins_at_its_start_and_follows_the_exchange_sessions() {
        SimulatorConfig config = read("--clock", "x60@2026-11-20T08:55");

        assertThat(config.calendar()).isInstanceOf(KrxCalendar.class);
        assertThat(config.clock().instant())
                .isBetween(Instant.parse("2026-11-19T23:55:00Z"), Instant.parse("2026-11-20T00:55:00Z"));
        assertThat(((FastClock) config.clock()).speed()).isEqualTo(60);
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
        return SimulatorMain.config(SimulatorMain.options(args), folder);
    }
}
