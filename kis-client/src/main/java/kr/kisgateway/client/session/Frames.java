package kr.kisgateway.client.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.parse.ControlMessage;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.FrameParser;

/**
 * Reads the messages of one connection, complete and in order: data go to the listener, the rest become inputs of the
 * session's core. One for each connection, because the keys that decrypt notices end with it.
 */
public final class Frames {
    /** KIS's own have less than 125; they are echoed verbatim, so their size is bounded. */
    private static final int PINGPONG_CHARS_MAX = 1_024;

    private final long conn;
    private final FrameListener listener;
    private final FrameParser parser;
    private final Consumer<String> unreadable;
    private final Map<String, NoticeKey> noticeKeys = new HashMap<>();

    /**
     * @param conn the core's number of the connection
     * @param unreadable receives why a control message could not be read
     */
    public Frames(long conn, FrameListener listener, Consumer<String> unreadable, Catalog catalog) {
        this.conn = conn;
        this.listener = listener;
        this.unreadable = unreadable;
        this.parser = new FrameParser(listener, trId -> Optional.ofNullable(noticeKeys.get(trId)), catalog);
    }

    /** Reads {@code text}; returns an input for the core when it was a control message. */
    public Optional<SessionCore.Input> read(CharSequence text) {
        if (!ControlMessage.isControlMessage(text)) {
            parser.parse(text);
            listener.frame(text);
            return Optional.empty();
        }
        return switch (ControlMessage.parse(text.toString())) {
            case ControlMessage.Ack ack -> {
                // Before the next frame is parsed: a notice may follow at once.
                if (ack.isSuccess()) {
                    ack.key().ifPresent(key -> noticeKeys.put(ack.trId(), key));
                }
                yield Optional.of(new SessionCore.Input.Ack(
                        conn,
                        ack.trId(),
                        ack.trKey(),
                        ack.rtCd(),
                        ack.msgCd(),
                        ack.msg1(),
                        ack.key().isPresent()));
            }
            case ControlMessage.PingPong(String ping) -> {
                if (ping.length() > PINGPONG_CHARS_MAX) {
                    unreadable.accept("a PINGPONG of " + ping.length() + " characters");
                    yield Optional.empty();
                }
                yield Optional.of(new SessionCore.Input.PingPong(conn, ping));
            }
            case ControlMessage.Unreadable _ -> {
                unreadable.accept("an unreadable control message");
                yield Optional.empty();
            }
        };
    }
}
