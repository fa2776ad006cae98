package kr.kisgateway.gateway.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Permissions of a caller. Each role includes those before it. */
public enum Role {
    /** Reads market data. */
    QUOTE,
    /** Also places orders, and reads the portfolio of its accounts. */
    TRADE,
    /** Also operates the gateway for all callers: reconnect, kill switch, limits, reconciliation, warmup. */
    OPERATOR,
    /** Also manages the keys of others. */
    ADMIN;

    /** The name in the API and in settings. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All names. */
    public static List<String> wireNames() {
        return Arrays.stream(values()).map(Role::wireName).toList();
    }

    public static Optional<Role> of(String wireName) {
        return Arrays.stream(values())
                .filter(role -> role.wireName().equals(wireName))
                .findFirst();
    }

    /** Whether this role includes {@code needed}. */
    public boolean covers(Role needed) {
        return ordinal() >= needed.ordinal();
    }
}
