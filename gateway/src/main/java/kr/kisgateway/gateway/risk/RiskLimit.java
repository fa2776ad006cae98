package kr.kisgateway.gateway.risk;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The numeric limits. A layer may set any of them; the smallest of all layers applies. */
public enum RiskLimit {
    /** Accepted orders of an account, market and trading day. */
    DAILY_ORDERS(0),
    /** Shares of one BUY order. */
    MAX_QTY(0),
    /** Won of one BUY order of a Korean instrument, a market order counted at its upper price limit. */
    MAX_NOTIONAL(0),
    /** Dollars of one BUY order of a US stock. */
    MAX_NOTIONAL_USD(4),
    /**
     * Won of a trading day's BUY orders of Korean instruments: what they have cost, and what may still fill at the price that bounds
     * it. What is cancelled counts no more.
     */
    DAILY_NOTIONAL(0),
    /** The same in dollars, of US stocks. */
    DAILY_NOTIONAL_USD(4),
    /** Shares of one SELL order. */
    SELL_MAX_QTY(0),
    /** Shares of one symbol that an account may hold after BUY orders. */
    MAX_POSITION(0),
    /** Won that a Korean symbol's shares may be worth after BUY orders, at the price of the order. */
    MAX_POSITION_VALUE(0),
    /** Dollars that a US symbol's shares may be worth after BUY orders, at the price of the order. */
    MAX_POSITION_VALUE_USD(4),
    /** Won of loss of an account since the last close from which BUY orders are refused. */
    DAILY_LOSS(0),
    /** Orders and modifications of an account in any second. */
    ORDERS_PER_SECOND(0),
    /** Percent by which a BUY may lie above and a SELL below the last price, two decimals. */
    COLLAR_PCT(2);

    /** The largest value of a limit. */
    public static final long MAX = 1_000_000_000_000_000L;

    private final int decimals;

    RiskLimit(int decimals) {
        this.decimals = decimals;
    }

    /** Its name in JSON, {@code max_qty}; its setting is {@code RISK_} and that name in capitals. */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The limit named {@code text}, dashes and underscores alike. */
    public static Optional<RiskLimit> of(String text) {
        String plain = text.replace('-', '_').toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(limit -> limit.name().equals(plain))
                .findFirst();
    }

    /** What values it has, for the message about another. */
    public String form() {
        return switch (decimals) {
            case 0 -> "a whole number from 1 to " + MAX;
            case 2 -> "a percentage above 0 with two decimals at most";
            default -> "an amount above 0 with " + decimals + " decimals at most";
        };
    }

    /** {@code value} in this limit's units (its last decimal), or empty when it is not such a number above 0. */
    public OptionalLong units(BigDecimal value) {
        // Size first: the digits of 1e999999999 would fill the memory.
        if (value.signum() <= 0 || value.precision() - (long) value.scale() > 16 || value.scale() > 64) {
            return OptionalLong.empty();
        }
        BigDecimal units = value.movePointRight(decimals).stripTrailingZeros();
        if (units.scale() > 0 || units.compareTo(BigDecimal.valueOf(MAX)) > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(units.longValueExact());
    }

    /** The number of {@code units}. */
    public BigDecimal figure(long units) {
        BigDecimal figure = BigDecimal.valueOf(units, decimals).stripTrailingZeros();
        return figure.scale() < 0 ? figure.setScale(0) : figure;
    }
}
