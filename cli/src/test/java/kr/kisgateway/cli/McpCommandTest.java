package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kr.kisgateway.api.json.ApiJson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an agent's program sends on stdin, and what it reads on stdout. */
class McpCommandTest {
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

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

    private static List<JsonNode> answers(String url, String... lines) {
        var result = Shell.with(Map.of("GATEWAY_URL", url), folder)
                .reading(String.join("\n", lines))
                .run("mcp");
        assertThat(result.code()).isZero();
        return result.out().lines().map(ApiJson::tree).toList();
    }

    @Test
    void each_line_is_answered_by_a_line_and_nothing_else_is_written() {
        var answers = answers(
                gateway.url(),
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\"}}",
                "",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                "nothing",
                "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"tools/call\",\"params\":{\"name\":\"list_accounts\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"이름\"," + META + "}}");
        assertThat(answers).hasSize(4);
        assertThat(of(answers, "1").at("/result/serverInfo/name").asString()).isEqualTo("kis-trading-gateway");
        assertThat(of(answers, "\"b\"")
                        .at("/result/structuredContent/items/0/account_id")
                        .asString())
                .isEqualTo("A1");
        // The header of a name that is no ASCII was understood: the refusal is about the name.
        assertThat(of(answers, "3").at("/error/message").asString()).contains("이름");
        assertThat(of(answers, "null").at("/error/code").asInt()).isEqualTo(-32700);
    }

    private static JsonNode of(List<JsonNode> answers, String id) {
        return answers.stream()
                .filter(it -> it.path("id").toString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void without_a_gateway_each_request_gets_an_error_that_says_what_to_do() {
        var answers = answers(
                "http://127.0.0.1:1",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        assertThat(answers).hasSize(1);
        assertThat(answers.getFirst().at("/error/message").asString())
                .contains("./kis run")
                .contains("GATEWAY_URL");
    }
}
