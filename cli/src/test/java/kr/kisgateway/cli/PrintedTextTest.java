package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.terminal.Screen;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The output of every command: its width, its time zone, and the names it shows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class PrintedTextTest {
    private static final String SYMBOL = "005930";
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final Pattern MOMENT = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
    private static final Pattern CLOCK = Pattern.compile("(?<![-\\d ]\\d |\\d{2} )\\b\\d\\d:\\d\\d:\\d\\d\\b");

    /** Commands that change something; they print a sentence, or what one of the others prints. */
    private static final Set<String> CHANGING = Set.of(
            "buy",
            "basket",
            "bracket",
            "sell",
            "modify",
            "live-order",
            "cancel",
            "orders cancel",
            "orders modify",
            "orders cancel-all",
            "orders resolve",
            "parents modify",
            "parents cancel",
            "parents release",
            "reconcile",
            "kill-switch on",
            "kill-switch off",
            "limits set",
            "log set",
            "log reset",
            "backfill",
            "warm",
            "ticks start",
            "ticks stop",
            "jobs cancel",
            "webhook create",
            "webhook delete",
            "webhook test",
            "alerts ack",
            "alerts test",
            "simulator scenario",
            "simulator faults",
            "simulator market",
            "simulator play");

    /** Commands that go on until they are stopped: WatchCommandsTest and McpCommandTest read what they print. */
    private static final Set<String> CONTINUOUS = Set.of("top", "stream", "watch", "mcp", "demo");

    private RunningGateway gateway;
    private Path folder;
    private String filled = "";
    private String cancelled = "";
    private String job = "";
    private String scheduled = "";

    @BeforeAll
    void begin(@TempDir Path temporary) throws IOException {
        folder = temporary;
        gateway = RunningGateway.start(temporary);
        var by = InstantSource.system().instant().plusSeconds(60); // a busy machine decides late
        filled = gateway.buy(
                SYMBOL,
                3,
                Optional.empty(),
                ",\"strategy_id\":\"a-strategy-of-some-length\",\"dispatch_by\":\"" + by + "\"");
        gateway.awaitStatus(filled, "FILLED");
        var low = shell(80)
                .run("instrument", SYMBOL, "--json")
                .json()
                .path("lower_limit")
                .asLong(0);
        cancelled = gateway.placeRestingBuy(SYMBOL, low);
        runSuccessfully("orders", "cancel", cancelled);
        gateway.awaitStatus(cancelled, "CANCELED");
        runSuccessfully(
                "kill-switch", "on", "--reason", "a reason of some length, so that a table has something to wrap 급락");
        runSuccessfully("kill-switch", "off");
        Files.writeString(
                folder.resolve("limits.json"),
                shell(80).run("limits", "--json").out().replaceFirst("\"max_qty\":\\d+", "\"max_qty\":9999"));
        runSuccessfully("limits", "set", "limits.json");
        scheduled = shell(80)
                .run("buy", SYMBOL, "3", "--at", by.plusSeconds(86_400).toString(), "--yes", "--json")
                .json()
                .path("parent_id")
                .asString("");
        job = shell(80)
                .run("backfill", SYMBOL, "--from", "2026-03-02", "--to", "2026-03-31", "--json")
                .json()
                .path("id")
                .asString("");
        runSuccessfully("ticks", "start", "000660");
    }

    @AfterAll
    void end() {
        gateway.close();
    }

    private Shell shell(int width) {
        return Shell.with(
                Map.of(
                        "GATEWAY_URL",
                        gateway.url(),
                        "GATEWAY_OPERATOR_TOKEN",
                        RunningGateway.TOKEN,
                        "KIS_COLUMNS",
                        String.valueOf(width),
                        "NO_COLOR",
                        "1"),
                folder);
    }

    private Shell.Result runSuccessfully(String... command) {
        var result = shell(200).run(command);
        assertThat(result.code()).as(result.toString()).isZero();
        return result;
    }

    /** The read-only commands, with their arguments. */
    private List<String> readingCommands() {
        return List.of(
                "orders list",
                "orders show " + filled,
                "orders events " + cancelled,
                "orders unresolved",
                "parents list",
                "parents show " + scheduled,
                "parents events " + scheduled,
                "kill-switch status",
                "limits",
                "cluster",
                "status",
                "health",
                "simulator state",
                "balance",
                "positions",
                "accounts",
                "executions",
                "pnl",
                "dividends",
                "buying-power " + SYMBOL,
                "webhook list",
                "checklist",
                "alerts",
                "log",
                "alerts list",
                "alerts silence",
                "why " + SYMBOL,
                "trace",
                "search 삼성",
                "instrument " + SYMBOL,
                "quote " + SYMBOL,
                "book " + SYMBOL,
                "bars " + SYMBOL,
                "chart " + SYMBOL,
                "market",
                "ranking turnover",
                "index 1001",
                "ticks list",
                "jobs list",
                "jobs show " + job);
    }

    @Test
    void each_command_changes_something_goes_on_or_is_tested_here() {
        var commands = new ArrayList<String>();
        addCommands(Kis.commandLine(shell(80).process()), "", commands);
        commands.removeAll(CHANGING);
        commands.removeAll(CONTINUOUS);
        assertThat(readingCommands())
                .extracting(command -> commands.stream()
                        .filter(name -> command.equals(name) || command.startsWith(name + " "))
                        .max(java.util.Comparator.comparingInt(String::length))
                        .orElse("no command: " + command))
                .containsExactlyInAnyOrderElementsOf(commands);
    }

    private static void addCommands(CommandLine line, String path, List<String> into) {
        line.getSubcommands().forEach((name, command) -> {
            var fullName = path.isEmpty() ? name : path + " " + name;
            if (command.getCommand() instanceof GatewayCommand) {
                into.add(fullName);
            }
            addCommands(command, fullName, into);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 100, 120})
    void the_help_and_the_refusals_of_every_command_fit_the_terminal(int width) {
        var commands = new ArrayList<String>(List.of(""));
        addCommands(Kis.commandLine(shell(width).process()), "", commands);
        for (String command : commands) {
            var words = new ArrayList<>(List.of(command.isEmpty() ? new String[0] : command.split(" ")));
            words.add("--help");
            var help = shell(width).run(words.toArray(String[]::new));
            assertThat(help.out().lines())
                    .as(command)
                    .isNotEmpty()
                    .allSatisfy(
                            line -> assertThat(Screen.columns(line)).as(line).isLessThanOrEqualTo(width));
        }
        for (var refused : List.of(
                shell(width).run("quote", "AAPL"),
                shell(width).run("orders", "show", "ord_01M7WW22Q239FZHZ92NAHZFWP0"),
                shell(width).run("orders", "resolve", filled, "--not-at-broker"))) {
            assertThat(refused.code()).isNotZero();
            assertThat(refused.err().lines())
                    .isNotEmpty()
                    .allSatisfy(
                            line -> assertThat(Screen.columns(line)).as(line).isLessThanOrEqualTo(width));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 100, 120})
    void every_table_and_text_of_every_command_fits_the_terminal(int width) {
        for (String command : readingCommands()) {
            var result = shell(width).run(command.split(" "));
            assertThat(result.code()).as(result.toString()).isZero();
            assertThat(result.out()).as(command).isNotBlank();
            assertThat(result.out().lines())
                    .as(command)
                    .allSatisfy(
                            line -> assertThat(Screen.columns(line)).as(line).isLessThanOrEqualTo(width));
        }
    }

    @Test
    void the_usual_row_of_a_list_of_orders_is_one_line_of_120_columns_with_whole_ids() {
        for (var list : List.of("orders list", "parents list")) {
            var shown = shell(120).run(list.split(" ")).out();
            assertThat(shown.lines().filter(line -> line.startsWith("    ")))
                    .as(shown)
                    .isEmpty();
            assertThat(shown).as(list).containsPattern("(ord|par)_[0-9A-Z]{26}");
        }
        assertThat(shell(200).run("orders", "list").out())
                .as("where there is room")
                .contains("KIS NO");
        assertThat(shell(200).run("parents", "list").out()).contains("BY");
    }

    @Test
    void the_times_that_commands_print_are_seouls_whatever_zone_the_machine_has() {
        var now = LocalDateTime.ofInstant(InstantSource.system().instant(), SEOUL);
        int moments = 0;
        int clocks = 0;
        for (String command : readingCommands()) {
            var printed = runSuccessfully(command.split(" ")).out();
            assertThat(printed)
                    .as(command)
                    .doesNotContainPattern("\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)\\b");
            if (!Set.of("orders", "alerts", "limits", "kill-switch", "jobs", "ticks")
                    .contains(command.split(" ")[0])) {
                continue; // these print the market's times, which are not the present ones
            }
            for (var found = MOMENT.matcher(printed); found.find(); moments++) {
                var at = LocalDateTime.parse(found.group().replace(' ', 'T'));
                assertThat(Duration.between(at, now).abs())
                        .as(command + ": " + found.group())
                        .isLessThan(Duration.ofMinutes(30));
            }
            for (var found = CLOCK.matcher(printed.replaceAll(MOMENT.pattern(), "")); found.find(); clocks++) {
                var away = Duration.between(LocalTime.parse(found.group()), now.toLocalTime())
                        .abs();
                var around = away.compareTo(Duration.ofHours(12)) > 0
                        ? Duration.ofHours(24).minus(away)
                        : away;
                assertThat(around).as(command + ": " + found.group()).isLessThan(Duration.ofMinutes(30));
            }
        }
        assertThat(moments).isGreaterThan(10);
        assertThat(clocks).isGreaterThan(5);
    }

    @Test
    @Requirement("A-15")
    void orders_events_alerts_and_limits_show_the_name_of_the_key_that_acted() {
        assertThat(runSuccessfully("orders", "show", cancelled).out())
                .containsPattern("accepted +\\S+ \\S+ by local")
                .containsPattern("last change +cancel \\S+ \\S+ by local");
        assertThat(runSuccessfully("orders", "events", cancelled).out())
                .containsPattern("SEQ +TIME +EVENT +BY +WHAT")
                .containsPattern("Accepted +local ")
                .containsPattern("CancelRequested +local ");
        assertThat(runSuccessfully("alerts").out())
                .containsPattern("TIME +LEVEL +EVENT +.*BY +.*MESSAGE")
                .containsPattern("kill_switch_on +.*local +.*급락")
                .containsPattern("limits_changed +.*local ");
        assertThat(runSuccessfully("limits").out()).containsPattern("Set \\S+ \\S+ by local\\.");
    }

    @Test
    void alerts_show_since_when_their_cause_is_over() {
        assertThat(runSuccessfully("alerts").out())
                .containsPattern("TIME +.*SETTLED")
                .containsPattern("kill_switch_on .*\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
    }
}
