package kr.kisgateway.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.json.ApiJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Messages of both revisions, and what of the API they call. */
class McpServerTest {
    private static final String CONTRACT = contract();
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private final List<ApiPort.Request> sent = new ArrayList<>();
    private final McpServer server = new McpServer("1.2.3", EnumSet.allOf(Toolset.class));
    private ApiPort.Reply reply = new ApiPort.Reply(200, "{\"symbol\":\"005930\",\"price\":70000}");

    private static String contract() {
        try (var yaml = McpServerTest.class.getResourceAsStream("/openapi.yaml")) {
            return new YAMLMapper().readTree(yaml).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ApiPort.Reply send(ApiPort.Request request) {
        if (request.path().equals("/openapi.json")) {
            return new ApiPort.Reply(200, CONTRACT);
        }
        sent.add(request);
        return reply;
    }

    private McpServer.Answer http(String message, Map<String, String> headers) {
        return server.answerHttp(message, name -> Optional.ofNullable(headers.get(name)), this::send);
    }

    private static JsonNode body(McpServer.Answer answer) {
        return ApiJson.tree(answer.body().orElseThrow());
    }

    private static String message(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private McpServer.Answer stateless(String method, String params) {
        return http(
                message(method, params),
                Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", method, "Mcp-Name", "get_quote"));
    }

    @Test
    void a_stateless_agent_discovers_lists_and_calls_without_a_session() {
        var discovered = body(stateless("server/discover", "{" + META + "}")).path("result");
        assertThat(discovered.path("resultType").asString()).isEqualTo("complete");
        assertThat(discovered.path("supportedVersions").toString()).isEqualTo("[\"2026-07-28\",\"2025-11-25\"]");
        assertThat(discovered.path("ttlMs").asLong()).isPositive();
        var listed = body(stateless("tools/list", "{" + META + "}")).path("result");
        assertThat(listed.path("tools").size()).isEqualTo(ReadTools.ALL.size());
        var called = body(stateless(
                        "tools/call", "{\"name\":\"get_quote\",\"arguments\":{\"symbol\":\"005930\"}," + META + "}"))
                .path("result");
        assertThat(sent).extracting(ApiPort.Request::path).containsExactly("/v1/quotes/005930");
        assertThat(called.at("/structuredContent/price").asLong()).isEqualTo(70_000);
        assertThat(called.path("isError").asBoolean(true)).isFalse();
        assertThat(called.path("resultType").asString()).isEqualTo("complete");
    }

    @Test
    void an_agent_with_a_handshake_gets_the_older_revision() {
        var initialized =
                http(message("initialize", "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}"), Map.of());
        assertThat(body(initialized).at("/result/protocolVersion").asString()).isEqualTo("2025-11-25");
        assertThat(http("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", Map.of()))
                .isEqualTo(new McpServer.Answer(202, Optional.empty()));
        var listed = body(http(message("tools/list", "{}"), Map.of("MCP-Protocol-Version", "2025-11-25")));
        assertThat(listed.at("/result/tools").size()).isEqualTo(ReadTools.ALL.size());
        assertThat(listed.path("result").has("resultType")).isFalse();
        assertThat(body(http(message("ping", "{}"), Map.of())).path("result").isObject())
                .isTrue();
    }

    @Test
    void a_header_that_is_not_what_the_message_says_is_refused_and_nothing_is_called() {
        var call = message("tools/call", "{\"name\":\"get_quote\",\"arguments\":{\"symbol\":\"005930\"}," + META + "}");
        var right = Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", "get_quote");
        for (var header : right.keySet()) {
            for (var wrong : List.of("", "another")) {
                var headers = new java.util.HashMap<>(right);
                if (wrong.isEmpty()) {
                    headers.remove(header);
                } else {
                    headers.put(header, wrong);
                }
                var answer = http(call, headers);
                assertThat(answer.status()).as(header).isEqualTo(400);
                assertThat(body(answer).at("/error/code").asInt()).as(header).isEqualTo(-32020);
            }
        }
        assertThat(sent).isEmpty();
        var encoded = new java.util.HashMap<>(right);
        encoded.put("Mcp-Name", "=?base64?Z2V0X3F1b3Rl?=");
        assertThat(http(call, encoded).status()).isEqualTo(200);
    }

    @Test
    void another_version_is_refused_with_those_that_are_spoken() {
        var answer = http(
                message("tools/list", "{" + META.replace("2026-07-28", "1900-01-01") + "}"),
                Map.of("MCP-Protocol-Version", "1900-01-01", "Mcp-Method", "tools/list"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(body(answer).at("/error/code").asInt()).isEqualTo(-32022);
        assertThat(body(answer).at("/error/data/supported/0").asString()).isEqualTo("2026-07-28");
    }

    @Test
    void an_unknown_method_is_404_for_a_stateless_agent_and_an_error_for_another() {
        assertThat(stateless("tools/nothing", "{" + META + "}").status()).isEqualTo(404);
        var older = http(message("tools/nothing", "{}"), Map.of());
        assertThat(older.status()).isEqualTo(200);
        assertThat(body(older).at("/error/code").asInt()).isEqualTo(-32601);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "[]",
                "{}",
                "7",
                "null",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]"
            })
    void what_is_no_request_is_400_and_an_error_of_the_protocol(String text) {
        var answer = http(text, Map.of());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(body(answer).at("/error/code").asInt()).isIn(-32700, -32600);
    }

    @Test
    void mistakes_in_arguments_are_for_the_agent_to_correct_and_never_another_path() {
        for (var arguments :
                List.of("{}", "{\"symbol\":{\"a\":1}}", "{\"symbol\":\"..\"}", "{\"symbol\":\"005930\",\"other\":1}")) {
            var result = body(http(
                            message("tools/call", "{\"name\":\"get_quote\",\"arguments\":" + arguments + "}"),
                            Map.of()))
                    .path("result");
            assertThat(result.path("isError").asBoolean(false)).as(arguments).isTrue();
            assertThat(result.at("/content/0/text").asString()).as(arguments).contains("argument");
        }
        assertThat(sent).isEmpty();
        http(message("tools/call", "{\"name\":\"get_quote\",\"arguments\":{\"symbol\":\"../keys?x=1#\"}}"), Map.of());
        assertThat(sent).extracting(ApiPort.Request::path).containsExactly("/v1/quotes/..%2Fkeys%3Fx%3D1%23");
        assertThat(body(http(message("tools/call", "{\"name\":\"nothing\"}"), Map.of()))
                        .at("/error/code")
                        .asInt())
                .isEqualTo(-32602);
    }

    @Test
    void a_refusal_of_the_api_is_an_error_with_its_code_and_a_list_is_the_member_items() {
        reply = new ApiPort.Reply(403, "{\"code\":\"FORBIDDEN\",\"message\":\"Your key is not for this account.\"}");
        var refused = body(http(
                        message("tools/call", "{\"name\":\"get_balances\",\"arguments\":{\"account_id\":\"A2\"}}"),
                        Map.of()))
                .path("result");
        assertThat(refused.path("isError").asBoolean(false)).isTrue();
        assertThat(refused.at("/content/0/text").asString()).contains("FORBIDDEN");
        assertThat(refused.has("structuredContent")).isFalse();
        reply = new ApiPort.Reply(200, "[{\"account_id\":\"A1\"}]");
        var listed = body(http(message("tools/call", "{\"name\":\"list_accounts\"}"), Map.of()))
                .path("result");
        assertThat(listed.at("/structuredContent/items/0/account_id").asString())
                .isEqualTo("A1");
    }

    @Test
    void every_tool_is_in_the_contract_read_only_and_has_schemas_that_resolve() {
        var tools = body(http(message("tools/list", "{}"), Map.of())).at("/result/tools");
        assertThat(tools.valueStream().map(it -> it.path("name").asString()))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z_]{1,64}"));
        for (var tool : tools) {
            var name = tool.path("name").asString();
            assertThat(tool.at("/annotations/readOnlyHint").asBoolean(false))
                    .as(name)
                    .isTrue();
            assertThat(tool.at("/outputSchema/type").asString("")).as(name).isEqualTo("object");
            for (var schema : List.of(tool.path("inputSchema"), tool.path("outputSchema"))) {
                for (var reference : schema.findValuesAsString("$ref")) {
                    assertThat(schema.at(reference.substring(1)).isObject())
                            .as(name + " " + reference)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void only_the_chosen_toolsets_are_offered_and_can_be_called() {
        var market = new McpServer("1.2.3", EnumSet.of(Toolset.MARKET));
        var answer = market.answerStdio(message("tools/call", "{\"name\":\"get_balances\"}"), this::send)
                .orElseThrow();
        assertThat(ApiJson.tree(answer).at("/error/code").asInt()).isEqualTo(-32602);
        assertThat(sent).isEmpty();
    }
}
