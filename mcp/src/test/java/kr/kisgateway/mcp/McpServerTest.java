package kr.kisgateway.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Messages of both revisions, and what of the API they call. */
class McpServerTest {
    private static final String CONTRACT = contract();
    private static final String ORDER =
            "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":10,\"price\":70000}";
    private static final String AGREED = "{\"action\":\"accept\",\"content\":{\"agreed\":true}}";
    /** Of Base64, as addresses have it. */
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private final List<ApiPort.Request> sent = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T01:00:00Z"));
    private final List<RuntimeException> failures = new ArrayList<>();
    private final McpServer server = server(EnumSet.allOf(Toolset.class));
    private String caller = "agent";
    private boolean isBroken;
    private final Set<String> refused = new HashSet<>();
    private ApiPort.Reply reply = new ApiPort.Reply(200, "{\"symbol\":\"005930\",\"price\":70000}");

    private static String contract() {
        try (var yaml = McpServerTest.class.getResourceAsStream("/openapi.yaml")) {
            return new YAMLMapper().readTree(yaml).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private McpServer server(Set<Toolset> toolsets) {
        return new McpServer("1.2.3", toolsets, "secret", now::get, new SecureRandom(), failures::add);
    }

    private McpServer.Answer http(String message, Map<String, String> headers) {
        return http(server, message, headers);
    }

    private McpServer.Answer http(McpServer to, String message, Map<String, String> headers) {
        return to.answer(message, name -> Optional.ofNullable(headers.get(name)), new ApiPort() {
            @Override
            public String caller() {
                return caller;
            }

            @Override
            public boolean mayCall(String method, String path) {
                return !refused.contains(method + ' ' + path);
            }

            @Override
            public Reply send(Request request) {
                if (request.path().equals("/openapi.json")) {
                    return new Reply(200, CONTRACT);
                }
                sent.add(request);
                if (isBroken) {
                    throw new IllegalStateException("details of the inside");
                }
                return reply;
            }
        });
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
        assertThat(listed.path("tools").size()).isEqualTo(ReadCalls.ALL.size() + 2 * OrderAction.values().length);
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
        assertThat(listed.at("/result/tools").size()).isEqualTo(ReadCalls.ALL.size() + 2 * OrderAction.values().length);
        assertThat(listed.path("result").has("resultType")).isFalse();
        assertThat(body(http(message("ping", "{}"), Map.of())).path("result").isObject())
                .isTrue();
    }

    @Test
    void a_tool_of_a_role_that_the_caller_has_not_is_not_listed() {
        refused.add("POST /v1/orders");
        refused.add("GET /v1/session/status");
        var names = body(stateless("tools/list", "{" + META + "}"))
                .at("/result/tools")
                .valueStream()
                .map(tool -> tool.path("name").asString(""))
                .toList();
        assertThat(names)
                .hasSize(ReadCalls.ALL.size() + 2 * OrderAction.values().length - 3)
                .contains("get_quote", "cancel_order")
                .doesNotContain("preview_order", "place_order", "get_session");
    }

    @Test
    void a_header_that_is_not_what_the_message_says_is_refused_and_nothing_is_called() {
        var call = message("tools/call", "{\"name\":\"get_quote\",\"arguments\":{\"symbol\":\"005930\"}," + META + "}");
        var right = Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", "get_quote");
        for (var header : right.keySet()) {
            for (var wrong : List.of("", "another")) {
                var headers = new HashMap<>(right);
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
        var encoded = new HashMap<>(right);
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
        for (var arguments : List.of(
                "{}",
                "{\"symbol\":{\"a\":1}}",
                "{\"symbol\":\"..\"}",
                "{\"symbol\":\"\"}",
                "{\"symbol\":\" \\t\"}",
                "{\"symbol\":[]}",
                "{\"symbol\":\"005930\",\"other\":1}")) {
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
    void every_tool_is_in_the_contract_reads_only_unless_it_is_an_order_and_has_schemas_that_resolve() {
        var changing =
                Arrays.stream(OrderAction.values()).map(OrderAction::toolName).toList();
        var tools = body(http(message("tools/list", "{}"), Map.of())).at("/result/tools");
        assertThat(tools.valueStream().map(it -> it.path("name").asString()))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z_]{1,64}"));
        for (var tool : tools) {
            var name = tool.path("name").asString();
            assertThat(tool.at("/annotations/readOnlyHint").asBoolean(false))
                    .as(name)
                    .isEqualTo(!changing.contains(name));
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
    void a_tool_for_orders_that_is_off_is_refused_with_the_setting_that_turns_it_on() {
        var reading = server(EnumSet.copyOf(Toolset.reading()));
        assertThat(body(http(reading, message("tools/call", "{\"name\":\"place_order\",\"arguments\":{}}"), Map.of()))
                        .at("/error/message")
                        .asString())
                .contains("MCP_TRADING=true");
        assertThat(body(http(reading, message("tools/call", "{\"name\":\"fly\",\"arguments\":{}}"), Map.of()))
                        .at("/error/message")
                        .asString())
                .isEqualTo("There is no tool fly.");
    }

    @Test
    void only_the_chosen_toolsets_are_offered_and_can_be_called() {
        var market = server(EnumSet.of(Toolset.MARKET));
        for (var name : List.of("get_balances", "preview_order", "place_order", "cancel_orders")) {
            var answer = http(market, message("tools/call", "{\"name\":\"" + name + "\"}"), Map.of());
            assertThat(body(answer).at("/error/code").asInt()).as(name).isEqualTo(-32602);
        }
        assertThat(sent).isEmpty();
    }

    private JsonNode tool(String name, String arguments) {
        return body(http(
                        message("tools/call", "{\"name\":\"" + name + "\",\"arguments\":" + arguments + "}"), Map.of()))
                .path("result");
    }

    private static String with(String order, String confirmation) {
        return order.substring(0, order.length() - 1) + ",\"confirmation\":\"" + confirmation + "\"}";
    }

    private String confirmed(String preview, String arguments) {
        reply = new ApiPort.Reply(200, "{\"ok\":true,\"refusal\":null}");
        var shown = tool(preview, arguments);
        sent.clear();
        reply = new ApiPort.Reply(200, "{\"order_id\":\"ord_1\",\"status\":\"QUEUED\"}");
        return shown.at("/structuredContent/confirmation").asString("");
    }

    private void assertRefused(JsonNode result, String code) {
        assertThat(result.path("isError").asBoolean(false)).isTrue();
        assertThat(result.at("/content/0/text").asString()).contains(code);
        assertThat(sent).isEmpty();
    }

    @Test
    void an_order_is_placed_with_its_confirmation_under_one_idempotency_key_however_often_it_is_repeated() {
        var token = confirmed("preview_order", ORDER);
        // In another order, and a number in another form.
        var same =
                "{\"qty\":10.0,\"price\":70000,\"side\":\"BUY\",\"symbol\":\"005930\",\"account_id\":\"A1\",\"confirmation\":\""
                        + token + "\"}";
        assertThat(tool("place_order", with(ORDER, token)).path("isError").asBoolean(true))
                .isFalse();
        assertThat(tool("place_order", same).path("isError").asBoolean(true)).isFalse();
        assertThat(sent)
                .hasSize(2)
                .allMatch(it -> it.method().equals("POST") && it.path().equals("/v1/orders"));
        assertThat(sent).extracting(ApiPort.Request::idempotencyKey).doesNotContain(Optional.empty());
        assertThat(sent.stream().map(ApiPort.Request::idempotencyKey).distinct())
                .hasSize(1);
        assertThat(sent.getFirst().body().orElseThrow()).doesNotContain("confirmation");
    }

    @Test
    void an_order_without_its_own_confirmation_is_not_placed() {
        var token = confirmed("preview_order", ORDER);
        assertRefused(tool("place_order", ORDER), "CONFIRMATION_INVALID");
        assertRefused(tool("place_order", with(ORDER, "nothing")), "CONFIRMATION_INVALID");
        assertRefused(tool("place_order", with(ORDER.replace(":10,", ":11,"), token)), "CONFIRMATION_INVALID");
        assertRefused(
                tool("place_order", with(ORDER, token.substring(0, token.length() - 3) + "AAA")),
                "CONFIRMATION_INVALID");
        assertRefused(
                tool("cancel_order", "{\"id\":\"ord_1\",\"confirmation\":\"" + token + "\"}"), "CONFIRMATION_INVALID");
        caller = "another";
        assertRefused(tool("place_order", with(ORDER, token)), "CONFIRMATION_INVALID");
        caller = "agent";
        now.set(now.get().plusSeconds(120));
        assertRefused(tool("place_order", with(ORDER, token)), "CONFIRMATION_EXPIRED");
        now.set(now.get().minusMillis(1));
        assertThat(tool("place_order", with(ORDER, token)).path("isError").asBoolean(true))
                .isFalse();
    }

    @Test
    void a_preview_that_would_be_refused_confirms_nothing() {
        reply = new ApiPort.Reply(
                200, "{\"ok\":false,\"refusal\":{\"code\":\"MAX_QTY_EXCEEDED\",\"message\":\"Too many.\"}}");
        var shown = tool("preview_order", ORDER).path("structuredContent");
        assertThat(shown.has("confirmation")).isFalse();
        assertThat(shown.at("/preview/refusal/code").asString()).isEqualTo("MAX_QTY_EXCEEDED");
    }

    @Test
    void a_preview_that_confirms_what_may_be_refused_says_what_it_does_not_check() {
        var about = new HashMap<String, String>();
        body(http(message("tools/list", "{}"), Map.of()))
                .at("/result/tools")
                .forEach(tool -> about.put(
                        tool.path("name").asString(), tool.path("description").asString()));
        // Only an order can be evaluated without being placed.
        assertThat(about.get("preview_order")).contains("confirms only what would be accepted now");
        assertThat(about.get("preview_bracket")).contains("does not check the take-profit and the stop");
        assertThat(about.get("preview_modify_order")).contains("does not check the new quantity and price");
        for (var name : List.of("preview_cancel_order", "preview_cancel_parent")) {
            assertThat(about.get(name)).as(name).contains("does not check whether it can be cancelled");
        }
    }

    @Test
    void each_change_is_previewed_by_what_it_changes_and_then_made() {
        record Change(String preview, String tool, String arguments, String seen, String done) {}
        var bracket = "{\"order\":" + ORDER + ",\"stop\":{\"price\":69000}}";
        var changes = List.of(
                new Change(
                        "preview_modify_order",
                        "modify_order",
                        "{\"id\":\"ord_1\",\"price\":70500}",
                        "GET /v1/orders/ord_1",
                        "POST /v1/orders/ord_1/modify {\"price\":70500}"),
                new Change(
                        "preview_cancel_order",
                        "cancel_order",
                        "{\"id\":\"ord_1\"}",
                        "GET /v1/orders/ord_1",
                        "POST /v1/orders/ord_1/cancel "),
                new Change(
                        "preview_cancel_orders",
                        "cancel_orders",
                        "{\"account_id\":\"A1\"}",
                        "GET /v1/orders?account_id=A1&status=open",
                        "POST /v1/orders/cancel-all {\"account_id\":\"A1\"}"),
                new Change(
                        "preview_bracket",
                        "place_bracket",
                        bracket,
                        "POST /v1/orders/preview",
                        "POST /v1/parents {\"kind\":\"BRACKET\",\"order\":" + ORDER + ",\"stop\":{\"price\":69000}}"),
                new Change(
                        "preview_cancel_parent",
                        "cancel_parent",
                        "{\"id\":\"par_1\"}",
                        "GET /v1/parents/par_1",
                        "POST /v1/parents/par_1/cancel "));
        for (var change : changes) {
            sent.clear();
            reply = new ApiPort.Reply(200, "{\"ok\":true}");
            var token = tool(change.preview(), change.arguments())
                    .at("/structuredContent/confirmation")
                    .asString("");
            assertThat(sent).extracting(it -> it.method() + " " + it.path()).containsExactly(change.seen());
            sent.clear();
            assertThat(tool(change.tool(), with(change.arguments(), token))
                            .path("isError")
                            .asBoolean(true))
                    .as(change.tool())
                    .isFalse();
            assertThat(sent)
                    .extracting(it ->
                            it.method() + " " + it.path() + " " + it.body().orElse(""))
                    .containsExactly(change.done());
        }
    }

    @Test
    void what_concerns_every_account_and_what_is_no_bracket_is_no_argument() {
        for (var wrong : List.of(
                "cancel_orders {}",
                "place_bracket {\"order\":" + ORDER + "}",
                "place_bracket {\"order\":" + ORDER + ",\"stop\":{},\"kind\":\"TWAP\"}",
                "place_bracket {\"order\":7,\"stop\":{}}",
                "place_order " + with(ORDER, "x").replace("confirmation", "dry_run"))) {
            int space = wrong.indexOf(' ');
            assertRefused(tool(wrong.substring(0, space), wrong.substring(space + 1)), "INVALID_ARGUMENTS");
        }
    }

    private JsonNode asked(String arguments, String more) {
        return asked("place_order", arguments, more);
    }

    private JsonNode asked(String tool, String arguments, String more) {
        var meta = META.replace("clientCapabilities\":{}", "clientCapabilities\":{\"elicitation\":{}}");
        return body(http(
                        message(
                                "tools/call",
                                "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + more + "," + meta + "}"),
                        Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", tool)))
                .path("result");
    }

    @Test
    void a_person_is_shown_the_order_that_would_be_changed() {
        var cancel = "{\"id\":\"ord_1\"}";
        var confirmed = with(cancel, confirmed("preview_cancel_order", cancel));
        reply = new ApiPort.Reply(
                200,
                "{\"order_id\":\"ord_1\",\"status\":\"SENT\",\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":10,"
                        + "\"filled_qty\":3,\"price\":70000,\"strategy_id\":\"x\\nnow qty: 1\"}");
        var question = asked("cancel_order", confirmed, "");
        assertThat(question.at("/inputRequests/confirm/params/message").asString())
                .isEqualTo(
                        "Cancel an order?\nid: ord_1\nnow account_id: A1\nnow symbol: 005930\nnow side: BUY\nnow qty: 10"
                                + "\nnow filled_qty: 3\nnow price: 70000\nnow status: SENT");
        reply = new ApiPort.Reply(404, "{\"code\":\"ORDER_NOT_FOUND\",\"message\":\"No such order.\"}");
        var refused = asked("cancel_order", confirmed, "");
        assertThat(refused.path("isError").asBoolean(false)).isTrue();
        assertThat(refused.toString()).contains("ORDER_NOT_FOUND");
        assertThat(sent)
                .as("looked at alone")
                .allMatch(request -> request.method().equals("GET"));
    }

    private static String answered(JsonNode question, String response) {
        return ",\"requestState\":\"" + question.path("requestState").asString() + "\",\"inputResponses\":{\"confirm\":"
                + response + "}";
    }

    @Test
    void a_person_that_can_be_asked_is_asked_before_an_order() {
        var order = with(ORDER, confirmed("preview_order", ORDER));
        var question = asked(order, "");
        assertThat(question.path("resultType").asString()).isEqualTo("input_required");
        assertThat(question.at("/inputRequests/confirm/method").asString()).isEqualTo("elicitation/create");
        assertThat(question.at("/inputRequests/confirm/params/message").asString())
                .isEqualTo("Place an order?\naccount_id: A1\nsymbol: 005930\nside: BUY\nqty: 10\nprice: 70000");
        // An answer without the question, and one to a question of another order.
        assertThat(asked(order, ",\"inputResponses\":{\"confirm\":" + AGREED + "}")
                        .path("resultType")
                        .asString())
                .isEqualTo("input_required");
        var another = with(ORDER, confirmed("preview_order", ORDER));
        assertThat(asked(another, answered(question, AGREED)).path("resultType").asString())
                .isEqualTo("input_required");
        assertThat(asked(order, answered(question, AGREED)).path("isError").asBoolean(true))
                .isFalse();
        assertThat(sent).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\":\"decline\"}",
                "{\"action\":\"cancel\"}",
                "{\"action\":\"accept\"}",
                "{\"action\":\"accept\",\"content\":{\"agreed\":false}}",
                "{\"action\":\"accept\",\"content\":{\"agreed\":\"true\"}}",
                "{\"action\":\"accept\",\"content\":{\"agreed\":1}}",
                "{\"action\":\"accept\",\"content\":{\"agreed\":[true]}}"
            })
    void a_no_of_the_person_ends_the_confirmation(String no) {
        var order = with(ORDER, confirmed("preview_order", ORDER));
        var question = asked(order, "");
        assertRefused(asked(order, answered(question, no)), "DECLINED");
        assertRefused(asked(order, answered(question, AGREED)), "DECLINED");
        assertRefused(asked(order, ""), "DECLINED");
        assertRefused(tool("place_order", order), "DECLINED");
        var another = with(ORDER, confirmed("preview_order", ORDER));
        assertThat(asked(another, answered(asked(another, ""), AGREED))
                        .path("isError")
                        .asBoolean(true))
                .as("another confirmation")
                .isFalse();
    }

    @Test
    void a_no_within_the_answer_ends_the_confirmation_for_a_call_without_a_session() {
        var session = Map.of("Mcp-Session-Id", "asking");
        var order = with(ORDER, confirmed("preview_order", ORDER));
        var call = message("tools/call", "{\"name\":\"place_order\",\"arguments\":" + order + "}");
        var question = http(call, session).question().orElseThrow();
        http(answerOf(ApiJson.tree(question.message()).path("id").asString(), "false"), session);
        // A no counts, whether or not the agent still waits for it.
        assertThat(question.answer().await(() -> false)).contains("DECLINED");
        assertRefused(tool("place_order", order), "DECLINED");
        assertThat(http(call, session).question()).isEmpty();
    }

    @Test
    void a_person_is_asked_only_where_a_no_can_be_retained() {
        var calls = new ArrayList<String>();
        for (int asked = 0; asked < 100; asked++) {
            var order = with(ORDER, confirmed("preview_order", ORDER));
            calls.add(order);
            assertThat(asked(order, "").path("resultType").asString()).isEqualTo("input_required");
        }
        var order = with(ORDER, confirmed("preview_order", ORDER));
        assertRefused(asked(order, ""), "TOO_MANY_QUESTIONS");
        var first = asked(calls.getFirst(), "");
        assertRefused(asked(calls.getFirst(), answered(first, "{\"action\":\"decline\"}")), "DECLINED");
        assertRefused(tool("place_order", calls.getFirst()), "DECLINED");
        caller = "another";
        var others = with(ORDER, confirmed("preview_order", ORDER));
        assertThat(asked(others, "").path("resultType").asString()).isEqualTo("input_required");
        caller = "agent";
        now.set(now.get().plusSeconds(120));
        var later = with(ORDER, confirmed("preview_order", ORDER));
        assertThat(asked(later, "").path("resultType").asString())
                .as("the confirmations before it have expired")
                .isEqualTo("input_required");
    }

    @Test
    void a_yes_after_the_connection_of_the_question_is_gone_does_nothing_and_frees_the_question() {
        var session = Map.of("Mcp-Session-Id", "asking");
        var order = with(ORDER, confirmed("preview_order", ORDER));
        var call = message("tools/call", "{\"name\":\"place_order\",\"arguments\":" + order + "}");
        for (int asked = 0; asked < 20; asked++) {
            var question = http(call, session).question().orElseThrow();
            http(answerOf(ApiJson.tree(question.message()).path("id").asString(), "true"), session);
            assertThat(question.answer().await(() -> false)).contains("NOT_ANSWERED");
        }
        // Gone at the moment of the answer.
        var question = http(call, session).question().orElseThrow();
        var id = ApiJson.tree(question.message()).path("id").asString();
        var checks = new AtomicInteger();
        var late = question.answer().await(() -> {
            http(answerOf(id, "true"), session);
            return checks.getAndIncrement() == 0;
        });
        assertThat(late).contains("NOT_ANSWERED");
        assertThat(checks).hasValue(2);
        assertThat(sent).isEmpty();
    }

    @Test
    void a_name_cannot_look_like_another_line_and_one_that_the_contract_has_not_is_refused_before_the_question() {
        var strange = "{\"order\":" + ORDER + ",\"stop\":{\"price\":69000,\"x\\n\\nSafe: yes\\nsymbol\":\"1\"}}";
        assertRefused(tool("preview_bracket", strange), "INVALID_ARGUMENTS");
        assertRefused(asked("place_bracket", with(strange, "x"), ""), "INVALID_ARGUMENTS");
        var question = new OrderArguments(Contract.parse(CONTRACT), OrderAction.BRACKET)
                .question((ObjectNode) ApiJson.tree(strange), Optional.empty());
        assertThat(question.lines()).contains("stop x  Safe: yes symbol: 1").doesNotContain("Safe: yes");
        for (var unknown : List.of(
                "preview_bracket {\"order\":" + ORDER + ",\"stop\":{\"trail\":{\"pct\":1,\"x\":1}}}",
                "preview_bracket {\"order\":" + ORDER.replace("{", "{\"x\":1,") + ",\"stop\":{\"price\":69000}}",
                "preview_bracket {\"order\":" + ORDER + ",\"stop\":{\"price\":{\"x\":1}}}",
                "preview_modify_order {\"id\":\"ord_1\",\"price\":70500,\"x\":1}",
                "preview_order " + ORDER.replace("{", "{\"x\":1,"))) {
            int space = unknown.indexOf(' ');
            var refused = tool(unknown.substring(0, space), unknown.substring(space + 1));
            assertRefused(refused, "INVALID_ARGUMENTS");
            assertThat(refused.at("/content/0/text").asString()).as(unknown).contains("There is no argument");
        }
    }

    @Test
    void a_confirmation_is_one_text_for_values_of_one_type() {
        var token = confirmed("preview_order", ORDER);
        int last = DIGITS.indexOf(token.charAt(token.length() - 1));
        // 56 bytes have 75 digits, the last of which has two bits that are of no byte.
        for (var other : List.of(
                token.substring(0, token.length() - 1) + DIGITS.charAt(last ^ 1),
                token.substring(0, token.length() - 1) + DIGITS.charAt(last ^ 3),
                token + "=",
                token + "\\n",
                token.substring(0, token.length() - 1))) {
            assertRefused(tool("place_order", with(ORDER, other)), "CONFIRMATION_INVALID");
        }
        for (var other : List.of("\"10\"", "\"1E+1\"", "[10]", "true", "11")) {
            assertRefused(
                    tool("place_order", with(ORDER.replace(":10,", ":" + other + ","), token)), "CONFIRMATION_INVALID");
        }
        assertThat(tool("place_order", with(ORDER.replace(":10,", ":1e1,"), token))
                        .path("isError")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void a_failure_that_was_not_expected_is_logged_and_an_error_of_the_protocol_without_details() {
        var order = with(ORDER, confirmed("preview_order", ORDER));
        isBroken = true;
        var failed = http(message("tools/call", "{\"name\":\"list_accounts\"}"), Map.of());
        assertThat(failed.status()).isEqualTo(200);
        assertThat(body(failed).path("id").asInt()).isEqualTo(7);
        assertThat(body(failed).at("/error/code").asInt()).isEqualTo(-32603);
        assertThat(failed.body().orElseThrow()).doesNotContain("inside");
        var session = Map.of("Mcp-Session-Id", "asking");
        var question = http(message("tools/call", "{\"name\":\"place_order\",\"arguments\":" + order + "}"), session)
                .question()
                .orElseThrow();
        http(answerOf(ApiJson.tree(question.message()).path("id").asString(), "true"), session);
        var late = ApiJson.tree(question.answer().await(() -> true));
        assertThat(late.path("id").asInt()).isEqualTo(7);
        assertThat(late.at("/error/code").asInt()).isEqualTo(-32603);
        assertThat(failures).hasSize(2).allMatch(it -> it.getMessage().equals("details of the inside"));
    }

    @Test
    void a_value_cannot_look_like_another_line_of_the_question() {
        var order = ORDER.replace("\"A1\"", "\"A1\\nqty: 1\\u2028side: SELL\"");
        var question = asked(with(order, confirmed("preview_order", order)), "");
        assertThat(question.at("/inputRequests/confirm/params/message")
                        .asString()
                        .lines())
                .contains("account_id: A1 qty: 1 side: SELL", "qty: 10")
                .doesNotContain("qty: 1");
    }

    @Test
    void an_order_in_doubt_is_answered_with_what_not_to_do() {
        reply = new ApiPort.Reply(200, "{\"order_id\":\"ord_9\",\"status\":\"UNKNOWN\"}");
        var note = ApiJson.tree(
                tool("get_order", "{\"id\":\"ord_9\"}").at("/content/1/text").asString());
        assertThat(note.path("retry_safe").asBoolean(true)).isFalse();
        assertThat(note.at("/unknown/0").asString()).isEqualTo("ord_9");
        assertThat(note.path("do").asString()).contains("Do not repeat").contains("get_order_timeline");
        reply = new ApiPort.Reply(200, "{\"order_id\":\"ord_9\",\"status\":\"FILLED\"}");
        assertThat(tool("get_order", "{\"id\":\"ord_9\"}").path("content").size())
                .isEqualTo(1);
    }

    @Test
    void resources_are_the_codes_the_report_and_the_journal_of_an_order() {
        var listed = body(http(message("resources/list", "{}"), Map.of())).at("/result/resources");
        assertThat(listed.valueStream().map(it -> it.path("uri").asString()))
                .containsExactly("kis://errors", "kis://report/today");
        var errors = body(http(message("resources/read", "{\"uri\":\"kis://errors\"}"), Map.of()));
        assertThat(ApiJson.tree(errors.at("/result/contents/0/text").asString())
                        .valueStream()
                        .map(it -> it.path("code").asString()))
                .containsExactly(
                        Arrays.stream(ErrorCode.values()).map(Enum::name).toArray(String[]::new));
        http(message("resources/read", "{\"uri\":\"kis://orders/ord_1/journal\"}"), Map.of());
        assertThat(sent).extracting(ApiPort.Request::path).containsExactly("/v1/orders/ord_1/events");
        for (var other : List.of("kis://nothing", "kis://orders/../journal", "file:///etc/passwd")) {
            assertThat(body(http(message("resources/read", "{\"uri\":\"" + other + "\"}"), Map.of()))
                            .at("/error/code")
                            .asInt())
                    .isEqualTo(-32602);
        }
    }

    private static String answerOf(String id, Object agreed) {
        return "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":{\"action\":\"accept\",\"content\":{\"agreed\":"
                + agreed + "}}}";
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_person_behind_an_agent_with_a_handshake_is_asked_within_the_answer(boolean agreed) {
        var initialized = http(message("initialize", "{\"capabilities\":{\"elicitation\":{\"form\":{}}}}"), Map.of());
        var session = Map.of("Mcp-Session-Id", initialized.session().orElseThrow());
        var order = with(ORDER, confirmed("preview_order", ORDER));
        var asked = http(message("tools/call", "{\"name\":\"place_order\",\"arguments\":" + order + "}"), session);
        var question = asked.question().orElseThrow();
        var message = ApiJson.tree(question.message());
        assertThat(message.path("method").asString()).isEqualTo("elicitation/create");
        assertThat(message.at("/params/message").asString())
                .startsWith("Place an order?")
                .contains("qty: 10");
        assertThat(sent).isEmpty();
        var id = message.path("id").asString();
        // What another caller says is no answer.
        caller = "another";
        assertThat(http(answerOf(id, true), session).status()).isEqualTo(202);
        caller = "agent";
        assertThat(http(answerOf(id, agreed), session).status()).isEqualTo(202);
        http(answerOf(id, !agreed), session);
        var result = ApiJson.tree(question.answer().await(() -> true)).path("result");
        assertThat(result.path("isError").asBoolean(false)).isEqualTo(!agreed);
        assertThat(sent).hasSize(agreed ? 1 : 0);
        assertThat(http(message("initialize", "{}"), Map.of()).session()).isEmpty();
    }

    @Test
    void a_caller_has_ten_open_questions_and_all_together_a_hundred() {
        var session = Map.of("Mcp-Session-Id", "asking");
        var calls = new ArrayList<String>();
        for (int number = 0; number <= 10; number++) {
            caller = "agent" + number;
            var order = with(ORDER, confirmed("preview_order", ORDER));
            calls.add(message("tools/call", "{\"name\":\"place_order\",\"arguments\":" + order + "}"));
        }
        caller = "agent0";
        var first = http(calls.getFirst(), session).question().orElseThrow();
        for (int asked = 1; asked < 10; asked++) {
            assertThat(http(calls.getFirst(), session).question()).isPresent();
        }
        assertThat(body(http(calls.getFirst(), session))
                        .at("/result/content/0/text")
                        .asString())
                .contains("TOO_MANY_QUESTIONS");
        first.abandon().run();
        assertThat(http(calls.getFirst(), session).question()).isPresent();
        for (int number = 1; number < 10; number++) {
            caller = "agent" + number;
            for (int asked = 0; asked < 10; asked++) {
                assertThat(http(calls.get(number), session).question()).isPresent();
            }
        }
        caller = "agent10";
        assertThat(http(calls.get(10), session).question()).isEmpty();
        assertThat(sent).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e1001", "1e999999999", "-1e-999999999", "100e2147483647", "1e-2147483647"})
    void a_number_with_a_larger_exponent_than_any_quantity_is_an_ordinary_refusal(String number) {
        for (var name : List.of("preview_order", "place_order")) {
            assertRefused(tool(name, with(ORDER.replace(":10,", ":" + number + ","), "x")), "INVALID_ARGUMENTS");
        }
        tool("get_bars", "{\"symbol\":\"005930\",\"period\":\"D\",\"limit\":" + number + "}");
        assertThat(sent).hasSize(1);
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999", "-1e-99999999999", "1e2147483648"})
    void a_message_with_a_number_that_no_decimal_can_have_is_no_message(String number) {
        var answer = http(
                message("tools/call", "{\"name\":\"get_bars\",\"arguments\":{\"limit\":" + number + "}}"), Map.of());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(body(answer).at("/error/code").asInt()).isEqualTo(-32700);
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e308", "-1e308", "1e400", "1e-400"})
    void a_number_with_a_large_exponent_is_as_short_as_it_came(String number) {
        reply = new ApiPort.Reply(200, "{\"ok\":true}");
        var order = ORDER.replace(":10,", ":" + number + ",");
        var token = tool("preview_order", order)
                .at("/structuredContent/confirmation")
                .asString("");
        assertThat(token).isNotEmpty();
        sent.clear();
        tool("place_order", with(order, token));
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().body().orElseThrow().length()).isLessThan(1_000);
        assertThat(asked(with(order, token), "").toString().length()).isLessThan(2_000);
    }

    @Test
    void a_message_of_a_thousand_levels_is_no_message() {
        var deep = "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000);
        assertThat(body(http(message("tools/call", "{\"name\":\"place_order\",\"arguments\":" + deep + "}"), Map.of()))
                        .at("/error/code")
                        .asInt())
                .isEqualTo(-32700);
    }
}
