package kr.kisgateway.mcp;

import java.util.Optional;

/** The gateway's API as an agent's caller sees it: every call has the role, the scope, the limits and the budget of its key. */
@FunctionalInterface
public interface ApiPort {
    /**
     * @param path with its query
     * @param body JSON
     * @param idempotencyKey under which a repetition has no further effect
     */
    record Request(String method, String path, Optional<String> body, Optional<String> idempotencyKey) {
        static Request get(String path) {
            return new Request("GET", path, Optional.empty(), Optional.empty());
        }
    }

    /** @param body JSON; an error's has code and message */
    record Reply(int status, String body) {
        boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /** Sends {@code request}; blocks. A gateway that cannot be reached is a reply, too: status 503 with a code. */
    Reply send(Request request);
}
