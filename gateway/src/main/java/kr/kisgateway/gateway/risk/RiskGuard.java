package kr.kisgateway.gateway.risk;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The checks that are on or off. A layer may switch any of them on; "on" in any layer wins. */
public enum RiskGuard {
    /** A BUY must be covered by reported cash less what earlier orders will take. */
    CHECK_CASH,
    /** No BUY of an issue under administration (관리종목). */
    REFUSE_MANAGED,
    /** No BUY of an issue with an investment warning or risk notice (투자경고, 투자위험). */
    REFUSE_WARNED,
    /** No order that could trade with an open order of the same account. */
    REFUSE_SELF_CROSS;

    /** Its name in JSON, {@code check_cash}; its setting is {@code RISK_} and that name in capitals. */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The guard named {@code text}, dashes and underscores alike. */
    public static Optional<RiskGuard> of(String text) {
        String plain = text.replace('-', '_').toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(guard -> guard.name().equals(plain))
                .findFirst();
    }
}
