package kr.kisgateway.gateway.mcp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.EventConnection;
import kr.kisgateway.gateway.http.InnerCalls.InnerCall;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.mcp.ApiPort;
import kr.kisgateway.mcp.McpServer;

/** {@code POST /mcp}: one message of an agent, answered by calls of the API as the agent's own key. */
public final class McpRoutes {
    /** Clients skip it; proxies between them and the gateway see that the answer is still under way. */
    private static final String COMMENT = ":\n\n";

    /** More than a person has. */
    private static final Duration QUESTION_LIMIT = Duration.ofSeconds(150);

    private final McpServer server;
    private final RouteTable routes;

    /** @param routes of the API, with the roles that may call them */
    public McpRoutes(McpServer server, RouteTable routes) {
        this.server = server;
        this.routes = routes;
    }

    public void register() {
        routes.post(Role.QUOTE, "/mcp", this::message);
    }

    private void message(Call call) {
        var answer = server.answer(call.bodyText(), call::header, new Caller(call, routes));
        answer.session().ifPresent(session -> call.answerHeader("Mcp-Session-Id", session));
        if (answer.question().isPresent()) {
            ask(call, answer.question().get());
        } else {
            call.answer(answer.status(), utf8(answer.body().orElse("")));
        }
    }

    /** The answer waits for the answer of the person, which comes in a call of its own. */
    private static void ask(Call call, McpServer.Question question) {
        var events = call.startEvents(QUESTION_LIMIT);
        if (sendMessage(events, question.message())) {
            sendMessage(events, question.answer().await(() -> events.isOpen() && send(events, COMMENT)));
        } else {
            question.abandon().run();
        }
    }

    private static boolean sendMessage(EventConnection events, String message) {
        return send(events, "event: message\ndata: " + message + "\n\n");
    }

    private static boolean send(EventConnection events, String text) {
        byte[] bytes = utf8(text);
        return events.send(bytes, bytes.length);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Calls the API as the caller of the message. */
    private record Caller(Call call, RouteTable routes) implements ApiPort {
        @Override
        public String caller() {
            return call.caller().name();
        }

        @Override
        public boolean mayCall(String method, String path) {
            return routes.isOpenTo(call.caller().role(), method, path);
        }

        @Override
        public Reply send(Request request) {
            var answer = call.make(
                    new InnerCall(request.method(), request.path(), request.body(), request.idempotencyKey()));
            return new Reply(answer.status(), answer.body());
        }
    }
}
