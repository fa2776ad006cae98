package kr.kisgateway.simulator.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.SocketMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parses clients' messages on the clients' threads, so that the desk receives plain values. */
public final class ClientMessages {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ClientMessages() {}

    /** The body of a REST call. */
    public static Input.Body body(String text) {
        if (text.isBlank()) {
            return new Input.Body.None();
        }
        Optional<JsonNode> node = object(text);
        if (node.isEmpty()) {
            return new Input.Body.Unreadable();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : node.get().properties()) {
            if (!field.getValue().isString()) {
                return new Input.Body.Unreadable();
            }
            fields.put(field.getKey(), field.getValue().stringValue());
        }
        return new Input.Body.Fields(fields, text);
    }

    /** A text frame; empty when it is no JSON object. */
    public static Optional<SocketMessage> socket(String text) {
        return object(text).map(root -> {
            JsonNode header = root.path("header");
            JsonNode body = root.path("body");
            JsonNode input = body.path("input");
            return new SocketMessage(
                    header.isObject(),
                    body.isObject(),
                    input.isObject(),
                    text(header, "tr_id"),
                    text(header, "approval_key"),
                    text(header, "custtype"),
                    text(header, "tr_type"),
                    text(input, "tr_id"),
                    text(input, "tr_key"));
        });
    }

    /** Fault switches: whole numbers as {@code Long}, objects as maps, other values unchanged; empty if unreadable. */
    static Map<String, Object> faults(String text) {
        return object(text).map(ClientMessages::values).orElse(Map.of());
    }

    private static Map<String, Object> values(JsonNode object) {
        Map<String, Object> values = new LinkedHashMap<>();
        object.properties().forEach(field -> values.put(field.getKey(), value(field.getValue())));
        return values;
    }

    private static Object value(JsonNode node) {
        if (node.isObject()) {
            return values(node);
        }
        if (node.isArray()) {
            List<Object> all = new ArrayList<>();
            node.forEach(one -> all.add(value(one)));
            return all;
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        return node.isBoolean() ? (Object) node.booleanValue() : node.isString() ? node.stringValue() : node.toString();
    }

    private static Optional<String> text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    private static Optional<JsonNode> object(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node.isObject() ? Optional.of(node) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
