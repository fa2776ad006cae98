package kr.kisgateway.gateway.risk;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The limits that are numbers. A layer may set any of them; among layers the smallest holds. */
public enum RiskLimit {
    /** Accepted orders of an account, market and trading day. */
    DAILY_ORDERS(0),
    /** Shares of one BUY order. */
    MAX_QTY(0),
    /** Won of one BUY order, a market order counted at its upper price limit. */
    MAX_NOTIONAL(0),
    /** Shares of one SELL order. */
    SELL_MAX_QTY(0),
    /** Shares of one symbol that an account may come to hold by BUY orders. */
    MAX_POSITION(0),
    /** Won that a symbol's shares may come to be worth by BUY orders, at the price of the order. */
    MAX_POSITION_VALUE(0),
    /** Won that an account may be worth less than at the last close before BUY orders are refused. */
    DAILY_LOSS(0),
    /** Orders and modifications of an account in any second. */
    ORDERS_PER_SECOND(0),
    /** Percent by which a BUY may lie above and a SELL below the last price, two decimals. */
    COLLAR_PCT(2);

    /** The largest figure that a limit can be set to. */
    public static final long MAX = 1_000_000_000_000_000L;

    private final int decimals;

    RiskLimit(int decimals) {
        this.decimals = decimals;
    }

    /** Its name in JSON, {@code max_qty}; a setting is {@code RISK_} and the capitals of it. */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The limit that {@code word} names, dashes and underscores alike. */
    public static Optional<RiskLimit> of(String text) {
        String plain = text.replace('-', '_').toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(limit -> limit.name().equals(plain))
                .findFirst();
    }

    /** {@code value} in this limit's units (its last decimal), or empty when it is no such figure above 0. */
    public OptionalLong units(BigDecimal value) {
        // Size first: the digits of 1e999999999 written out would fill the memory.
        if (value.signum() <= 0 || value.precision() - (long) value.scale() > 16 || value.scale() > 64) {
            return OptionalLong.empty();
        }
        BigDecimal units = value.movePointRight(decimals).stripTrailingZeros();
        if (units.scale() > 0 || units.compareTo(BigDecimal.valueOf(MAX)) > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(units.longValueExact());
    }

    /** The figure that {@code units} stand for. */
    public BigDecimal figure(long units) {
        BigDecimal figure = BigDecimal.valueOf(units, decimals).stripTrailingZeros();
        return figure.scale() < 0 ? figure.setScale(0) : figure;
    }
}
