package kr.kisgateway.mcp;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A message that is not answered with a result. */
final class RpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final RpcError error;
    private final transient Optional<JsonNode> data;

    /** @param status of HTTP */
    RpcException(int status, RpcError error, String message, Optional<JsonNode> data) {
        super(message, null, false, false);
        this.status = status;
        this.error = error;
        this.data = data;
    }

    McpServer.Answer answer(JsonNode id) {
        var answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        answer.set("id", id);
        var body = answer.putObject("error").put("code", error.code()).put("message", getMessage());
        data.ifPresent(it -> body.set("data", it));
        return new McpServer.Answer(status, Optional.of(answer.toString()));
    }
}
