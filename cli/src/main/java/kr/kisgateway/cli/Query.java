package kr.kisgateway.cli;

import java.util.Optional;

/** A path with its query parameters. */
final class Query {
    private final StringBuilder text;
    private char next = '?';

    Query(String path) {
        text = new StringBuilder(path);
    }

    Query with(String name, Optional<String> value) {
        value.ifPresent(v -> {
            text.append(next).append(name).append('=').append(GatewayConnection.encode(v));
            next = '&';
        });
        return this;
    }

    String text() {
        return text.toString();
    }
}
