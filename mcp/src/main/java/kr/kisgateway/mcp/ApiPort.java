package kr.kisgateway.mcp;

import java.util.Optional;
import kr.kisgateway.api.json.ApiJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The gateway's API as an agent's caller sees it: every call has the role, the scope, the limits and the budget of its key. */
public interface ApiPort {
    /** Name of the caller. A confirmation is good for the caller that got it. */
    String caller();

    /**
     * Whether the caller's role covers an operation; its accounts, symbols and limits may still refuse a call.
     *
     * @param path with its parameters in braces, as in the contract
     */
    boolean mayCall(String method, String path);

    /** Sends {@code request}; blocks. A gateway that cannot be reached is a reply, too: status 503 with a code. */
    Reply send(Request request);

    /**
     * @param path with its query
     * @param body JSON
     * @param idempotencyKey under which a repetition has no further effect
     */
    record Request(String method, String path, Optional<String> body, Optional<String> idempotencyKey) {
        static Request get(String path) {
            return new Request("GET", path, Optional.empty(), Optional.empty());
        }

        Request withIdempotencyKey(String key) {
            return new Request(method, path, body, Optional.of(key));
        }
    }

    /** @param body JSON; an error's has code and message */
    record Reply(int status, String body) {
        boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        JsonNode json() {
            return ApiJson.tree(body);
        }

        /** The answer as an object: a list is its member {@code items}. */
        JsonNode object() {
            var answer = json();
            return answer.isArray() ? JsonNodeFactory.instance.objectNode().set("items", answer) : answer;
        }
    }
}
