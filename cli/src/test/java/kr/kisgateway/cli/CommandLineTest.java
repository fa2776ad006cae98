package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.terminal.Screen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Errors that are detected before any request. */
@Tag("slow")
class CommandLineTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            orders                                         | ./kis orders needs one of its commands: list, show,
            orders lst                                     | ./kis orders has no command "lst"; did you mean "list"?
            statsu                                         | ./kis has no command "statsu"; did you mean "status"?
            staus                                          | ./kis has no command "staus"; did you mean "status"?
            jurnal                                         | ./kis has no command "jurnal"; did you mean "journal"?
            --jsn                                          | ./kis has no option --jsn; did you mean "--json"?
            orders list --stauts open                      | ./kis orders list has no option --stauts; did you mean "--status"?
            orders list --limit                            | --limit of ./kis orders list needs a value: at most
            alerts --url                                   | --url of ./kis alerts needs a value: where the gateway is: GATEWAY_URL, else
            orders list --limit 1 --limit 2                | --limit is given twice; give it once.
            orders list extra                              | ./kis orders list takes no further argument: extra.
            alerts --json=maybe                            | --json takes no value.
            orders list --limit 1.5                        | --limit needs a whole number and got
            quote                                          | ./kis quote needs SYMBOL
            orders sell                                    | sell
            orders show                                    | ID
            orders list --colour red                       | --colour
            orders list --limit many                       | --limit
            orders modify a                                | --qty, --price
            orders modify a --qty few                      | --qty
            orders modify a --price 14,90                  | write 149000 or 149,000
            orders modify a --price 149000.12345           | no price above 0
            orders modify a --qty 0                        | above 0
            orders cancel-all                              | --everything
            orders cancel-all --everything --symbol 005930 | --everything
            orders cancel a --key ä                        | --key
            backfill 005930 --from 2026-13-01              | write it as 2026-11-20
            orders resolve a --not-at-broker --kis-order-no 1 | not both
            buy                                            | SYMBOL
            buy 005930                                     | QTY
            buy 005930 ten --yes                           | whole number
            buy 005930 0 --yes                             | QTY: '0' is no whole number above 0; write 10, or 1000 as 1,000.
            buy 005930 1 --type LIMT --yes                 | --type: 'LIMT' is none of LIMIT, MARKET,
            buy 005930 1 --type LIMT --yes                 | did you mean "LIMIT"?
            buy 005930 1 --session NXT_PRO --yes           | did you mean "NXT_PRE"?
            buy 005930 1 --time-in-force FOX --yes         | did you mean "FOK"?
            ranking foo                                    | KIND: 'foo' is none of volume, turnover,
            ranking gainer                                 | did you mean "gainers"?
            bars 005930 --period 7m                        | --period: '7m' is none of 1m, 3m, 5m,
            chart 005930 --period day                      | 10m, 30m, 60m, D, W, M, Y
            executions --side BYU                          | did you mean "BUY"?
            parents list --status opne                     | did you mean "open"?
            quote 005930 --data-dir data                   | GATEWAY_DATA_DIR
            status --data-dir=data                         | --url
            status --gateway-url http://127.0.0.1:1        | ./kis status has no option --gateway-url; did you mean "--url"?
            alerts --json --csv                            | --json or --csv, not both
            completion bash --json                         | ./kis completion has no option --json
            mcp --quiet                                    | ./kis mcp has no option --quiet
            watch 005930 --watch                           | ./kis watch has no option --watch
            stream trades 005930 --csv                     | ./kis stream has no option --csv
            buy 005930 1 --watch                           | ./kis buy has no option --watch
            demo --for 8                                   | is a time as 30s, 10m or 2h
            buy 005930 1 --price 14,90 --yes               | write 149000 or 149,000
            modify a --yes                                 | --qty, --price
            orders resolve a --kis-order-no 12a --yes      | ten digits
            orders show par_1                              | par_1 is a parent order: ./kis parents show par_1
            orders events par_1                            | ./kis parents events par_1
            orders resolve par_1                           | ./kis parents show par_1
            orders cancel par_1                            | ./kis parents cancel par_1
            orders modify par_1 --qty 1                    | ./kis parents modify par_1
            executions --order par_1                       | ./kis parents show par_1
            cancel par_1 --yes                             | ./kis parents cancel par_1
            modify par_1 --qty 1 --yes                     | ./kis parents modify par_1
            parents show ord_1                             | ord_1 is an order, not a parent order: ./kis orders show ord_1
            parents events ord_1                           | ./kis orders events ord_1
            parents cancel ord_1 --yes                     | ./kis orders cancel ord_1
            parents modify ord_1 --qty 1 --yes             | ./kis orders modify ord_1
            parents release ord_1 --yes                    | ./kis orders show ord_1
            parents modify a --yes                         | --qty, --price
            pnl --by week                                  | --by
            pnl --by week                                  | DAY, SYMBOL, STRATEGY
            kill-switch                                    | ./kis kill-switch needs one of its commands: status, on, off.
            kill-switch maybe                              | maybe
            limits set                                     | FILE
            why                                            | SYMBOL
            alerts --url ftp://here                        | http://127.0.0.1:8890
            alerts --url http://me:word@127.0.0.1:8890     | without a user
            alerts --url 127.0.0.1                         | http://127.0.0.1:8890
            """)
    void a_wrong_command_line_ends_with_2_and_names_what_is_wrong(String command, String named) {
        var result = shell(Map.of()).run(command.split(" +"));

        assertThat(result.code()).as(result.toString()).isEqualTo(Kis.USAGE);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(named).contains("What to do: ./kis").contains("할 일: ./kis");
        assertThat(result.err())
                .as("no sentence of the parser")
                .doesNotContain("Unmatched", "Unknown option", "Missing required", "Invalid value", "is not a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders resolve a --not-at-broker",
                "buy 005930 1",
                "sell 005930 1",
                "cancel a",
                "parents cancel a",
                "parents release a"
            })
    void a_missing_confirmation_says_itself_what_to_do(String command) {
        var result = shell(Map.of("GATEWAY_URL", "http://127.0.0.1:1")).run(command.split(" +"));

        assertThat(result.code()).as(result.toString()).isEqualTo(Kis.USAGE);
        assertThat(result.err()).isEqualTo("""
                This needs a confirmation at a terminal, or --yes.
                할 일: 터미널에서 실행해 확인하거나 --yes를 붙이세요.
                """);
    }

    @Test
    void the_kinds_of_rankings_are_those_of_the_contract() {
        var kinds = kr.kisgateway.api.market.Ranking.class.getRecordComponents()[0].getAnnotation(OneOf.class);
        assertThat(KnownWord.RANKINGS).containsExactly(kinds.value());
    }

    @Test
    void the_help_lists_the_common_options_of_the_command_only() {
        assertThat(shell(Map.of()).run("watch", "--help").out())
                .contains("--url")
                .doesNotContain("--watch", "--csv", "--json", "--quiet");
        assertThat(shell(Map.of()).run("buy", "--help").out())
                .contains("--json", "--csv", "--quiet")
                .doesNotContain("--watch");
        assertThat(shell(Map.of()).run("quote", "--help").out()).contains("--watch");
    }

    @Test
    void a_help_in_a_pipe_has_eighty_columns() {
        assertThat(shell(Map.of()).run("orders", "resolve", "--help").out().lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(Screen.columns(line)).as(line).isLessThanOrEqualTo(80))
                .anySatisfy(line -> assertThat(Screen.columns(line)).isGreaterThan(60));
    }

    @ParameterizedTest
    @ValueSource(ints = {55, 80, 100})
    void no_help_breaks_an_address(int width) {
        var result = shell(Map.of("KIS_COLUMNS", Integer.toString(width))).run("orders", "list", "--help");
        assertThat(result.out()).contains(" http://127.0.0.1:8890\n");
    }

    @Test
    void a_mistyped_command_is_compared_with_every_command_of_the_launcher() throws IOException {
        var labels = new TreeSet<String>();
        Files.readString(Path.of("..", "kis"))
                .lines()
                .dropWhile(line -> !line.startsWith("case $command in"))
                .filter(line -> line.matches("[a-z][^()]*\\).*"))
                .forEach(line -> labels.addAll(
                        List.of(line.substring(0, line.indexOf(')')).split(" \\| "))));
        labels.removeIf(label -> label.startsWith("-"));

        var suggested = new TreeSet<>(LauncherCommands.all());
        suggested.addAll(
                Kis.commandLine(shell(Map.of()).process()).getSubcommands().keySet());
        assertThat(suggested).isEqualTo(labels);
    }

    @Test
    void a_distribution_leaves_out_the_commands_that_the_launcher_refuses_there() throws IOException {
        var launcher = Files.readString(Path.of("..", "kis"));
        var refused = new TreeSet<>(List.of(launcher.lines()
                .dropWhile(line -> !line.startsWith("case $command in"))
                .skip(1)
                .findFirst()
                .orElseThrow()
                .replace(")", "")
                .split(" \\| ")));
        var left = new TreeSet<>(LauncherCommands.all());
        LauncherCommands.of(shell(Map.of(LauncherCommands.DISTRIBUTION, "yes")).process())
                .forEach(left::remove);
        assertThat(left).isEqualTo(refused);
        LauncherCommands.WORDS.forEach((command, following) -> {
            var explained = launcher.substring(launcher.indexOf("  ./kis " + command + " ") + 2);
            assertThat(explained.substring(0, explained.indexOf("\n  ./kis ")))
                    .as(command)
                    .containsSubsequence(following);
        });
    }

    @Test
    void without_a_command_the_help_is_printed_on_stderr() {
        var result = shell(Map.of()).run();
        assertThat(result.code()).isEqualTo(Kis.USAGE);
        assertThat(result.err()).contains("orders").contains("kill-switch").contains("Exit codes");
    }

    @Test
    void every_command_explains_itself_in_english_and_korean() {
        each("", Kis.commandLine(shell(Map.of()).process()));
    }

    private void each(String path, CommandLine line) {
        var help = shell(Map.of("KIS_COLUMNS", "100"))
                .run((path + " --help").strip().split(" "));
        assertThat(help.code()).as(path).isZero();
        assertThat(help.out())
                .as(path)
                .contains(path.equals("completion") ? "--help" : "--url")
                .containsPattern("[가-힣]+")
                .containsPattern("[a-z]+ [a-z]+");
        assertThat(help.out().lines().filter(text -> text.matches(".*[가-힣].*")).count())
                .as("Korean lines: its own, and one for each command below it")
                .isEqualTo(1 + line.getSubcommands().size());
        line.getSubcommands().forEach((name, child) -> each((path + " " + name).strip(), child));
    }

    @Test
    void the_gateway_port_of_the_environment_is_used() {
        var port = shell(Map.of("GATEWAY_PORT", "1")).run("alerts");
        assertThat(port.code()).isEqualTo(Kis.NOT_REACHED);
        assertThat(port.err())
                .contains("Nothing listens at http://127.0.0.1:1", "Is it running (./kis run)")
                .contains("할 일: 게이트웨이가 실행 중인지(./kis run), 주소(--url, GATEWAY_URL)가 맞는지 확인하세요.");
        assertThat(shell(Map.of("GATEWAY_PORT", "1", "GATEWAY_URL", "http://127.0.0.1:2"))
                        .run("alerts")
                        .err())
                .as("the complete address overrides the port")
                .contains("http://127.0.0.1:2");
        assertThat(shell(Map.of("GATEWAY_PORT", "1"))
                        .run("alerts", "--url", "http://127.0.0.1:3")
                        .err())
                .contains("http://127.0.0.1:3");
        for (var useless : List.of("0", "many", "70000")) {
            var refused = shell(Map.of("GATEWAY_PORT", useless)).run("alerts");
            assertThat(refused.code()).as(useless).isEqualTo(Kis.USAGE);
            assertThat(refused.err()).contains("GATEWAY_PORT").contains("--url");
        }
    }

    @Test
    void the_operator_token_is_never_sent_unencrypted_over_a_network() {
        var operator = shell(Map.of("GATEWAY_OPERATOR_TOKEN", "open-sesame"));

        var result = operator.run("kill-switch", "on", "--url", "http://192.0.2.1:8890");

        assertThat(result.code()).isEqualTo(Kis.USAGE);
        assertThat(result.err()).contains("https").doesNotContain("open-sesame");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--token", "--operator-token"})
    void no_option_takes_the_token(String option) {
        assertThat(shell(Map.of()).run("reconcile", option, "open-sesame").code())
                .isEqualTo(Kis.USAGE);
    }

    private Shell shell(Map<String, String> environment) {
        return Shell.with(environment, folder);
    }
}
