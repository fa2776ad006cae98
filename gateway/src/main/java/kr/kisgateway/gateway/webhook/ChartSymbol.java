package kr.kisgateway.gateway.webhook;

import java.util.Map;

/** Symbols as charting services write them: the exchange first, {@code KRX:005930}, {@code NASDAQ:AAPL}. */
final class ChartSymbol {
    private static final Map<String, String> SUFFIXES = Map.of(
            "KRX", "", "KOSPI", "", "KOSDAQ", "", "KONEX", "", "NXT", "", "NASDAQ", ".NASD", "NYSE", ".NYSE", "AMEX",
            ".AMEX");

    private ChartSymbol() {}

    /** The gateway's code; a text without a known exchange is unchanged, and refused where it is no symbol. */
    static String code(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return text;
        }
        String suffix = SUFFIXES.get(text.substring(0, colon));
        // A class of shares follows a point there: BRK.B.
        return suffix == null ? text : text.substring(colon + 1).replace('.', '-') + suffix;
    }
}
