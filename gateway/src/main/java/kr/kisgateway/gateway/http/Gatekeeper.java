package kr.kisgateway.gateway.http;

import java.util.Optional;
import kr.kisgateway.gateway.error.RefusedException;

/** Decides who comes in; asked once for each request and each WebSocket, before anything of it is read. */
@FunctionalInterface
public interface Gatekeeper {
    /**
     * @param needed the least role of the route; empty for a route that is open to anybody
     * @throws RefusedException when the caller may not
     */
    Caller admit(RequestCredentials credentials, Optional<Role> needed);

    /**
     * What a request shows of its sender.
     *
     * @param address the peer's IP address
     * @param authorization the header {@code Authorization}
     * @param apiKey the header {@code X-API-Key}
     * @param operatorToken the header {@code X-Operator-Token}
     */
    record RequestCredentials(
            String address, Optional<String> authorization, Optional<String> apiKey, Optional<String> operatorToken) {
        /** Shows no secret. */
        @Override
        public String toString() {
            return "Knock[" + address + "]";
        }
    }
}
