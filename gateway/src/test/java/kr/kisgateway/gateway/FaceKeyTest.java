package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Keys for programs written for KIS: made by the command and by the API, with the address at which they are good. */
@Tag("slow")
class FaceKeyTest {
    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(folder, Map.of("SIMULATOR_CLOCK", "open-fixed"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        http.close();
    }

    private URI face() {
        return URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
    }

    private FaceClient client(JsonNode face) {
        var account = face.path("account_no").asString().split("-");
        return new FaceClient(
                http,
                URI.create(face.path("rest_url").asString()),
                face.path("appkey").asString(),
                face.path("appsecret").asString(),
                account[0],
                account[1],
                face.path("hts_id").asString());
    }

    private HttpResponse<String> create(String body) {
        return gateway.operate("POST", "/v1/keys", body);
    }

    @Test
    void the_command_prints_the_port_of_the_running_gateway_and_says_when_none_runs() throws IOException {
        var running = KeyCommands.run(folder, List.of("create", "one", "--face", "--json"));
        assertThat(FaceClient.JSON.readTree(running.out()).path("rest_url").asString())
                .isEqualTo(face().toString());
        assertThat(running.err()).doesNotContain("of the settings");
        var address = gateway.gateway().dataDir().resolve("face.address");
        var written = Files.readString(address);
        gateway.close();

        assertThat(address).doesNotExist();
        var stopped = KeyCommands.run(folder, List.of("create", "two", "--face", "--json"));
        assertThat(FaceClient.JSON.readTree(stopped.out()).path("ws_url").asString())
                .isEqualTo("ws://127.0.0.1:8891");
        assertThat(stopped.err().replaceAll("\\s+", " ")).contains("the address is that of the settings");
        // A gateway that was killed leaves the file of a process that is gone.
        Files.writeString(address, written.replaceFirst(" .*", " 4194999"));
        var killed = KeyCommands.run(folder, List.of("create", "three", "--face", "--json"));
        assertThat(FaceClient.JSON.readTree(killed.out()).path("rest_url").asString())
                .isEqualTo("http://127.0.0.1:8891");
        assertThat(KeyCommands.run(folder, List.of("create", "four")).err()).doesNotContain("of the settings");
        start();
    }

    @Test
    void the_api_makes_a_key_that_a_program_can_use_at_once() {
        var answer = create("{\"name\":\"strategy-a\",\"role\":\"trade\",\"face\":{\"layout\":\"classic\"}}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        var made = gateway.tree(answer);
        var face = made.path("face");
        assertThat(made.path("own").asBoolean()).isTrue();
        assertThat(face.path("appkey").asString()).hasSize(36);
        assertThat(face.path("appsecret").asString()).hasSize(180);
        assertThat(face.path("account_no").asString()).matches("9[0-9]{7}-01");
        assertThat(face.path("rest_url").asString()).isEqualTo(face().toString());
        assertThat(face.path("ws_url").asString()).isEqualTo("ws://127.0.0.1:" + face().getPort());
        var client = client(face);
        assertThat(client.login().statusCode()).isEqualTo(200);
        assertThat(FaceClient.code(client.price("005930"))).isEqualTo("MCA00000");
        assertThat(gateway.operate("GET", "/v1/keys", "").body()).doesNotContain(client.appKey, client.appSecret);

        var rotated = gateway.tree(gateway.operate("POST", "/v1/keys/strategy-a/rotate", ""))
                .path("face");
        assertThat(rotated.path("appkey").isNull()).isTrue();
        assertThat(rotated.path("appsecret").asString()).hasSize(180).isNotEqualTo(client.appSecret);
        assertThat(FaceClient.code(client.price("005930"))).isEqualTo("EGW00105");
    }

    @Test
    void a_key_of_the_api_has_no_app_key_unless_it_is_requested_and_what_is_wrong_is_named() {
        assertThat(gateway.tree(create("{\"name\":\"plain\",\"role\":\"quote\"}"))
                        .path("face")
                        .isNull())
                .isTrue();
        var shared = create("{\"name\":\"shared\",\"role\":\"trade\",\"own\":false,\"face\":{}}");
        assertThat(gateway.tree(shared).path("own").asBoolean()).isFalse();
        assertRefused("INVALID_FIELD", "layout", "{\"name\":\"x\",\"role\":\"trade\",\"face\":{\"layout\":\"wide\"}}");
        assertRefused("UNKNOWN_FIELD", "colour", "{\"name\":\"x\",\"role\":\"trade\",\"face\":{\"colour\":1}}");
        assertRefused(
                "INVALID_FIELD",
                "2099-12-31",
                "{\"name\":\"x\",\"role\":\"trade\",\"face\":{\"layout\":\"2100-01-01\"}}");
        assertRefused("INVALID_FIELD", "sees", "{\"name\":\"x\",\"role\":\"trade\",\"face\":{\"sees\":\"all\"}}");
        assertRefused(
                "INVALID_FIELD",
                "must be single or batched",
                "{\"name\":\"x\",\"role\":\"trade\",\"face\":{\"records\":\"joined\"}}");
        assertRefused(
                "INVALID_FIELD",
                "sees",
                "{\"name\":\"x\",\"role\":\"trade\",\"own\":false,\"face\":{\"sees\":\"own\"}}");
        assertRefused("INVALID_FIELD", "face", "{\"name\":\"x\",\"role\":\"trade\",\"face\":true}");
    }

    @Test
    void lists_of_keys_show_account_number_layout_and_balances_of_a_virtual_app_key() {
        var own = gateway.tree(create("{\"name\":\"own\",\"role\":\"trade\",\"face\":{\"sees\":\"own\"}}"));
        var all = gateway.tree(
                create(
                        "{\"name\":\"all\",\"role\":\"trade\",\"face\":{\"sees\":\"account\",\"layout\":\"2026-11-22\",\"records\":\"single\"}}"));
        create("{\"name\":\"plain\",\"role\":\"quote\"}");
        assertThat(own.path("own").asBoolean()).isTrue();
        assertThat(all.path("own").asBoolean()).isFalse();

        var listed = gateway.tree(gateway.operate("GET", "/v1/keys", "")).path("keys");
        for (var key : listed) {
            var face = key.path("face");
            switch (key.path("name").asString()) {
                case "own" -> {
                    assertThat(face.path("balances").asString()).isEqualTo("own");
                    assertThat(face.path("layout").asString()).isEqualTo("current");
                    assertThat(face.path("records").asString()).isEqualTo("batched");
                    assertThat(face.path("account_no"))
                            .isEqualTo(own.path("face").path("account_no"));
                    assertThat(face.path("hts_id")).isEqualTo(own.path("face").path("hts_id"));
                }
                case "all" -> {
                    assertThat(face.path("balances").asString()).isEqualTo("account");
                    assertThat(face.path("layout").asString()).isEqualTo("2026-11-22");
                    assertThat(face.path("records").asString()).isEqualTo("single");
                }
                case "plain" -> assertThat(face.isNull()).isTrue();
                default -> {
                    // the ready key
                }
            }
        }
        assertThat(listed).hasSizeGreaterThanOrEqualTo(3);
        String table = KeyCommands.run(folder, List.of("list")).out();
        assertThat(table)
                .contains(own.path("face").path("account_no").asString() + " current, batched records, own balances")
                .contains(all.path("face").path("account_no").asString() + " 2026-11-22, single records");
        for (var options : List.of(List.of("--sees", "own", "--shared"), List.of("--sees", "account", "--own"))) {
            var arguments = new ArrayList<>(List.of("create", "wrong", "--face", "--role", "trade"));
            arguments.addAll(options);
            assertThat(KeyCommands.run(folder, arguments).err()).contains("--sees contradicts");
        }
        assertThat(KeyCommands.run(folder, List.of("create", "wrong", "--sees", "own"))
                        .err())
                .contains("need --face");
    }

    private void assertRefused(String code, String named, String body) {
        var answer = gateway.tree(create(body));
        assertThat(answer.path("code").asString()).as(answer.toString()).isEqualTo(code);
        assertThat(answer.path("message").asString()).contains(named);
    }

    @Test
    void where_the_port_is_off_a_key_has_no_address() {
        gateway.close();
        gateway = GatewayFixture.start(folder, Map.of("KIS_FACE", "false"));
        var face = gateway.tree(create("{\"name\":\"later\",\"role\":\"trade\",\"face\":{}}"))
                .path("face");
        assertThat(face.path("appkey").asString()).hasSize(36);
        assertThat(face.path("rest_url").isNull()).isTrue();
        assertThat(face.path("ws_url").isNull()).isTrue();
    }
}
