package kr.kisgateway.wire.parse;

import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON objects whose keys come in any case and whose values come as strings or numbers. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** The object in {@code text}, or empty when it is anything else. */
    static Optional<JsonNode> object(String text) {
        try {
            return Optional.of(MAPPER.readTree(text)).filter(JsonNode::isObject);
        } catch (JacksonException unreadable) {
            return Optional.empty();
        }
    }

    /** The member {@code name}: spelled exactly so if there is one, else in any case. */
    static Optional<JsonNode> member(JsonNode object, String name) {
        JsonNode exact = object.get(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        for (Map.Entry<String, JsonNode> each : object.properties()) {
            if (each.getKey().equalsIgnoreCase(name)) {
                return Optional.of(each.getValue());
            }
        }
        return Optional.empty();
    }

    /** The text of the scalar {@code name}, trimmed; empty when it is absent, null, or no scalar. */
    static Optional<String> text(JsonNode object, String name) {
        return member(object, name)
                .filter(value -> value.isValueNode() && !value.isNull())
                .map(value -> value.asString().strip());
    }
}
