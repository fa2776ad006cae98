package kr.kisgateway.gateway.chat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.gateway.notification.Channel;
import kr.kisgateway.gateway.notification.OutgoingHttp;
import kr.kisgateway.gateway.notification.OutgoingHttp.Exchange;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The calls of Telegram's Bot API that commands need. */
final class BotApi implements AutoCloseable {
    /** How long the API waits for a message before it answers that there is none. */
    static final Duration WAIT = Duration.ofSeconds(25);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final int BYTES_MAX = 1 << 20;
    private static final int UPDATES_MAX = 50;
    private static final int TEXT_MAX = 4_000;
    private static final int OK = 200;
    /** The last second that the messenger's times can name; an instant has a limit, too. */
    private static final long SECONDS_MAX = 0xFFFF_FFFFL;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The messages since the last ones, or why there are none. */
    sealed interface Updates {
        /**
         * @param updates text messages
         * @param last the highest number of all messages; below zero without one
         */
        record Received(List<BotUpdate> updates, long last) implements Updates {
            public Received {
                updates = List.copyOf(updates);
            }
        }

        record Failed(String reason) implements Updates {}
    }

    private final Channel.Telegram channel;
    private final OutgoingHttp http;

    BotApi(Channel.Telegram channel, OutgoingHttp http) {
        this.channel = channel;
        this.http = http;
    }

    /**
     * The messages of the bot from {@code offset} on; earlier ones are confirmed. Waits up to {@link #WAIT} for one.
     *
     * @param offset below zero for all
     */
    Updates updates(long offset) {
        var body = JSON.createObjectNode().put("timeout", WAIT.toSeconds()).put("limit", UPDATES_MAX);
        body.putArray("allowed_updates").add("message");
        if (offset >= 0) {
            body.put("offset", offset);
        }
        return switch (call("getUpdates", body, WAIT.plus(ANSWER_LIMIT))) {
            case Exchange.Failed(String reason) -> new Updates.Failed(reason);
            case Exchange.Answered(int status, byte[] answer) ->
                status == OK ? read(answer) : new Updates.Failed("Telegram answered " + status);
        };
    }

    /** The messages in an answer, or why there are none. */
    static Updates read(byte[] answer) {
        JsonNode tree;
        try {
            tree = JSON.readTree(answer);
        } catch (JacksonException | NumberFormatException _) { // the latter for an exponent out of range
            return new Updates.Failed("the answer is no JSON");
        }
        if (!tree.path("ok").asBoolean(false) || !tree.path("result").isArray()) {
            return new Updates.Failed("the answer has no messages");
        }
        var updates = new ArrayList<BotUpdate>();
        long last = -1;
        for (JsonNode update : tree.path("result")) {
            long id = update.path("update_id").asLong(-1);
            last = Math.max(last, id);
            var message = update.path("message");
            if (message.path("text").isString() && !message.at("/from/is_bot").asBoolean(false)) {
                updates.add(new BotUpdate(
                        id,
                        Instant.ofEpochSecond(Math.clamp(message.path("date").asLong(0), 0, SECONDS_MAX)),
                        message.at("/chat/id").asLong(0),
                        message.at("/from/id").asLong(0),
                        message.path("text").asString()));
            }
        }
        return new Updates.Received(updates, last);
    }

    /** Sends a text to a chat; whether it arrived. */
    boolean send(long chat, String text) {
        var body = JSON.createObjectNode()
                .put("chat_id", chat)
                .put("text", text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX - 1) + "…" : text)
                .put("disable_web_page_preview", true);
        return call("sendMessage", body, ANSWER_LIMIT) instanceof Exchange.Answered(int status, byte[] _)
                && status == OK;
    }

    private Exchange call(String method, ObjectNode body, Duration limit) {
        return http.exchange(
                URI.create(channel.base() + "/bot" + channel.token().reveal() + "/" + method),
                JSON.writeValueAsBytes(body),
                limit,
                BYTES_MAX);
    }

    @Override
    public void close() {
        http.close();
    }
}
