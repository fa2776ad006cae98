package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gatewayclient.GatewayClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prices and messages as they come, and completion of the commands that show them. */
@Tag("slow")
class WatchCommandsTest {
    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static GatewayClient client() {
        return GatewayClient.at(URI.create(gateway.url()));
    }

    private static Shell.Result run(Map<String, String> more, String... args) {
        var environment = new java.util.HashMap<>(more);
        environment.put("GATEWAY_URL", gateway.url());
        // It really waits between two tables.
        return Shell.with(environment, folder).typing("").run(args);
    }

    @Test
    void the_stream_is_printed_a_message_a_line() {
        var shown = run(Map.of(), "stream", "trades", "005930", "--count", "6");
        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out().lines())
                .hasSize(6)
                .noneMatch(line -> line.contains("{"))
                .anyMatch(line -> line.startsWith("Connected to the gateway, which started 20"))
                .anyMatch(line ->
                        line.matches("[0-9:.]{12}  trades  005930 +[0-9,]+ x [0-9,]+ +(BUY|SELL|-) +volume [0-9,]+"));
        var json = run(Map.of(), "stream", "trades,quotes", "005930", "--count", "4", "--json");
        assertThat(json.out()
                        .lines()
                        .map(line -> ApiJson.tree(line).path("op").asString(""))
                        .toList())
                .startsWith("hello", "ack");
    }

    @Test
    void what_the_stream_refuses_is_a_refusal_with_its_code() {
        var refused = run(Map.of(), "stream", "nothing", "005930");
        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.err()).contains("INVALID_FIELD");
        var none =
                Shell.with(Map.of("GATEWAY_URL", "http://127.0.0.1:1"), folder).run("stream", "trades", "005930");
        assertThat(none.code()).isEqualTo(Kis.NOT_REACHED);
    }

    @Test
    void watched_prices_are_a_table_that_a_terminal_draws_in_place_and_a_pipe_repeats() {
        var piped = run(Map.of(), "watch", "005930", "000660", "--count", "6");
        assertThat(piped.code()).as(piped.err()).isZero();
        assertThat(piped.out()).doesNotContain("\033");
        assertThat(piped.out().lines().filter(line -> line.startsWith("SYMBOL")))
                .hasSize(6);
        assertThat(piped.out()).containsPattern("005930 +삼성전자 +[0-9,]+ +-?[0-9.]+ % +[0-9,]+");
        for (var columns : List.of("80", "120")) {
            var terminal = run(Map.of("KIS_COLUMNS", columns), "watch", "005930", "--count", "3");
            assertThat(terminal.out().split("\033\\[H\033\\[J", -1)).hasSize(4);
            assertThat(terminal.out().lines())
                    .allMatch(line -> kr.kisgateway.terminal.Screen.columns(line.replaceAll("\033\\[[HJ]", ""))
                            <= Integer.parseInt(columns));
        }
    }

    @Test
    void a_watchlist_is_watched_by_its_name_and_another_name_shows_those_that_exist() {
        client().send("PUT", "/v1/watchlists/mine", java.util.Optional.of("{\"symbols\":[\"000660\"]}"), Map.of());
        assertThat(run(Map.of(), "watch", "--list", "mine", "--count", "2").out())
                .contains("000660");
        var unknown = run(Map.of(), "watch", "--list", "other");
        assertThat(unknown.code()).isEqualTo(Kis.USAGE);
        assertThat(unknown.err()).contains("mine");
        assertThat(run(Map.of(), "watch").code()).isEqualTo(Kis.USAGE);
    }

    @Test
    void the_gateway_at_a_glance_has_its_session_its_orders_and_its_callers() {
        var environment = Map.of("GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN);
        var top = run(environment, "top", "--count", "2");
        assertThat(top.code()).as(top.err()).isZero();
        assertThat(top.out().lines().filter(line -> line.startsWith("CALLER"))).hasSize(2);
        assertThat(top.out()).contains("It can trade.", "APP KEY", "in doubt").containsPattern("local +[0-9]+");
        assertThat(run(Map.of(), "top", "--count", "1").err()).contains("OPERATOR_TOKEN_REQUIRED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"watch 005930", "stream trades,quotes 005930", "quote 005930 --watch", "status --watch", "top"})
    void a_command_that_goes_on_ends_when_nothing_reads_its_pipe_any_more(String line) {
        var pipe = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                true,
                StandardCharsets.UTF_8);
        var process = Shell.with(
                        Map.of("GATEWAY_URL", gateway.url(), "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN), folder)
                .typing("")
                .process(pipe);
        assertThat(Kis.run(process, List.of(line.split(" ")))).isEqualTo(Kis.DONE);
    }

    @Test
    void a_command_that_changes_nothing_is_repeated_until_it_is_stopped() {
        var stopping = Shell.with(Map.of("GATEWAY_URL", gateway.url(), "KIS_COLUMNS", "80"), folder)
                .stoppedAfter(3);
        var market = stopping.run("market", "--watch");
        assertThat(market.out().split("\033\\[H\033\\[J", -1)).hasSize(4);
        assertThat(stopping.pauses)
                .containsOnly(java.time.Duration.ofSeconds(2))
                .hasSize(3);
        var changing = run(Map.of(), "kill-switch", "on", "--watch", "--reason", "x");
        assertThat(changing.code()).isEqualTo(Kis.USAGE);
        assertThat(changing.err()).contains("has no option --watch");
    }

    @Test
    void bash_completes_commands_and_options() throws IOException, InterruptedException {
        assertThat(completed(Map.of(), "orders", "can"))
                .contains("cancel", "cancel-all")
                .doesNotContain("list");
        assertThat(completed(Map.of(), "orders", "list", "--")).contains("--status", "--json");
    }

    @Test
    void bash_completes_the_commands_of_the_launcher_that_this_installation_has()
            throws IOException, InterruptedException {
        var all = completed(Map.of(), "");
        assertThat(all).containsAll(LauncherCommands.all()).contains("orders", "kill-switch");
        assertThat(completed(Map.of(), "r"))
                .contains("run", "record", "ranking")
                .doesNotContain("doctor");
        assertThat(completed(Map.of(), "run", "--"))
                .as("the options of run are not those of these commands")
                .doesNotContain("--csv");
        assertThat(completed(Map.of(), "keys", "r")).containsExactlyInAnyOrder("revoke", "rotate");
        var distribution = Map.of(LauncherCommands.DISTRIBUTION, "yes");
        assertThat(completed(distribution, ""))
                .contains("run", "backup", "orders")
                .doesNotContain("build", "test");
        assertThat(Shell.with(distribution, folder).run("completion", "fish").out())
                .contains("-a run", "-a rotate")
                .doesNotContain("-a build");
    }

    /** What bash offers for the last of the words. */
    private static List<String> completed(Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        var script = Files.writeString(
                folder.resolve("completion"),
                Shell.with(environment, folder).run("completion", "bash").out());
        var program = Files.writeString(folder.resolve("try.sh"), """
                source '%s'
                complete -p kis | grep -q _complete_kis || exit 1
                COMP_WORDS=(kis %s) COMP_CWORD=%d; COMP_LINE='kis %s' COMP_POINT=${#COMP_LINE}
                _complete_kis; printf '%%s\n' "${COMPREPLY[@]}"
                """.formatted(
                        script,
                        Arrays.stream(words).map(word -> "'" + word + "'").collect(Collectors.joining(" ")),
                        words.length,
                        String.join(" ", words)));
        var process = new ProcessBuilder("bash", program.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .toList();
    }

    @Test
    void fish_completes_commands_and_options() {
        assertThat(Shell.with(Map.of(), folder).run("completion", "fish").out())
                .contains(
                        "-a stream",
                        "-a simulator",
                        "-n '__fish_seen_subcommand_from orders' -a cancel-all",
                        "-l count");
        assertThat(Shell.with(Map.of(), folder).run("completion", "tcsh").code())
                .isEqualTo(Kis.USAGE);
    }
}
