package kr.kisgateway.gateway.stream;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.http.Role;

/** What a client can listen to. */
public enum Channel {
    /** The newest quote; conflates. */
    QUOTES("quotes", Role.QUOTE, true),
    /** Every trade; overflow leaves a marked gap. */
    TRADES("trades", Role.QUOTE, true),
    /** The newest order book; conflates. */
    BOOKS("books", Role.QUOTE, true),
    /** Changes of orders; never dropped. */
    ORDERS("orders", Role.TRADE, false),
    /** Fills; never dropped. */
    EXECUTIONS("executions", Role.TRADE, false),
    /** What the session with KIS and the market are doing; conflates. */
    SESSION("session", Role.QUOTE, false),
    /** What somebody has to know of; overflow leaves a marked gap. */
    ALERTS("alerts", Role.OPERATOR, false);

    private static final String WORDS =
            Arrays.stream(values()).map(Channel::word).collect(Collectors.joining(", "));

    private final String word;
    private final Role role;
    private final boolean perSymbol;

    Channel(String word, Role role, boolean perSymbol) {
        this.word = word;
        this.role = role;
        this.perSymbol = perSymbol;
    }

    /** The word in messages. */
    public String word() {
        return word;
    }

    static Optional<Channel> of(String word) {
        return Arrays.stream(values())
                .filter(channel -> channel.word().equals(word))
                .findFirst();
    }

    /** Every word, for people. */
    static String words() {
        return WORDS;
    }

    /** The least role that may listen. */
    Role role() {
        return role;
    }

    /** Whether it is subscribed symbol by symbol. */
    boolean isPerSymbol() {
        return perSymbol;
    }

    /** Whether it tells of one account's orders, by the cursor of its journal. */
    boolean isOfAccount() {
        return this == ORDERS || this == EXECUTIONS;
    }
}
