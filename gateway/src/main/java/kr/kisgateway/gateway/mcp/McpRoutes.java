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
        var answer = server.answerHttp(call.bodyText(), call::header, request -> send(call, request));
        call.answer(answer.status(), answer.body().orElse("").getBytes(StandardCharsets.UTF_8));
    }

    private static ApiPort.Reply send(Call call, ApiPort.Request request) {
        var answer =
                call.make(new InnerCall(request.method(), request.path(), request.body(), request.idempotencyKey()));
        return new ApiPort.Reply(answer.status(), answer.body());
    }
}
