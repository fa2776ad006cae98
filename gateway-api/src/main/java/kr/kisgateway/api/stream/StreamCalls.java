package kr.kisgateway.api.stream;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.json.ApiJson;
import tools.jackson.databind.JsonNode;

/** The streams of the gateway: where they are, and how their messages are read. */
public final class StreamCalls {
    /** Path of the WebSocket. */
    public static final String STREAM = "/v1/stream";

    private StreamCalls() {}

    /** Path of the Server-Sent Events about these channels and symbols; the data of each event is a message. */
    public static String events(List<String> channels, List<String> symbols) {
        var path = new ApiCall.Path("/v1/events").with("channels", String.join(",", channels));
        return (symbols.isEmpty() ? path : path.with("symbols", String.join(",", symbols))).toString();
    }

    /** The message that {@code json} is; empty for a kind that a later version adds. */
    public static Optional<StreamMessage> read(JsonNode json) {
        return kind(json).map(kind -> ApiJson.read(json, kind));
    }

    private static Optional<Class<? extends StreamMessage>> kind(JsonNode json) {
        if (json.has("gap")) {
            return Optional.of(StreamGap.class);
        }
        String op = json.path("op").asString("");
        return op.isEmpty()
                ? ofChannel(
                        json.path("ch").asString(""),
                        json.path("s").asString("").contains("."))
                : ofReply(op);
    }

    private static Optional<Class<? extends StreamMessage>> ofReply(String op) {
        return switch (op) {
            case "hello" -> Optional.of(StreamHello.class);
            case "ack" -> Optional.of(StreamAck.class);
            case "error" -> Optional.of(StreamError.class);
            case "mode" -> Optional.of(StreamMode.class);
            case "resumed" -> Optional.of(StreamResumed.class);
            default -> Optional.empty();
        };
    }

    private static Optional<Class<? extends StreamMessage>> ofChannel(String channel, boolean isUs) {
        return switch (channel) {
            case "quotes" -> Optional.of(isUs ? StreamUsQuote.class : StreamQuote.class);
            case "trades" -> Optional.of(isUs ? StreamUsTrade.class : StreamTrade.class);
            case "books" -> Optional.of(isUs ? StreamUsBook.class : StreamBook.class);
            case "orders" -> Optional.of(StreamOrder.class);
            case "executions" -> Optional.of(StreamExecution.class);
            case "session" -> Optional.of(StreamSession.class);
            case "alerts" -> Optional.of(StreamAlert.class);
            default ->
                channel.startsWith("bars:")
                        ? Optional.of(isUs ? StreamUsBar.class : StreamBar.class)
                        : Optional.empty();
        };
    }
}
