package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A request's JSON object. */
final class Body {
    private final ObjectNode node = new JsonMapper().createObjectNode();

    Body with(String name, Optional<?> value) {
        value.ifPresent(v -> node.putPOJO(name, v));
        return this;
    }

    Body with(String name, boolean value) {
        node.put(name, value);
        return this;
    }

    Body with(String name, List<String> values) {
        var array = node.putArray(name);
        values.forEach(array::add);
        return this;
    }

    String text() {
        return new JsonMapper().writeValueAsString(node);
    }
}
