package kr.kisgateway.gateway.http;

import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.error.RefusedException;

/** Authenticates and authorizes; called once for each request and each WebSocket, before its body is read. */
@FunctionalInterface
public interface Gatekeeper {
    /**
     * The caller of a request.
     *
     * @param needed the lowest role of the route; empty for a public route
     * @throws RefusedException when the caller is not permitted
     */
    Caller admit(RequestCredentials credentials, Optional<Role> needed);

    /** Whether the caller is a program on this machine that presents no key and needs none. */
    default boolean isOpenFor(RequestCredentials credentials) {
        return false;
    }

    /**
     * Credentials and address of a request.
     *
     * @param address the peer's IP address
     * @param authorization the header {@code Authorization}
     * @param apiKey the header {@code X-API-Key}
     * @param operatorToken the header {@code X-Operator-Token}
     * @param login the cookie of a login
     * @param keyNeeded whether a key is needed, whatever this gateway's settings are: the call came through another one
     */
    record RequestCredentials(
            String address,
            Optional<String> authorization,
            Optional<String> apiKey,
            Optional<String> operatorToken,
            Optional<LoginCredentials> login,
            boolean keyNeeded) {
        /** Those of a program, which has no cookie. */
        public RequestCredentials(
                String address,
                Optional<String> authorization,
                Optional<String> apiKey,
                Optional<String> operatorToken) {
            this(address, authorization, apiKey, operatorToken, Optional.empty(), false);
        }

        /** Shows no secret. */
        @Override
        public String toString() {
            return "RequestCredentials[" + address + "]";
        }
    }

    /**
     * The cookie of a login, and what a changing call has beside it.
     *
     * @param csrfToken the header {@code X-CSRF-Token}
     * @param changing whether the method is another than GET or HEAD
     */
    record LoginCredentials(String token, Optional<String> csrfToken, boolean changing) {
        /** Shows no secret. */
        @Override
        public String toString() {
            return "LoginCredentials[***]";
        }
    }
}
