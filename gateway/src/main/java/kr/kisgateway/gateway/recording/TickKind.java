package kr.kisgateway.gateway.recording;

import java.util.Arrays;
import java.util.Optional;
import kr.kisgateway.gateway.stream.Channel;

/** What of a symbol is recorded. */
public enum TickKind {
    /** Every trade (체결). */
    TRADES(Channel.TRADES, "trade"),
    /** Every picture of the order book (호가). */
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

    /** The table's folder in the history. */
    String folder() {
        return folder;
    }

    String wireName() {
        return channel.wireName();
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
