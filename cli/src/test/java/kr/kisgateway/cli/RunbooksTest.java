package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kr.kisgateway.requirement.Requirement;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Every command of docs/RUNBOOKS.md, from the first to the last, on one data folder whose gateway has the trouble of each section as far
 * as a test can cause it: the machine's clock is not set, the exchange's is. Commands for a running gateway run in this process, and so do
 * {@code ./kis run} and {@code kill}; the others are programs and a shell.
 */
@Tag("slow")
class RunbooksTest {
    private static final Path PAGE = Path.of("..", "docs", "RUNBOOKS.md");
    private static final String SYMBOL = "005930";
    private static final long LOW = 150_000;
    /** Ids on the page, in the order of the orders that they stand for. */
    private static final List<String> IDS = List.of("ord_01M7WF6Q10DF2A87JPKVTRWQP2", "ord_01M7WF6Q20DF2A87JPKVTRWQP2");

    private static final String NUMBER = "100013";
    private static final String TIME = "2026-11-20T09:00:00+09:00";
    private static final String BACKUP = "backups/kis-backup-live-20261120T223000Z.zip";
    private static final String NEW_ADDRESS = "https://example.com/new";
    private static final Pattern EXIT = Pattern.compile("exit ([0-9])( while| when)?");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    /**
     * A line of a code block.
     *
     * @param block 1, 2 … in its section
     * @param codes with which it may end
     */
    private record Step(String section, int block, int line, String command, Set<Integer> codes) {
        @Override
        public String toString() {
            return "RUNBOOKS.md:" + line + " \"" + section + "\": " + command;
        }
    }

    private record Ended(int code, String output) {}

    /** What the commands of a code block have to show of the trouble. */
    private static final Map<String, List<String>> SHOWN = Map.ofEntries(
            Map.entry("First minutes 1", List.of("It can trade", "The kill switch is ON", "kill_switch_on")),
            Map.entry("Afterwards 1", List.of("Nothing is in doubt", "written to", "all is well")),
            Map.entry("KIS does not answer 1", List.of("UNKNOWN", "orders_suspended")),
            Map.entry("KIS does not answer 2", List.of("Nothing is in doubt")),
            Map.entry("The session was taken over 1", List.of("WS_DISCONNECTED", "appkey")),
            Map.entry("Orders are UNKNOWN 1", List.of("2 orders", "could be it")),
            Map.entry("Orders are UNKNOWN 2", List.of("the decision is stored")),
            Map.entry("Stop everything (kill switch) 1", List.of("bot")),
            Map.entry("KIS issues no token 1", List.of("TOKEN_UNAVAILABLE")),
            Map.entry("The disk is full 1", List.of("data")),
            Map.entry("The journal is damaged 1", List.of("problems found", "differences repaired", "all is well")),
            Map.entry("The clock was stepped 1", List.of("FAIL", "clock_offset")),
            Map.entry("An alert channel fails 1", List.of("channel_failed", "Silence")),
            Map.entry("The app key expires 1", List.of("KIS_APP_SECRET", "2027-11-20")),
            Map.entry("The address changed (egress) 1", List.of("127.0.0.1")));

    @TempDir
    Path folder;

    private Optional<HttpServer> desk = Optional.empty();
    private Optional<RunningGateway> gateway = Optional.empty();
    private final List<String> orders = new ArrayList<>();
    private String number = NUMBER;

    private void prepareFolder() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        // A channel that fails at its old address, and the service that answers with the caller's address.
        server.createContext("/", call -> {
            call.getRequestBody().readAllBytes();
            byte[] body = "127.0.0.1".getBytes(StandardCharsets.UTF_8);
            boolean isOld = call.getRequestURI().getPath().equals("/old");
            call.sendResponseHeaders(isOld ? 503 : 200, body.length);
            call.getResponseBody().write(body);
            call.close();
        });
        server.start();
        desk = Optional.of(server);
        var program = folder.resolve("kis");
        Files.writeString(
                program,
                "#!/bin/bash\nexec " + Path.of(System.getProperty("java.home"), "bin", "java")
                        + " -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -Duser.home='"
                        + folder.resolve("home")
                        + "' -cp '"
                        + System.getProperty("java.class.path") + "' kr.kisgateway.gateway.Main \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(
                folder.resolve(".env"),
                "NETWORK_EGRESS_ALLOW=203.0.113.7\nNETWORK_ADDRESS_URL=" + base() + "\nALERTS_INNER_ADDRESSES=true\n");
        runSuccessfully("echo '" + base() + "/old' | ./kis secrets set DESK_URL");
        runSuccessfully("./kis keys create bot --role trade --new-folder");
        Files.writeString(
                folder.resolve("alerts.yaml"),
                "channels: {desk: {type: webhook, url: secret:DESK_URL, key: shared}}\n"
                        + "routes: [{levels: [P1], to: [desk]}]\n");
        gateway = Optional.of(RunningGateway.start(folder, SETTINGS));
    }

    private void runSuccessfully(String command) throws IOException {
        var ended = shell(command);
        assertThat(ended.code()).as(command + ": " + ended.output()).isZero();
    }

    private static final List<String> SETTINGS =
            List.of("--kis-api-circuit-breaker-threshold=3", "--kis-api-circuit-breaker-timeout=2s");

    @AfterEach
    void stop() {
        gateway.ifPresent(RunningGateway::close);
        desk.ifPresent(it -> it.stop(0));
    }

    private String base() {
        return "http://127.0.0.1:" + desk.orElseThrow().getAddress().getPort();
    }

    private RunningGateway gateway() {
        return gateway.orElseThrow();
    }

    @Test
    @Requirement(value = "A-27", clause = "runbook")
    void every_command_of_the_page_runs_and_shows_the_trouble_of_its_section() throws Exception {
        var steps = steps();
        assertThat(steps).hasSizeGreaterThan(60);
        prepareFolder();
        var blocks = new HashMap<String, StringBuilder>();
        var former = "";
        for (var step : steps) {
            var block = step.section() + " " + step.block();
            if (!block.equals(former)) {
                prepare(block);
                former = block;
            }
            var ended = run(step);
            assertThat(step.codes())
                    .as(step + " ended with " + ended.code() + ":\n" + ended.output())
                    .contains(ended.code());
            blocks.computeIfAbsent(block, _ -> new StringBuilder()).append(ended.output());
        }
        var shown = new SoftAssertions();
        SHOWN.forEach((block, texts) ->
                shown.assertThat(blocks.get(block)).as(block).isNotNull().contains(texts.toArray(CharSequence[]::new)));
        shown.assertAll();
    }

    @Test
    void each_section_is_in_english_and_korean() throws IOException {
        var sections = Files.readString(PAGE).split("(?m)^## ");
        assertThat(sections).hasSize(15);
        for (var section : sections) {
            assertThat(section).containsPattern("[가-힣]").containsPattern("[a-z]{3}");
        }
    }

    /** The trouble before a code block. */
    private void prepare(String block) throws Exception {
        switch (block) {
            case "KIS does not answer 1" -> {
                gateway()
                        .setFaults(
                                "{\"server_errors_after\":{\"on\":\"orders\",\"for\":\"1h\"},"
                                        + "\"lose_notices\":{\"on\":[\"receipts\",\"fills\"],\"for\":\"1h\"},"
                                        + "\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-daily-ccld\",\"for\":\"1h\"}}");
                for (int i = 1; i <= 3; i++) {
                    gateway().awaitStatus(buy(i, Optional.empty()), "UNKNOWN");
                }
                buy(4, Optional.empty()); // it waits for the breaker
                awaitAlert("orders_suspended");
            }
            case "KIS does not answer 2" -> {
                gateway().setFaults("{\"clear\":true}");
                awaitSuccess("reconcile");
            }
            case "The session was taken over 1" -> {
                gateway().setFaults("{\"linger_seconds\":5,\"drop_sockets\":true}");
                awaitAlert("session_taken_over");
            }
            case "Orders are UNKNOWN 1" -> {
                restart(); // the session is tried again after a minute only
                awaitSuccess("reconcile");
                gateway()
                        .setFaults("{\"lose_answers\":{\"on\":\"orders\",\"count\":2},\"hide_orders_seconds\":600,"
                                + "\"lose_notices\":{\"on\":[\"receipts\",\"confirmations\"],\"for\":\"1h\"}}");
                var first = buy(5, Optional.of(LOW));
                var second = buy(6, Optional.of(LOW));
                gateway().awaitStatus(first, "UNKNOWN");
                gateway().awaitStatus(second, "UNKNOWN");
                orders.addAll(List.of(first, second));
                gateway().buyFromSecondProgram(SYMBOL, 5, LOW);
                gateway().buyFromSecondProgram(SYMBOL, 6, LOW);
                gateway().setFaults("{\"hide_orders_seconds\":0}");
                for (var order : orders) {
                    RunningGateway.awaitValue(
                            () -> {
                                cli("reconcile");
                                return gateway().order(order).path("reason").asString("");
                            },
                            reason -> reason.startsWith("2 orders"));
                }
                number = gateway().order(first).path("candidates").path(0).asString();
            }
            case "Stop everything (kill switch) 1" -> {
                gateway().setFaults("{\"clear\":true}");
                gateway().placeRestingBuy(SYMBOL, LOW);
            }
            case "KIS issues no token 1" -> {
                gateway()
                        .setFaults(
                                "{\"revoke_tokens\":true,\"unavailable_before\":{\"on\":\"tokens\",\"for\":\"1h\"}}");
                RunningGateway.awaitValue(
                        () -> {
                            cli("buying-power", SYMBOL);
                            return cli("status").output();
                        },
                        status -> status.contains("TOKEN_UNAVAILABLE"));
            }
            case "The disk is full 1" -> {
                gateway().setFaults("{\"clear\":true}");
                stopGateway();
                gateway = Optional.of(RunningGateway.startUnready(folder, List.of("--journal-disk-low=900000GB")));
                awaitAlert("disk_low");
            }
            case "The journal is damaged 1" -> restart();
            case "The clock was stepped 1" -> {
                gateway().setFaults("{\"clock_skew_seconds\":30}");
                RunningGateway.awaitValue(
                        () -> cli("checklist").output(), list -> list.matches("(?s).*FAIL +clock_offset.*"));
            }
            case "An alert channel fails 1" -> {
                gateway().setFaults("{\"clear\":true}");
                awaitAlert("channel_failed");
            }
            default -> {
                // the state before serves
            }
        }
    }

    private String buy(long qty, Optional<Long> price) {
        var by = InstantSource.system().instant().plusSeconds(60);
        return gateway().buy(SYMBOL, qty, price, ",\"dispatch_by\":\"" + by + "\"");
    }

    private void awaitAlert(String event) {
        RunningGateway.awaitValue(() -> cli("alerts").output(), alerts -> alerts.contains(event));
    }

    private void awaitSuccess(String... command) {
        RunningGateway.awaitValue(() -> cli(command), ended -> ended.code() == 0);
    }

    // ---- the page ----

    private static List<Step> steps() throws IOException {
        var steps = new ArrayList<Step>();
        var section = "";
        int block = 0;
        boolean isCode = false;
        var lines = Files.readAllLines(PAGE);
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (line.startsWith("## ")) {
                section = line.substring(3);
                block = 0;
            } else if (line.startsWith("```")) {
                isCode = !isCode;
                block += isCode ? 1 : 0;
            } else if (isCode && !line.isBlank()) {
                int comment = line.indexOf(" # ");
                var command = (comment < 0 ? line : line.substring(0, comment)).strip();
                steps.add(new Step(section, block, i + 1, command, codes(comment < 0 ? "" : line.substring(comment))));
            }
        }
        return steps;
    }

    /** {@code exit 1: why} is the code, {@code exit 1 while …} may be it. */
    private static Set<Integer> codes(String comment) {
        var codes = new HashSet<Integer>();
        var exit = EXIT.matcher(comment);
        while (exit.find()) {
            codes.add(Integer.parseInt(exit.group(1)));
            if (exit.group(2) != null) {
                codes.add(0);
            }
        }
        return codes.isEmpty() ? Set.of(0) : codes;
    }

    // ---- its commands ----

    private Ended run(Step step) throws Exception {
        var command = step.command();
        for (int i = 0; i < orders.size(); i++) {
            command = command.replace(IDS.get(i), orders.get(i));
        }
        command = command.replace("--kis-order-no " + NUMBER, "--kis-order-no " + number)
                .replace(
                        TIME,
                        InstantSource.system()
                                .instant()
                                .minus(Duration.ofHours(1))
                                .toString())
                .replace(BACKUP, backup())
                .replace(NEW_ADDRESS, base() + "/new");
        if (command.startsWith("kill ")) {
            stopGateway();
            damage(step);
            return new Ended(0, "");
        }
        if (command.equals("./kis run")) {
            gateway = Optional.of(RunningGateway.startUnready(folder, SETTINGS));
            RunningGateway.awaitValue(
                    () -> cli("status").output(),
                    status -> status.contains("It can trade") || status.contains("KILL_SWITCH"));
            return new Ended(0, "");
        }
        var words = words(command);
        return words.getFirst().equals("./kis") && isOfCli(words.get(1)) && !words.contains("--live")
                ? cli(words.subList(1, words.size()).toArray(String[]::new))
                : shell(command);
    }

    private void restart() {
        stopGateway();
        gateway = Optional.of(RunningGateway.start(folder, SETTINGS));
    }

    private void stopGateway() {
        gateway().close();
        gateway = Optional.empty();
    }

    /** A table that does not agree with the events. */
    private void damage(Step step) throws SQLException {
        if (step.section().equals("The journal is damaged")) {
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/sim/journal.db"));
                    var statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("DELETE FROM orders")).isPositive();
            }
        }
    }

    /** The newest backup, as the page writes it. */
    private String backup() throws IOException {
        var backups = folder.resolve("backups");
        if (!Files.isDirectory(backups)) {
            return BACKUP;
        }
        try (var files = Files.list(backups)) {
            return "backups/"
                    + files.map(file -> file.getFileName().toString())
                            .sorted()
                            .reduce((_, later) -> later)
                            .orElseThrow();
        }
    }

    private static List<String> words(String command) {
        var words = new ArrayList<String>();
        for (var found = WORD.matcher(command); found.find(); ) {
            words.add(found.group(1) == null ? found.group(2) : found.group(1));
        }
        return words;
    }

    private boolean isOfCli(String command) {
        return commandLine().getSubcommands().containsKey(command);
    }

    private CommandLine commandLine() {
        return Kis.commandLine(Shell.with(Map.of(), folder).process());
    }

    private Ended cli(String... words) {
        var result = Shell.with(
                        Map.of("GATEWAY_URL", gateway().url(), "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN), folder)
                .run(words);
        return new Ended(result.code(), result.out() + result.err());
    }

    private Ended shell(String command) throws IOException {
        var builder = new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(KIS|GATEWAY|SIMULATOR|JOURNAL|RISK|NETWORK)_.*"));
        builder.environment()
                .putAll(Map.of(
                        "HOME",
                        folder.resolve("home").toString(),
                        "KIS_ENV",
                        "sim",
                        "KIS_APP_KEY",
                        "PSfirst-program-of-the-account-00001",
                        "KIS_APP_SECRET",
                        "f".repeat(180),
                        "NETWORK_ADDRESS_URL",
                        base()));
        gateway.ifPresent(
                it -> builder.environment().put("KIS_API_BASE_URL_REAL", "http://127.0.0.1:" + it.simulatorPort()));
        var process = builder.start();
        try {
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command).isTrue();
            return new Ended(process.exitValue(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void the_page_has_a_section_for_each_trouble() throws IOException {
        assertThat(steps().stream().map(Step::section).toList())
                .containsAll(SHOWN.keySet().stream()
                        .map(block -> block.replaceFirst(" [0-9]$", ""))
                        .collect(Collectors.toSet()));
    }
}
