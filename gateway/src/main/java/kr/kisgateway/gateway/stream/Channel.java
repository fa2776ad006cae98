package kr.kisgateway.gateway.stream;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.market.BarPeriod;

/** What a client can subscribe to. */
public enum Channel {
    /** The newest quote; conflates. */
    QUOTES("quotes", Role.QUOTE, true),
    /** Every trade; overflow leaves a marked gap. */
    TRADES("trades", Role.QUOTE, true),
    /** The newest order book; conflates. */
    BOOKS("books", Role.QUOTE, true),
    /** The bar of a period; conflates while it is open, and marks a gap when a final one did not fit. */
    BARS_1M(BarPeriod.M1),
    BARS_3M(BarPeriod.M3),
    BARS_5M(BarPeriod.M5),
    BARS_10M(BarPeriod.M10),
    BARS_30M(BarPeriod.M30),
    BARS_60M(BarPeriod.M60),
    /** Order changes; never dropped. */
    ORDERS("orders", Role.TRADE, false),
    /** Fills; never dropped. */
    EXECUTIONS("executions", Role.TRADE, false),
    /** State of the session with KIS and of the market; conflates. */
    SESSION("session", Role.QUOTE, false),
    /** Alerts for the operator; overflow leaves a marked gap. */
    ALERTS("alerts", Role.TRADE, false);

    private static final List<String> WIRE_NAMES =
            Arrays.stream(values()).map(Channel::wireName).toList();

    private final String wireName;
    private final Role role;
    private final boolean perSymbol;
    private final Optional<BarPeriod> period;

    Channel(String wireName, Role role, boolean perSymbol) {
        this(wireName, role, perSymbol, Optional.empty());
    }

    Channel(BarPeriod period) {
        this("bars:" + period.wireName(), Role.QUOTE, true, Optional.of(period));
    }

    Channel(String wireName, Role role, boolean perSymbol, Optional<BarPeriod> period) {
        this.wireName = wireName;
        this.role = role;
        this.perSymbol = perSymbol;
        this.period = period;
    }

    static Channel of(BarPeriod period) {
        return Arrays.stream(values())
                .filter(channel -> channel.period.filter(period::equals).isPresent())
                .findFirst()
                .orElseThrow();
    }

    /** Period of its bars; empty for a channel without bars. */
    Optional<BarPeriod> period() {
        return period;
    }

    /** Name of the channel in messages. */
    public String wireName() {
        return wireName;
    }

    static Optional<Channel> of(String wireName) {
        return Arrays.stream(values())
                .filter(channel -> channel.wireName().equals(wireName))
                .findFirst();
    }

    /** All channel names. */
    static List<String> wireNames() {
        return WIRE_NAMES;
    }

    /** Least role that may subscribe. */
    Role role() {
        return role;
    }

    /** Whether subscriptions name symbols. */
    public boolean isPerSymbol() {
        return perSymbol;
    }

    /** Whether it carries one account's orders, by the cursor of the account's journal. */
    boolean isPerAccount() {
        return this == ORDERS || this == EXECUTIONS;
    }
}
