package kr.kisgateway.gateway.recording;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.stream.Channel;

/** Kinds of recorded data. */
public enum TickKind {
    /** Every trade (체결). */
    TRADES(Channel.TRADES, "trade"),
    /** Every snapshot of the order book (호가). */
    BOOKS(Channel.BOOKS, "book");

    private final Channel channel;
    private final String folder;

    TickKind(Channel channel, String folder) {
        this.channel = channel;
        this.folder = folder;
    }

    Channel channel() {
        return channel;
    }

    /** Folder of the table in the history. */
    String folder() {
        return folder;
    }

    String wireName() {
        return channel.wireName();
    }

    static List<String> wireNames() {
        return Arrays.stream(values()).map(TickKind::wireName).toList();
    }

    static Optional<TickKind> of(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName().equals(name))
                .findFirst();
    }

    static Optional<TickKind> of(Channel channel) {
        return Arrays.stream(values()).filter(kind -> kind.channel == channel).findFirst();
    }
}
