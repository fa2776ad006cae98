package kr.kisgateway.gateway.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do. Each role may do what those before it may. */
public enum Role {
    /** Sees market data. */
    QUOTE,
    /** Also orders, and the portfolio of its accounts. */
    TRADE,
    /** Also what concerns everybody: reconnect, kill switch, limits, reconciliation, warming. */
    OPERATOR,
    /** Also the keys of others. */
    ADMIN;

    /** The word in the API and in settings. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> of(String wireName) {
        return Arrays.stream(values())
                .filter(role -> role.wireName().equals(wireName))
                .findFirst();
    }

    /** Whether who has this role may do what {@code needed} may. */
    public boolean covers(Role needed) {
        return ordinal() >= needed.ordinal();
    }
}
