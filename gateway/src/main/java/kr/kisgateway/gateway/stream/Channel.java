package kr.kisgateway.gateway.stream;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a client can listen to. */
public enum Channel {
    /** The newest quote; conflates. */
    QUOTES,
    /** Every trade; overflow leaves a marked gap. */
    TRADES,
    /** The newest order book; conflates. */
    BOOKS,
    /** Changes of orders; never dropped. */
    ORDERS,
    /** Fills; never dropped. */
    EXECUTIONS;

    /** The word in messages. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Channel> of(String word) {
        return Arrays.stream(values())
                .filter(channel -> channel.word().equals(word))
                .findFirst();
    }

    /** Whether it is subscribed symbol by symbol. */
    boolean isPerSymbol() {
        return this == QUOTES || this == TRADES || this == BOOKS;
    }
}
