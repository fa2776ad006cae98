package kr.kisgateway.wire.parse;

import java.util.Optional;
import kr.kisgateway.wire.RealtimeKey;
import tools.jackson.databind.JsonNode;

/** A client's request to register or release, as a server reads it. */
public sealed interface SubscribeRequest {
    /** Register {@code key} ({@code tr_type} 1). */
    record Register(String approvalKey, String custType, RealtimeKey key) implements SubscribeRequest {
        @Override
        public String toString() {
            return "Register[" + key + "]";
        }
    }

    /** Release {@code key} ({@code tr_type} 2). */
    record Release(String approvalKey, String custType, RealtimeKey key) implements SubscribeRequest {
        @Override
        public String toString() {
            return "Release[" + key + "]";
        }
    }

    /** Well-formed, but {@code tr_type} is neither 1 nor 2; the docstrings of some samples say 0 for release, wrongly. */
    record WrongType(String trType, RealtimeKey key) implements SubscribeRequest {}

    /** A keep-alive, ours echoed or the client's own. */
    record PingPong(String text) implements SubscribeRequest {}

    /** No such message; {@code missing} names the first missing part, or that it is no JSON. */
    record Unreadable(String missing) implements SubscribeRequest {}

    /** Reads {@code text}; never throws. */
    static SubscribeRequest parse(String text) {
        Optional<JsonNode> root = Json.object(text);
        if (root.isEmpty()) {
            return new Unreadable("no JSON object");
        }
        Optional<JsonNode> header = Json.member(root.get(), "header");
        if (header.flatMap(node -> Json.text(node, "tr_id"))
                .filter("PINGPONG"::equals)
                .isPresent()) {
            return new PingPong(text);
        }
        if (header.isEmpty()) {
            return new Unreadable("header");
        }
        Optional<JsonNode> body = Json.member(root.get(), "body");
        if (body.isEmpty()) {
            return new Unreadable("body");
        }
        Optional<JsonNode> input = Json.member(body.get(), "input");
        if (input.isEmpty()) {
            return new Unreadable("input");
        }
        Optional<String> approvalKey = header.flatMap(node -> Json.text(node, "approval_key"));
        Optional<String> trType = header.flatMap(node -> Json.text(node, "tr_type"));
        Optional<String> trId = input.flatMap(node -> Json.text(node, "tr_id"));
        Optional<String> trKey = input.flatMap(node -> Json.text(node, "tr_key"));
        if (approvalKey.isEmpty()) {
            return new Unreadable("approval_key");
        }
        if (trType.isEmpty()) {
            return new Unreadable("tr_type");
        }
        if (trId.isEmpty()) {
            return new Unreadable("tr_id");
        }
        if (trKey.isEmpty()) {
            return new Unreadable("tr_key");
        }
        String custType = header.flatMap(node -> Json.text(node, "custtype")).orElse("");
        RealtimeKey key = new RealtimeKey(trId.get(), trKey.get());
        return switch (trType.get()) {
            case "1" -> new Register(approvalKey.get(), custType, key);
            case "2" -> new Release(approvalKey.get(), custType, key);
            default -> new WrongType(trType.get(), key);
        };
    }
}
