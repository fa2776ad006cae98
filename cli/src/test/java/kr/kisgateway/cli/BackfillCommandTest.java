package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backfills and jobs on a real gateway with its simulator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class BackfillCommandTest {
    private RunningGateway gateway;
    private Shell shell;

    @BeforeAll
    void start(@TempDir Path temporary) {
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
    @Requirement("P-13")
    void a_backfill_is_started_followed_to_its_end_and_listed() {
        var done = shell.run("backfill", "005930", "--from", "2026-01-02", "--to", "2026-03-31");

        assertThat(done.code()).as(done.toString()).isZero();
        assertThat(done.err()).contains("runs in the gateway. Ctrl-C leaves it running");
        assertThat(done.out()).contains("DONE  1 of 1 (100 %)", "from 2026-01-02", "to 2026-03-31");
        var second = shell.run("backfill", "005930", "--from", "2026-01-02", "--to", "2026-03-31", "--json");
        assertThat(second.json().path("state").asString("")).isEqualTo("DONE");
        var id = done.err().replaceAll("(?s).*Job (job-[0-9a-f]+) runs.*", "$1");
        assertThat(shell.run("jobs", "list").out()).contains(id, "backfill", "DONE");
        assertThat(shell.run("jobs", "show", id).out()).contains(id);
        assertThat(shell.run("jobs", "cancel", id).out()).contains("DONE");
    }

    @Requirement("P-13")
    @ParameterizedTest
    @CsvSource({
        "000660, KRW, D, daily, 2026-03-02, 2026-03-31",
        "000660, KRW, 1m, minute, 2026-11-18, 2026-11-19",
        "AAPL.NASD, USD, D, daily, 2026-03-02, 2026-03-31",
        "AAPL.NASD, USD, 1m, minute, 2026-11-17, 2026-11-18"
    })
    void a_backfill_prints_its_folder_the_unit_of_its_prices_and_a_bar_that_it_wrote(
            String symbol, String currency, String period, String table, String from, String to) throws IOException {
        var done = shell.run("backfill", symbol, "--period", period, "--from", from, "--to", to, "--json");
        assertThat(done.code()).as(done.toString()).isZero();
        var id = done.json().path("id").asString("");
        var files = done.json().path("files");

        var folder = Path.of(files.path("folder").asString(""));
        assertThat(folder.toString()).contains(table);
        try (var found = Files.walk(folder)) {
            assertThat(found).anyMatch(file -> file.toString().endsWith(".parquet"));
        }
        assertThat(files.path("currency").asString("")).isEqualTo(currency);
        var bar = files.path("bar");
        var last = shell.run("bars", symbol, "--period", period, "--to", to, "--limit", "1", "--json")
                .json()
                .path("bars")
                .path(0);
        for (var field : List.of("date", "ts", "open", "high", "low", "close", "volume")) {
            assertThat(bar.path(field)).as(field).isEqualTo(last.path(field));
        }
        assertThat(shell.run("jobs", "show", id).out())
                .contains(
                        folder.toString(),
                        "prices in",
                        currency,
                        symbol + " " + to,
                        "close " + Format.money(currency, bar.path("close").decimalValue()) + " " + currency);
    }

    @Test
    @Requirement(value = "P-13", clause = "progress")
    void at_a_terminal_a_bar_fills_while_a_backfill_runs() {
        var done = shell.atTerminal(true)
                .run(
                        "backfill",
                        "035420",
                        "035720",
                        "005380",
                        "000270",
                        "068270",
                        "051910",
                        "006400",
                        "105560",
                        "--from",
                        "2025-01-02",
                        "--to",
                        "2025-12-30");
        assertThat(done.code()).as(done.toString()).isZero();
        var bars = Pattern.compile("\r\u001b\\[K\\[(#*)( *)] ")
                .matcher(done.err())
                .results()
                .toList();
        assertThat(bars)
                .isNotEmpty()
                .allSatisfy(
                        bar -> assertThat(bar.group(1).length() + bar.group(2).length())
                                .isEqualTo(24));
        assertThat(bars.stream().map(bar -> bar.group(1).length()).distinct())
                .isSorted()
                .hasSizeGreaterThan(1);
    }

    @Test
    @Requirement("P-13")
    void a_backfill_without_wait_can_be_cancelled() {
        var started = shell.run("backfill", "--all", "--no-wait", "--json");
        assertThat(started.code()).isZero();
        var id = started.json().path("id").asString("");

        assertThat(shell.run("jobs", "cancel", id).out())
                .contains("It stops when the requests in flight have completed.");
        RunningGateway.awaitValue(
                () -> shell.run("jobs", "show", id, "--json")
                        .json()
                        .path("state")
                        .asString(""),
                state -> state.equals("CANCELED"));
    }

    @Test
    @Requirement("P-13")
    void an_invalid_backfill_is_refused_with_a_reason() {
        assertThat(shell.run("backfill").code()).isEqualTo(Kis.USAGE);
        assertThat(shell.run("backfill", "005930", "--all").code()).isEqualTo(Kis.USAGE);
        var unknown = shell.run("backfill", "ZZZZZZ");
        assertThat(unknown.code()).isEqualTo(Kis.REFUSED);
        assertThat(unknown.err()).contains("SYMBOL_NOT_FOUND");
        var noKey = shell.run("backfill", "005930", "--source", "krx");
        assertThat(noKey.code()).isEqualTo(Kis.REFUSED);
        assertThat(noKey.err()).contains("CREDENTIALS_MISSING", "set KRX_AUTH_KEY");
        assertThat(shell.run("jobs", "show", "job-0").err()).contains("JOB_NOT_FOUND");
    }

    @Test
    @Requirement("P-13")
    void ticks_are_recorded_until_they_are_stopped() {
        assertThat(shell.run("ticks", "list").out()).contains("Nothing is recorded.");
        var started = shell.run("ticks", "start", "005930", "000660", "--books", "--json");
        assertThat(started.code()).as(started.toString()).isZero();
        var id = started.json().path("id").asString("");
        var list = shell.run("ticks", "list");
        assertThat(list.code()).as(list.toString()).isZero();
        assertThat(list.out()).contains(id, "RECORDING", "005930", "books");
        assertThat(shell.run("ticks", "stop", id).out()).contains("records no more");
        assertThat(shell.run("ticks", "stop", id).err()).contains("RECORDING_NOT_FOUND");
        assertThat(shell.run("ticks", "start", "ZZZZZZ").err()).contains("SYMBOL_NOT_FOUND");
        assertThat(shell.run("ticks", "start").code()).isEqualTo(Kis.USAGE);
    }
}
