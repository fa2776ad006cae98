package kr.kisgateway.gateway.recording;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.stream.Channel;

/** Kinds of recorded data. */
public enum TickKind {
    /** Every trade (체결). */
    TRADES(Channel.TRADES),
    /** Every snapshot of the order book (호가). */
    BOOKS(Channel.BOOKS);

    private final Channel channel;

    TickKind(Channel channel) {
        this.channel = channel;
    }

    Channel channel() {
        return channel;
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
