package kr.kisgateway.market;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A US stock: {@code AAPL} on NASD. A valid form does not mean that it is listed.
 *
 * <p>As text a class of shares follows a dash, {@code BRK-B.NYSE}, because a slash is not allowed in a URL path
 * segment. No ticker has a dash of its own.
 *
 * @param ticker in capitals; a class of shares follows a slash, as brokers write it: {@code BRK/B}
 */
public record UsSymbol(UsExchange exchange, String ticker) implements MarketSymbol, Comparable<UsSymbol> {
    private static final Pattern TICKER = Pattern.compile("[A-Z0-9]{1,12}(/[A-Z0-9]{1,4})?");
    private static final char CLASS_IN_TEXT = '-';
    private static final char CLASS_IN_TICKER = '/';
    private static final UsExchange[] EXCHANGES = UsExchange.values();

    /** @throws IllegalArgumentException when the ticker's form is wrong */
    public UsSymbol {
        if (!TICKER.matcher(ticker).matches()) {
            throw new IllegalArgumentException(InvalidInputException.quoted(ticker) + " is no ticker");
        }
    }

    /** The stock with this ticker; empty when its form is wrong. */
    public static Optional<UsSymbol> of(UsExchange exchange, String ticker) {
        return TICKER.matcher(ticker).matches() ? Optional.of(new UsSymbol(exchange, ticker)) : Optional.empty();
    }

    /**
     * Parses {@code AAPL.NASD} and {@code BRK-B.NYSE}; empty when the form or the exchange is wrong. Nothing is trimmed
     * or capitalised.
     */
    public static Optional<UsSymbol> parse(String text) {
        if (text.indexOf(CLASS_IN_TICKER) >= 0) {
            return Optional.empty();
        }
        int dot = text.lastIndexOf('.');
        for (UsExchange exchange : EXCHANGES) {
            if (dot > 0
                    && text.endsWith(exchange.name())
                    && dot == text.length() - exchange.name().length() - 1) {
                return of(exchange, text.substring(0, dot).replace(CLASS_IN_TEXT, CLASS_IN_TICKER));
            }
        }
        return Optional.empty();
    }

    /**
     * The possible symbols of {@code text} on all exchanges, listed or not: for a ticker without or with another
     * exchange, in small letters, with a class of shares behind a dot or a blank.
     */
    public static List<UsSymbol> candidates(String text) {
        String ticker = text.strip()
                .toUpperCase(Locale.ROOT)
                .replaceFirst("[.][A-Z]{2,6}$", "")
                .replace('.', CLASS_IN_TICKER)
                .replace(' ', CLASS_IN_TICKER)
                .replace(CLASS_IN_TEXT, CLASS_IN_TICKER);
        return Arrays.stream(EXCHANGES)
                .flatMap(exchange -> of(exchange, ticker).stream())
                .toList();
    }

    /** As {@link #toString}. */
    @Override
    public String code() {
        return ticker.replace(CLASS_IN_TICKER, CLASS_IN_TEXT) + "." + exchange;
    }

    @Override
    public Market market() {
        return Market.US;
    }

    @Override
    public int compareTo(UsSymbol other) {
        int tickers = ticker.compareTo(other.ticker);
        return tickers != 0 ? tickers : exchange.compareTo(other.exchange);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return code();
    }
}
