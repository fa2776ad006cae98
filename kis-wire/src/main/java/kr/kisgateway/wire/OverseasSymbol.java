package kr.kisgateway.wire;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An instrument abroad: {@code AAPL} on NASD, {@code BRK/B} on NYSE, {@code 7203} on TKSE. A good form says nothing about
 * being listed.
 *
 * @param exchange where it is listed
 * @param code as KIS writes it, in capitals; classes of shares follow a slash
 */
public record OverseasSymbol(OverseasExchange exchange, String code) {
    private static final Pattern CODE = Pattern.compile("[A-Z0-9]{1,12}(/[A-Z0-9]{1,4})?");

    public OverseasSymbol {
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("not a code abroad: " + code);
        }
    }

    /** Reads {@code AAPL.NASD}: code, dot, exchange as orders name it. Empty when the form or the exchange is wrong. */
    public static Optional<OverseasSymbol> parse(String text) {
        int dot = text.lastIndexOf('.');
        return dot < 0 ? Optional.empty() : of(text.substring(dot + 1), text.substring(0, dot));
    }

    /** The instrument with this code on the exchange that orders call so; empty when either is not of a form known here. */
    public static Optional<OverseasSymbol> of(String exchange, String code) {
        return OverseasExchange.of(exchange)
                .filter(_ -> CODE.matcher(code).matches())
                .map(it -> new OverseasSymbol(it, code));
    }

    /** The key of realtime registrations that cost nothing extra, {@code DNASAAPL}. */
    public String realtimeKey() {
        return "D" + exchange.quoteCode() + code;
    }

    /** The key of realtime registrations for the US day market, {@code RBAQAAPL}; empty elsewhere. */
    public Optional<String> dayMarketKey() {
        return exchange.dayCode().map(day -> "R" + day + code);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return code + "." + exchange;
    }
}
