package kr.kisgateway.gateway.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Server-Sent Events: each message is an event; those of orders and executions have an {@code id} with the last cursor of
 * every account sent so far, {@code A1:12,A2:7}, with which a browser requests what it missed. During a replay the id is the
 * replay's: snapshots and live messages are further on, and a client cut off there would miss the rest.
 */
final class EventFrame implements Frame {
    private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Map<String, Long> cursors;
    private final Set<String> replaying;
    private byte[] bytes = new byte[IDLE_BYTES];
    private int length;

    /** @param cursors current cursor of each account of the client */
    EventFrame(Map<String, Long> cursors) {
        this.cursors = new TreeMap<>(cursors);
        replaying = new HashSet<>(cursors.keySet());
    }

    @Override
    public void reserve(int expected) {
        // The lines around a message are short; the buffer grows when they do not fit.
        if (bytes.length < length + expected) {
            bytes = Arrays.copyOf(bytes, length + expected);
        }
    }

    @Override
    public void shrink() {
        if (bytes.length > IDLE_BYTES) {
            bytes = new byte[IDLE_BYTES];
        }
    }

    @Override
    public void add(byte[] message) {
        append(DATA);
        append(message);
        append(END);
    }

    @Override
    public void add(AccountMessage message) {
        if (message.origin() == Origin.REPLAY_END) {
            replaying.remove(message.accountId());
        }
        if (message.seq() == AccountMessage.CURSOR_UNKNOWN) {
            cursors.remove(message.accountId());
        } else if (message.origin() != Origin.LIVE || !replaying.contains(message.accountId())) {
            cursors.merge(message.accountId(), message.seq(), Math::max);
        }
        append(ID);
        append(cursors.entrySet().stream()
                .map(cursor -> cursor.getKey() + ":" + cursor.getValue())
                .collect(Collectors.joining(",", "", "\n"))
                .getBytes(StandardCharsets.UTF_8));
        add(message.json());
    }

    @Override
    public void addHeartbeat() {
        append(HEARTBEAT);
    }

    private void append(byte[] part) {
        if (bytes.length < length + part.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + part.length, 2 * bytes.length));
        }
        System.arraycopy(part, 0, bytes, length, part.length);
        length += part.length;
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }
}
