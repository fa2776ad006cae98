package kr.kisgateway.cli;

import java.util.Optional;

/**
 * Who the gateway shall take this for. It comes from the environment and leaves in headers only.
 *
 * @param apiKey {@code GATEWAY_API_KEY}, goes with every request
 * @param operatorToken {@code GATEWAY_OPERATOR_TOKEN}, goes with what changes something
 */
record Identity(Optional<String> apiKey, Optional<String> operatorToken) {
    boolean isSecret() {
        return apiKey.isPresent() || operatorToken.isPresent();
    }

    @Override
    public String toString() {
        return "***";
    }
}
