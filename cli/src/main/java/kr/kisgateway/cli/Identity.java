package kr.kisgateway.cli;

import java.util.Optional;

/**
 * Credentials towards the gateway. They come from the environment and are sent in headers only.
 *
 * @param apiKey {@code GATEWAY_API_KEY}, sent with every request
 * @param operatorToken {@code GATEWAY_OPERATOR_TOKEN}, sent with changes
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
