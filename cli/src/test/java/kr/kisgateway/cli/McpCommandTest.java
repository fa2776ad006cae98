package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.api.json.ApiJson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an agent's program sends on stdin, and what it reads on stdout. */
@Tag("slow")
class McpCommandTest {
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder, List.of("--mcp-trading=true"));
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

    private static String call(int id, String tool) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\"}}";
    }

    @Test
    void a_line_that_is_too_long_is_refused_and_the_next_is_answered() {
        var answers = answers(
                gateway.url(),
                call(6, "x".repeat(30 << 20)),
                call(7, "list_accounts"),
                // Refused by the gateway, which knows the request.
                call(8, "x".repeat(1_000_000)));
        assertThat(answers).hasSize(3);
        assertThat(of(answers, "null").at("/error/code").asInt()).isEqualTo(-32600);
        assertThat(of(answers, "null").at("/error/message").asString()).contains("1048576");
        assertThat(of(answers, "7").path("result").isObject()).isTrue();
        assertThat(of(answers, "8").at("/error/data/code").asString()).isEqualTo("BODY_TOO_LARGE");
    }

    @Test
    void a_line_as_long_as_the_bound_is_read_and_one_more_byte_is_too_long() throws IOException {
        var text = "가나다\r\n" + "x".repeat(10) + "\n" + "x".repeat(11) + "\n\nlast";
        try (var lines = new BoundedLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 10)) {
            var read = new ArrayList<String>();
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                read.add(line.get() instanceof BoundedLines.Line.Text(String it) ? it : "too long");
            }
            assertThat(read).containsExactly("가나다", "x".repeat(10), "too long", "", "last");
        }
    }

    @Test
    void a_number_out_of_range_is_answered() {
        var answers = answers(
                gateway.url(), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":1e99999999999}}");
        assertThat(of(answers, "null").at("/error/code").asInt()).isEqualTo(-32700);
    }

    @Test
    void an_order_whose_answer_is_lost_may_exist_and_the_agent_reads_it() throws IOException {
        try (var proxy = LossyProxy.to(URI.create(gateway.url()), 3)) {
            var answers =
                    answers(proxy.url(), call(1, "place_order"), call(2, "get_quote"), call(3, "a_tool_of_later"));
            for (var id : List.of("1", "3")) {
                var error = of(answers, id).path("error");
                assertThat(error.at("/data/retry_safe").asBoolean(true)).isFalse();
                assertThat(error.path("message").asString())
                        .contains("may have been done")
                        .contains("list_orders");
            }
            assertThat(of(answers, "2").path("error").has("data")).isFalse();
        }
    }

    @Test
    void an_answer_that_ends_before_the_result_is_an_error() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                var question = "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"elicitation/create\"}\n\n:\n\n"
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, question.length);
                exchange.getResponseBody().write(question);
            }
        });
        server.start();
        var answers = answers("http://127.0.0.1:" + server.getAddress().getPort(), call(1, "place_order"));
        server.stop(0);
        assertThat(answers).hasSize(2);
        assertThat(answers.getFirst().path("method").asString()).isEqualTo("elicitation/create");
        assertThat(answers.getLast().at("/error/data/retry_safe").asBoolean(true))
                .isFalse();
    }

    @Test
    void tools_that_change_nothing_are_known_by_their_names() {
        var tools = answers(gateway.url(), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}")
                .getFirst()
                .at("/result/tools");
        assertThat(tools.valueStream().map(it -> it.path("name").asString())).contains("place_order", "get_quote");
        for (var tool : tools) {
            var name = tool.path("name").asString();
            assertThat(McpRelay.isReading(name))
                    .as(name)
                    .isEqualTo(tool.at("/annotations/readOnlyHint").asBoolean());
        }
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
        assertThat(answers("http://127.0.0.1:1", call(1, "place_order"))
                        .getFirst()
                        .path("error")
                        .has("data"))
                .as("it was not sent")
                .isFalse();
    }
}
