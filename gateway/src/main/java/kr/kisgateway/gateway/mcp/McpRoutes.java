package kr.kisgateway.gateway.mcp;

import java.nio.charset.StandardCharsets;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.InnerCalls.InnerCall;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.mcp.ApiPort;
import kr.kisgateway.mcp.McpServer;

/** {@code POST /mcp}: one message of an agent, answered by calls of the API as the agent's own key. */
public final class McpRoutes {
    private final McpServer server;

    public McpRoutes(McpServer server) {
        this.server = server;
    }

    public void register(RouteTable table) {
        table.post(Role.QUOTE, "/mcp", this::message);
    }

    private void message(Call call) {
        var answer = server.answer(call.bodyText(), call::header, new Caller(call));
        call.answer(answer.status(), answer.body().orElse("").getBytes(StandardCharsets.UTF_8));
    }

    /** Calls the API as the caller of the message. */
    private record Caller(Call call) implements ApiPort {
        @Override
        public String caller() {
            return call.caller().name();
        }

        @Override
        public Reply send(Request request) {
            var answer = call.make(
                    new InnerCall(request.method(), request.path(), request.body(), request.idempotencyKey()));
            return new Reply(answer.status(), answer.body());
        }
    }
}
