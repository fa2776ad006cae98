package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.doctor.PortChecks;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.programs.FreePort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Configured listen addresses and ports. */
@Tag("slow")
class BindTest {
    @TempDir
    private Path folder;

    @Test
    void an_address_the_machine_does_not_have_is_reported_as_such() {
        // A documentation address: no machine has it.
        assertThatThrownBy(() -> start(Map.of("GATEWAY_BIND", "203.0.113.7", "GATEWAY_PLAIN_HTTP", "true"), 0))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("203.0.113.7 is not available on this machine")
                .hasMessageContaining("GATEWAY_BIND")
                .hasMessageNotContaining("used by another program");
    }

    @Test
    void a_port_in_use_is_reported_as_such() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> start(Map.of(), other.getLocalPort()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(
                            "The port " + other.getLocalPort() + " at 127.0.0.1 is used by another program")
                    .hasMessageContaining("GATEWAY_PORT");
        }
    }

    @Test
    void all_ports_in_use_are_reported_at_once_with_the_options_that_select_others() throws IOException {
        var loopback = InetAddress.getByName("127.0.0.1");
        try (var simulator = new ServerSocket(0, 1, loopback);
                var api = new ServerSocket(0, 1, loopback)) {
            var ports = List.of(
                    new PortChecks.OwnPort("GATEWAY_PORT", api.getLocalPort()),
                    new PortChecks.OwnPort("SIMULATOR_PORT", simulator.getLocalPort()));
            assertThat(BindProblem.describe("SIMULATOR_PORT", "127.0.0.1", simulator.getLocalPort(), ports))
                    .startsWith("The ports " + simulator.getLocalPort() + ", " + api.getLocalPort())
                    .endsWith("--simulator-port=0 --port=0.");
        }
    }

    @Test
    void a_port_for_kis_programs_in_use_is_named_on_the_first_screen_and_by_the_probe() throws Exception {
        int port = FreePort.find();
        try (var other = new ServerSocket(port + 1, 1, InetAddress.getByName("127.0.0.1"));
                var gateway = start(Map.of(), port);
                var client = HttpClient.newHttpClient()) {
            String problem =
                    "The port " + other.getLocalPort() + " at 127.0.0.1 is used by another program; stop it, or"
                            + " set KIS_FACE_PORT (--kis-face-port) to another (0 selects a free one).";
            assertThat(gateway.facePort()).isEmpty();
            assertThat(Main.startupLines(gateway, settings(Map.of(), port)))
                    .anySatisfy(line -> assertThat(line).startsWith("  KIS face     OFF"))
                    .contains("               " + problem);
            var ready = client.send(
                    HttpRequest.newBuilder(gateway.baseUri().resolve("/health/ready"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(JsonMapper.shared()
                            .readTree(ready.body())
                            .path("face_problem")
                            .asString(""))
                    .isEqualTo(problem);
        }
        try (var gateway = start(Map.of(), 0);
                var client = HttpClient.newHttpClient()) {
            assertThat(gateway.facePort()).isPresent();
            var ready = client.send(
                    HttpRequest.newBuilder(gateway.baseUri().resolve("/health/ready"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(ready.body()).doesNotContain("face");
        }
    }

    @Test
    void another_loopback_address_needs_no_keys_like_127_0_0_1() throws Exception {
        try (var gateway = start(Map.of("GATEWAY_BIND", "127.0.0.2"), 0);
                var client = HttpClient.newHttpClient()) {
            var base = "http://127.0.0.2:" + gateway.port();
            assertThat(gateway.baseUri()).isEqualTo(URI.create(base));
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create(base + "/v1/session/status"))
                            .header("Origin", base)
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }

    private Gateway start(Map<String, String> more, int port) {
        return Gateway.start(settings(more, port));
    }

    private Settings settings(Map<String, String> more, int port) {
        var variables = new HashMap<>(more);
        variables.put("KIS_ENV", "sim");
        var loaded = SettingsLoader.load(
                List.of("--port=" + port, "--simulator-port=0", "--simulator-clock=open-fixed"),
                Map.copyOf(variables),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return ((SettingsResult.Loaded) loaded).settings();
    }
}
