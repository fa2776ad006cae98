package kr.kisgateway.mcp;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What an agent can call. Immutable. */
interface Tool {
    /** As agents call it. */
    String name();

    /** The call of the API that decides who may use it. */
    Operation operation();

    /** As the protocol describes a tool: schemas and annotations. */
    ObjectNode definition();

    /**
     * Calls the API; blocks.
     *
     * @throws InvalidArgumentsException in a sentence for the agent
     */
    ToolResult call(ToolCall call);

    /**
     * One call of a tool.
     *
     * @param arguments an object, or missing
     * @param person who can be asked
     */
    record ToolCall(JsonNode arguments, ApiPort api, Person person) {}

    /** The result of a call. */
    sealed interface ToolResult {
        /** The end of the call. */
        sealed interface Finished extends ToolResult {}

        /** What the tool's output schema describes. */
        record Answered(JsonNode value) implements Finished {}

        /** @param error with code and message, of the API or of the tool */
        record Refused(JsonNode error) implements Finished {}

        /**
         * The person has to answer first.
         *
         * @param text what they are asked
         * @param state comes back with the answer
         */
        record Question(String text, String state) implements ToolResult {}
    }

    /** The answer of the API as a result. A list is the member {@code items}, as the output schema says. */
    static ToolResult resultOf(ApiPort.Reply reply) {
        return reply.isSuccess() ? new ToolResult.Answered(reply.object()) : new ToolResult.Refused(reply.json());
    }
}
