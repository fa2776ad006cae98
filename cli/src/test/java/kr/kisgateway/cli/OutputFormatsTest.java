package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.terminal.Screen;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the options of every command print, and how a command finds its gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class OutputFormatsTest {
    private static final String SYMBOL = "005930";

    private RunningGateway gateway;
    private Path folder;

    @BeforeAll
    void begin(@TempDir Path temporary) throws IOException {
        folder = temporary;
        gateway = RunningGateway.start(temporary.resolve("gateway"));
    }

    @AfterAll
    void end() {
        gateway.close();
    }

    private Shell shell(Map<String, String> more) {
        var variables = new HashMap<String, String>(
                Map.of("GATEWAY_URL", gateway.url(), "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN));
        variables.putAll(more);
        return Shell.with(variables, folder);
    }

    private Shell.Result run(String... command) {
        return shell(Map.of()).run(command);
    }

    @Test
    void csv_has_a_line_for_each_element_with_the_numbers_of_the_answer() {
        var bars = run("bars", SYMBOL, "--limit", "3", "--csv");
        assertThat(bars.code()).as(bars.toString()).isZero();
        var lines = bars.out().split("\r\n");
        assertThat(lines).hasSize(4);
        assertThat(lines[0]).startsWith("ts,date,open,high,low,close,volume");
        var newest = run("bars", SYMBOL, "--limit", "3", "--json")
                .json()
                .path("bars")
                .path(0);
        assertThat(lines[1].split(","))
                .as("no separators of thousands")
                .contains(newest.path("close").asString(), newest.path("volume").asString());

        var quote = run("quote", SYMBOL, "--csv").out().split("\r\n");
        assertThat(quote).as("one object is one line").hasSize(2);
        assertThat(quote[0]).contains("symbol").contains("price");
    }

    @Test
    void csv_quotes_what_would_break_a_line() {
        assertThat(
                        CsvText.of(
                                "{\"data\":{\"n\":2,\"rows\":[{\"a\":\"x,\\\"y\\\"\",\"b\":{\"c\":1}},{\"a\":\"줄\\n바꿈\",\"d\":null}]}}"))
                .isEqualTo("a,b.c,d\r\n\"x,\"\"y\"\"\",1,\r\n\"줄\n바꿈\",,\r\n");
        assertThat(CsvText.of("{\"data\":{\"rows\":[]}}")).isEmpty();
    }

    @Test
    void quiet_prints_nothing_but_refusals_and_the_exit_code_says_whether_it_was_done() {
        var placed = run("buy", SYMBOL, "1", "--yes", "--quiet");
        assertThat(placed.code()).as(placed.toString()).isZero();
        assertThat(placed.out()).isEmpty();
        assertThat(placed.err()).as("neither preview nor key").isEmpty();
        var cancelled = run("buy", SYMBOL, "1", "--yes", "--quiet", "--dry-run");
        assertThat(cancelled.out() + cancelled.err()).isEmpty();
        var unaffordable = run("buy", SYMBOL, "9,000,000", "--yes", "--quiet");
        assertThat(unaffordable.code()).isEqualTo(Kis.REFUSED);
        assertThat(unaffordable.err()).startsWith("Refused: ").doesNotContain("commission");
        var asked = shell(Map.of()).atTerminal(false).run("buy", SYMBOL, "1", "--quiet");
        assertThat(asked.err()).as("a question needs the preview").contains("commission", "Nothing was placed.");
        var refused = run("instrument", "999999", "--quiet", "--json");
        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("SYMBOL_NOT_FOUND");
    }

    @Test
    void ctrl_c_at_the_question_is_answered_with_what_was_not_done() {
        for (var command : List.of(
                List.of("Nothing was placed.", "buy", SYMBOL, "1"),
                List.of("Nothing was scheduled.", "buy", SYMBOL, "1", "--at", "2099-01-05T10:00"),
                List.of("Nothing was placed.", "bracket", SYMBOL, "1", "--trail-percent", "2"))) {
            var stopped = shell(Map.of())
                    .interruptedAtPrompt()
                    .run(command.subList(1, command.size()).toArray(String[]::new));
            assertThat(stopped.err()).contains("\n" + command.getFirst() + "\n");
        }
    }

    @Test
    void health_needs_no_key_and_a_gateway_that_is_not_there_has_code_3() {
        assertThat(run("health").out()).isEqualTo("UP\n");
        assertThat(run("health", "--ready").out()).contains("READY");
        var unreachable = shell(Map.of("GATEWAY_URL", "http://127.0.0.1:1")).run("health", "--quiet");
        assertThat(unreachable.code()).isEqualTo(Kis.NOT_REACHED);
    }

    @Test
    void a_chart_fits_the_terminal_and_has_colours_only_where_they_are_wanted() {
        var plain = shell(Map.of("KIS_COLUMNS", "40", "NO_COLOR", "1")).run("chart", SYMBOL, "--height", "8");
        assertThat(plain.code()).as(plain.toString()).isZero();
        var lines = plain.out().split("\n");
        assertThat(lines).as("prices, volumes and dates").hasSize(10);
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
        assertThat(plain.out()).contains("│").doesNotContain("\033");
        assertThat(shell(Map.of("KIS_COLUMNS", "40")).run("chart", SYMBOL).out())
                .contains("\033[31m", "\033[34m");
        assertThat(run("chart", SYMBOL).out()).as("in a pipe").doesNotContain("\033");
        assertThat(run("chart", SYMBOL, "--height", "3").code()).isEqualTo(Kis.USAGE);
    }

    @Test
    void the_simulator_is_operated_and_shows_what_is_on() {
        var on = run("simulator", "faults", "latency_ms=1");
        assertThat(on.code()).as(on.toString()).isZero();
        assertThat(run("simulator", "state").out()).contains("fault latency_ms").contains("bad-day");
        assertThat(run("simulator", "faults", "clear").out()).contains("none");
        assertThat(run("simulator", "market", "halt=" + SYMBOL).code()).isZero();
        assertThat(run("simulator", "market", "resume=" + SYMBOL).code()).isZero();
        var nonsense = run("simulator", "faults", "latncy_ms=1");
        assertThat(nonsense.code()).isEqualTo(Kis.REFUSED);
        assertThat(nonsense.err()).contains("did you mean \"latency_ms\"?", "there are ", "stop_data", "stop_pingpong");
        assertThat(run("simulator", "scenario", "no-such").code()).isEqualTo(Kis.REFUSED);
        assertThat(run("simulator", "play", "--pause", "--go-on").code()).isEqualTo(Kis.USAGE);
        assertThat(run("simulator", "play", SYMBOL).err()).contains("--day");
    }

    @Test
    void a_change_says_where_it_goes_when_no_setting_and_no_folder_names_the_gateway() {
        var nowhere = Shell.with(Map.of(), folder);
        assertThat(nowhere.run("limits", "set", "missing.json").err())
                .contains("No gateway runs on the data folder of this place", "http://127.0.0.1:8890");
        assertThat(nowhere.run("kill-switch", "status").err()).doesNotContain("data folder");
        assertThat(run("kill-switch", "status").err()).isEmpty();
    }

    @Test
    void a_csv_cell_is_no_formula_and_no_format_has_control_characters_for_the_terminal() {
        assertThat(CsvText.of("[{\"a\":\"=cmd|x\",\"b\":-5,\"c\":\"+1\",\"d\":\"A\\u001b[31m\\u009b\\u202e\"}]"))
                .isEqualTo("a,b,c,d\r\n'=cmd|x,-5,'+1,A·[31m··\r\n");
        assertThat(Screen.printableJson("{\"name\":\"A\u009b\u202eB\"}")).isEqualTo("{\"name\":\"A\\u009b\\u202eB\"}");
    }

    @Test
    void a_command_finds_the_gateway_of_the_data_folder_and_follows_no_address_elsewhere() throws IOException {
        var data = Files.createDirectories(folder.resolve("data/sim"));
        var address = data.resolve("api.address");
        var self = ProcessHandle.current().pid();
        var there = Shell.with(Map.of(), folder);

        Files.writeString(address, gateway.url() + " " + self + "\n");
        assertThat(there.run("health").out()).isEqualTo("UP\n");

        Files.writeString(address, "http://example.com:8890 " + self + "\n");
        assertThat(there.run("health").err()).contains("http://127.0.0.1:8890");
        Files.writeString(address, "http://127.0.0.1.evil.example:8890 " + self + "\n");
        assertThat(there.run("health").err()).as("a name that looks so").contains("http://127.0.0.1:8890");
        Files.writeString(address, gateway.url() + " " + Integer.MAX_VALUE + "\n");
        assertThat(there.run("health").err()).as("of a process that has ended").contains("http://127.0.0.1:8890");

        Files.writeString(address, gateway.url() + " " + self + "\n");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(there.run("health").err())
                .as("in a folder that anyone may write")
                .contains("http://127.0.0.1:8890");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(folder.resolve("data/mock"));
        Files.writeString(folder.resolve("data/mock/api.address"), "http://127.0.0.1:1 " + self + "\n");
        assertThat(there.run("health").err()).contains("More than one gateway");
        assertThat(Shell.with(Map.of("KIS_ENV", "sim"), folder).run("health").out())
                .isEqualTo("UP\n");
        Files.delete(folder.resolve("data/mock/api.address"));
        Files.delete(address);
    }
}
