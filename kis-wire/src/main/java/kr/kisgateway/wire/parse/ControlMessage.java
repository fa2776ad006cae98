package kr.kisgateway.wire.parse;

import java.util.Optional;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.UntrustedText;
import tools.jackson.databind.JsonNode;

/**
 * A WebSocket text that is JSON instead of a data frame: the answer to a registration, an error of the session, or
 * a keep-alive.
 */
public sealed interface ControlMessage {
    /**
     * Any message with an {@code rt_cd}.
     *
     * @param trId the TR, or {@code (null)} for an error of the session
     * @param trKey its key; empty for an error of the session
     * @param rtCd {@code 0} for success
     * @param msgCd a code of the {@link kr.kisgateway.wire.CodeTable}
     * @param msg1 the broker's text, trimmed
     * @param key the key of a notice registration; every success has one, needed for notices only
     */
    record Ack(String trId, String trKey, String rtCd, String msgCd, String msg1, Optional<NoticeKey> key)
            implements ControlMessage {
        /** Whether the registration or release was accepted. */
        public boolean isSuccess() {
            return rtCd.equals("0");
        }
    }

    /** A keep-alive, to be echoed verbatim. */
    record PingPong(String text) implements ControlMessage {}

    /** Neither; {@code text} is the message, shortened. */
    record Unreadable(String text) implements ControlMessage {}

    /** Whether {@code message} is a control message; data frames begin with a flag. */
    static boolean isControlMessage(CharSequence message) {
        return !message.isEmpty() && message.charAt(0) == '{';
    }

    /**
     * Reads {@code text}; never throws. {@code rt_cd} is checked before {@code tr_id}: errors of the session name no TR,
     * and a reader that filters by TR first would lose them.
     */
    static ControlMessage parse(String text) {
        Optional<JsonNode> root = Json.object(text);
        Optional<JsonNode> body = root.flatMap(node -> Json.member(node, "body"));
        Optional<JsonNode> header = root.flatMap(node -> Json.member(node, "header"));
        Optional<String> rtCd = body.flatMap(node -> Json.text(node, "rt_cd"));
        if (rtCd.isPresent()) {
            return new Ack(
                    header.flatMap(node -> Json.text(node, "tr_id")).orElse(""),
                    header.flatMap(node -> Json.text(node, "tr_key")).orElse(""),
                    rtCd.get(),
                    body.flatMap(node -> Json.text(node, "msg_cd"))
                            .map(UntrustedText::sanitize)
                            .orElse(""),
                    body.flatMap(node -> Json.text(node, "msg1"))
                            .map(UntrustedText::sanitize)
                            .orElse(""),
                    body.flatMap(node -> Json.member(node, "output")).flatMap(ControlMessage::key));
        }
        boolean pingPong = header.flatMap(node -> Json.text(node, "tr_id"))
                .filter("PINGPONG"::equals)
                .isPresent();
        return pingPong ? new PingPong(text) : new Unreadable(text.substring(0, Math.min(text.length(), 120)));
    }

    private static Optional<NoticeKey> key(JsonNode output) {
        return Json.text(output, "key").flatMap(key -> Json.text(output, "iv").flatMap(iv -> NoticeKey.of(key, iv)));
    }
}
