package kr.kisgateway.simulator.replay;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A recording as text: a header, then one JSON object a line. */
final class RecordingLines {
    static final int VERSION = 1;

    private static final String FORMAT = "kis-recording";
    private static final JsonMapper JSON = new JsonMapper();

    private RecordingLines() {}

    static String header(String started) {
        return JSON.createObjectNode()
                .put("format", FORMAT)
                .put("version", VERSION)
                .put("started", started)
                .toString();
    }

    /** @throws IllegalArgumentException when the line does not begin a recording of this version */
    static void checkHeader(String line) {
        JsonNode header = object(line);
        if (!header.path("format").asString("").equals(FORMAT)) {
            throw new IllegalArgumentException("it does not begin as a recording");
        }
        if (header.path("version").asInt(0) != VERSION) {
            throw new IllegalArgumentException("it is of version "
                    + header.path("version").asString("?") + ", this program plays version " + VERSION);
        }
    }

    static String of(Event event) {
        ObjectNode line = JSON.createObjectNode().put("t", event.at());
        switch (event) {
            case Event.Opened e -> ws(line, e.session(), "in", "open");
            case Event.ClientText e -> ws(line, e.session(), "in", "text").put("text", e.text());
            case Event.BrokerText e -> ws(line, e.session(), "out", "text").put("text", e.text());
            case Event.Removed e -> ws(line, e.session(), "out", "removed").put("tr_id", e.trId());
            case Event.Ended e ->
                ws(line, e.session(), e.byBroker() ? "out" : "in", "close").put("code", e.code());
            case Event.Called e ->
                rest(line, e.call(), "in", "call")
                        .put("method", e.method())
                        .put("path", e.path())
                        .put("query", e.query())
                        .put("tr_id", e.trId())
                        .put("tr_cont", e.trCont())
                        .put("text", e.body());
            case Event.Answered e ->
                rest(line, e.call(), "out", "answer")
                        .put("status", e.status())
                        .put("tr_id", e.trId())
                        .put("tr_cont", e.trCont())
                        .put("text", e.body());
            case Event.ConnectionReset e -> rest(line, e.call(), "out", "reset");
        }
        return line.toString();
    }

    private static ObjectNode ws(ObjectNode line, long session, String dir, String kind) {
        return line.put("ws", session).put("dir", dir).put("kind", kind);
    }

    private static ObjectNode rest(ObjectNode line, long call, String dir, String kind) {
        return line.put("rest", call).put("dir", dir).put("kind", kind);
    }

    /** @throws IllegalArgumentException when it is no event */
    static Event read(String text) {
        JsonNode line = object(text);
        long at = wholeNumber(line, "t");
        String kind = line.path("dir").asString("") + " " + line.path("kind").asString("");
        if (line.has("ws")) {
            long session = wholeNumber(line, "ws");
            return switch (kind) {
                case "in open" -> new Event.Opened(at, session);
                case "in text" -> new Event.ClientText(at, session, text(line, "text"));
                case "out text" -> new Event.BrokerText(at, session, text(line, "text"));
                case "out removed" -> new Event.Removed(at, session, text(line, "tr_id"));
                case "in close", "out close" ->
                    new Event.Ended(at, session, kind.startsWith("out"), (int) wholeNumber(line, "code"));
                default -> throw new IllegalArgumentException("unknown kind of event: " + kind);
            };
        }
        long call = wholeNumber(line, "rest");
        return switch (kind) {
            case "in call" ->
                new Event.Called(
                        at,
                        call,
                        text(line, "method"),
                        text(line, "path"),
                        text(line, "query"),
                        text(line, "tr_id"),
                        text(line, "tr_cont"),
                        text(line, "text"));
            case "out answer" ->
                new Event.Answered(
                        at,
                        call,
                        (int) wholeNumber(line, "status"),
                        text(line, "tr_id"),
                        text(line, "tr_cont"),
                        text(line, "text"));
            case "out reset" -> new Event.ConnectionReset(at, call);
            default -> throw new IllegalArgumentException("unknown kind of event: " + kind);
        };
    }

    /** Parses a JSON object; empty when it is none. */
    static JsonNode lenient(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return JSON.missingNode();
        }
    }

    /** The text as it appears between quotes in JSON. */
    static String quoted(String text) {
        String withQuotes = JSON.writeValueAsString(text);
        return withQuotes.substring(1, withQuotes.length() - 1);
    }

    private static JsonNode object(String text) {
        JsonNode node = lenient(text);
        if (!node.isObject()) {
            throw new IllegalArgumentException("it is no JSON object");
        }
        return node;
    }

    private static long wholeNumber(JsonNode line, String name) {
        JsonNode value = line.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(name + " is no whole number");
        }
        return value.longValue();
    }

    private static String text(JsonNode line, String name) {
        JsonNode value = line.path(name);
        if (!value.isString()) {
            throw new IllegalArgumentException(name + " is no text");
        }
        return value.stringValue();
    }
}
