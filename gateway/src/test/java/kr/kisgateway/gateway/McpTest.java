package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Agents at a running gateway: what they read is what the API answers, with the rights of their key. */
@TestInstance(Lifecycle.PER_CLASS)
class McpTest {
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private GatewayFixture gateway;

    @BeforeAll
    void start(@TempDir Path folder) {
        gateway = GatewayFixture.start(folder, "--simulator-clock=open-fixed");
        gateway.awaitReady();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private HttpResponse<String> tool(String name, String arguments) {
        return gateway.send(
                "POST",
                "/mcp",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + name
                        + "\",\"arguments\":" + arguments + "," + META + "}}",
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                "tools/call",
                "Mcp-Name",
                name);
    }

    private JsonNode result(String name, String arguments) {
        return gateway.tree(tool(name, arguments)).path("result");
    }

    @Test
    void a_tool_answers_what_the_api_answers() {
        var instrument = result("get_instrument", "{\"symbol\":\"005930\"}");
        for (var stable : new String[] {"name", "isin", "listed_shares", "tick_size"}) {
            assertThat(instrument.path("structuredContent").path(stable))
                    .as(stable)
                    .isEqualTo(gateway.json("/v1/instruments/005930").path(stable));
        }
        var bars = result("get_bars", "{\"symbol\":\"005930\",\"period\":\"D\",\"limit\":300}");
        assertThat(bars.at("/structuredContent/bars").size()).isEqualTo(300);
        assertThat(result("list_accounts", "{}")
                        .at("/structuredContent/items/0/account_id")
                        .asString())
                .isEqualTo("A1");
    }

    @Test
    void a_refusal_of_the_api_is_the_result_of_the_tool() {
        var refused = result("get_quote", "{\"symbol\":\"nothing\"}");
        assertThat(refused.path("isError").asBoolean(false)).isTrue();
        assertThat(refused.at("/content/0/text").asString())
                .contains("\"code\"")
                .contains("trace_id");
    }

    @Test
    void the_calls_of_a_tool_are_audited_as_those_of_its_caller() {
        result("get_balances", "{\"account_id\":\"A1\"}");
        Await.until(
                "the inner call is in the audit",
                () -> gateway.tree(gateway.operate("GET", "/v1/audit?limit=50", ""))
                        .path("rows")
                        .valueStream()
                        .anyMatch(row -> row.path("call").asString().equals("GET /v1/balances")
                                && row.path("parameters").asString().contains("account_id=A1")));
    }

    @Test
    void a_get_is_not_allowed_and_a_message_that_is_none_has_an_error_of_the_protocol() {
        assertThat(gateway.get("/mcp").statusCode()).isEqualTo(405);
        var wrong = gateway.send("POST", "/mcp", "nothing");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(gateway.tree(wrong).at("/error/code").asInt()).isEqualTo(-32700);
    }
}
