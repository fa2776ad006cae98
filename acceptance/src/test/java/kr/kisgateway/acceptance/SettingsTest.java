package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bad setting stops the start with one sentence; no setting is ever guessed. */
@Tag("slow")
class SettingsTest {
    private static final int PARALLEL_STARTS = 2;
    private static final String KEY = "PSabcdefghijklmnopqrstuvwxyz01234567";
    private static final String SECRET = "x".repeat(180);

    @TempDir
    Path folder;

    /** A name, the settings, and the words that the one sentence must contain. */
    private record BadSetting(String name, Map<String, String> settings, String... fragments) {}

    private static final List<BadSetting> BAD = List.of(
            new BadSetting("a port that is none", Map.of("GATEWAY_PORT", "88900"), "GATEWAY_PORT", "port"),
            new BadSetting("a port in words", Map.of("SIMULATOR_PORT", "abc"), "SIMULATOR_PORT", "port"),
            new BadSetting("every address", Map.of("GATEWAY_BIND", "0.0.0.0"), "GATEWAY_BIND"),
            new BadSetting("another machine's address", Map.of("GATEWAY_BIND", "192.0.2.1"), "GATEWAY_BIND"),
            new BadSetting("a half of access control", Map.of("GATEWAY_AUTH", "maybe"), "GATEWAY_AUTH"),
            new BadSetting("real money", Map.of("KIS_ENV", "live"), "KIS_ENV=live"),
            new BadSetting("paper trading", Map.of("KIS_ENV", "mock"), "KIS_ENV=mock"),
            new BadSetting("paper trading by its other name", Map.of("KIS_USE_VIRTUAL_SERVER", "true"), "mock"),
            new BadSetting("an unknown environment", Map.of("KIS_ENV", "prod"), "KIS_ENV", "sim, mock or live"),
            new BadSetting(
                    "credentials without an environment",
                    Map.of("KIS_APP_KEY", KEY, "KIS_APP_SECRET", SECRET),
                    "KIS_ENV=sim",
                    "KIS_ENV=mock",
                    "KIS_ENV=live"),
            new BadSetting(
                    "two accounts",
                    Map.of("KIS_ENV", "sim", "KIS_ACCOUNT_NO", "11112222-01", "KIS_CANO", "33334444"),
                    "KIS_ACCOUNT_NO",
                    "KIS_CANO",
                    "different accounts"),
            new BadSetting("a malformed account", Map.of("KIS_ENV", "sim", "KIS_ACCOUNT_NO", "1234"), "KIS_ACCOUNT_NO"),
            new BadSetting("a malformed symbol", Map.of("KIS_WS_SYMBOLS", "005930,5930"), "KIS_WS_SYMBOLS", "5930"),
            new BadSetting("a contradiction", Map.of("KIS_ENV", "sim", "KIS_MOCK", "true"), "KIS_MOCK"),
            new BadSetting("a simulator nowhere", Map.of("SIMULATOR_URL", "ftp://x"), "SIMULATOR_URL"));

    @Test
    @Requirement("G-05")
    void each_invalid_setting_stops_the_start_with_code_2_and_one_sentence() throws Exception {
        try (var pool = Executors.newFixedThreadPool(PARALLEL_STARTS)) {
            var checks = BAD.stream()
                    .map(bad -> (Callable<List<String>>) () -> check(bad))
                    .toList();
            var wrong = new ArrayList<String>();
            for (var done : pool.invokeAll(checks)) wrong.addAll(done.get());
            assertThat(wrong).isEmpty();
        }
    }

    private List<String> check(BadSetting bad) throws Exception {
        var workFolder = Files.createTempDirectory(folder, "bad");
        var launch = Programs.gateway(workFolder);
        for (var setting : bad.settings().entrySet()) {
            launch = launch.withEnvironment(setting.getKey(), setting.getValue());
        }
        var wrong = new ArrayList<String>();
        try (var program = LocalProgram.startWithoutWaiting(launch)) {
            var code = program.awaitExit(Programs.START_TIMEOUT);
            var output = program.output();
            if (code.isEmpty() || code.getAsInt() != 2) wrong.add(bad.name() + ": ended with " + code + " " + output);
            if (output.size() != 1) wrong.add(bad.name() + ": not one sentence: " + output);
            for (var fragment : bad.fragments()) {
                if (output.stream().noneMatch(line -> line.contains(fragment))) {
                    wrong.add(bad.name() + ": does not speak of " + fragment + ": " + output);
                }
            }
            bad.settings().forEach((name, value) -> {
                if (value.length() > 30 && output.stream().anyMatch(line -> line.contains(value))) {
                    wrong.add(bad.name() + ": shows a secret: " + output);
                }
            });
        }
        // A refused start leaves no files.
        if (Files.exists(workFolder.resolve("data"))) wrong.add(bad.name() + ": made a data folder");
        return wrong;
    }

    @Test
    @Requirement("G-05")
    void a_port_in_use_is_reported_in_one_sentence() throws Exception {
        try (var other = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            for (var name : List.of("GATEWAY_PORT", "SIMULATOR_PORT")) {
                var launch = Programs.gateway(Files.createTempDirectory(folder, "port"))
                        .withEnvironment(name, String.valueOf(other.getLocalPort()));
                try (var program = LocalProgram.startWithoutWaiting(launch)) {
                    assertThat(program.awaitExit(Programs.START_TIMEOUT))
                            .as(name)
                            .hasValue(2);
                    assertThat(program.output())
                            .singleElement()
                            .satisfies(line -> assertThat(line)
                                    .contains(String.valueOf(other.getLocalPort()))
                                    .doesNotContain("Exception"));
                }
            }
        }
    }

    @Test
    @Requirement("P-05")
    @Requirement(value = "G-05", clause = "credentials")
    @Requirement(value = "G-05", clause = "symbols")
    void sim_reads_part_of_the_credentials_and_the_symbols_from_a_dot_env_file() throws Exception {
        Files.writeString(folder.resolve(".env"), """
                KIS_ENV=sim
                KIS_ACCOUNT_NO=12345678-01
                KIS_WS_SYMBOLS=000660,035420
                """);
        try (var gateway = Running.start(Programs.gateway(folder));
                var simulator = kr.kisgateway.gatewayclient.GatewayClient.onPort(
                        gateway.program().simulatorPort())) {
            assertThat(gateway.get("/v1/balances?account_id=A1")
                            .path(0)
                            .path("cash_available")
                            .longValue())
                    .isEqualTo(1_000_000_000);
            var keys = Eventually.await(
                    "the registrations",
                    Programs.SHORT_TIMEOUT,
                    () -> simulator
                            .get("/simulator/state")
                            .body()
                            .path("sessions")
                            .path(0)
                            .path("registrations")
                            .valueStream()
                            .map(r -> r.path("tr_id").asString() + " "
                                    + r.path("tr_key").asString())
                            .sorted()
                            .toList(),
                    list -> list.size() == 5);
            assertThat(keys)
                    .containsExactly(
                            "H0STCNI0 ***", "H0STCNT0 000660", "H0STCNT0 035420", "H0STMKO0 000660", "H0STMKO0 035420");
        }
    }

    @Test
    void the_first_screen_names_the_environment_the_addresses_and_what_to_try() {
        try (var gateway = Running.start(Programs.gateway(folder))) {
            var screen = gateway.program().output();
            assertThat(screen).hasSizeLessThanOrEqualTo(25);
            assertThat(screen).anyMatch(line -> line.contains("sim"));
            assertThat(screen)
                    .anyMatch(line -> line.contains(
                            "http://127.0.0.1:" + gateway.program().gatewayPort()))
                    .anyMatch(line -> line.contains("ws://127.0.0.1:"));
            var first = "http://127.0.0.1:" + gateway.program().gatewayPort();
            assertThat(screen)
                    .anyMatch(line -> line.startsWith("  " + first + "/ "))
                    .anyMatch(line -> line.contains("GATEWAY_URL=" + first + " ./kis demo"))
                    .anyMatch(line -> line.contains("GATEWAY_URL=" + first + " ./kis buy 005930 1"))
                    .anyMatch(line -> line.startsWith("  curl " + first + "/v1/quotes/005930 "));
            assertThat(screen.getLast()).startsWith("{\"gateway_port\":");
            assertThat(gateway.program().ready().propertyNames())
                    .containsExactly("gateway_port", "simulator_port", "face_port", "data_dir", "pid");
            assertThat(gateway.program().ready().path("pid").longValue())
                    .isEqualTo(gateway.program().pid());
        }
    }

    /** Guards the table above: without any of its settings the same launch starts. */
    @Test
    void command_line_arguments_start_the_gateway_and_override_the_environment() {
        Launch launch = Programs.gateway(folder)
                .withEnvironment("GATEWAY_PORT", "99999")
                .withArguments("--port=0");
        try (var gateway = Running.start(launch)) {
            assertThat(gateway.client().get("/health/live").ok()).isTrue();
            assertThat(new TreeMap<>(launch.environment())).containsEntry("GATEWAY_PORT", "99999");
        }
    }
}
