package kr.kisgateway.wire;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kr.kisgateway.market.InvalidInputException;

/**
 * An overseas instrument: {@code AAPL} on NASD, {@code BRK/B} on NYSE, {@code 7203} on TKSE. A valid form does not imply
 * a listing.
 *
 * @param exchange listing exchange
 * @param code in KIS's form, in capitals; classes of shares follow a slash
 */
public record OverseasSymbol(OverseasExchange exchange, String code) {
    private static final Pattern CODE = Pattern.compile("[A-Z0-9]{1,12}(/[A-Z0-9]{1,4})?");
    private static final String EXCHANGES =
            Arrays.stream(OverseasExchange.values()).map(Enum::name).collect(Collectors.joining(", "));

    /** @throws InvalidInputException {@code INVALID_SYMBOL} when the code's form is wrong */
    public OverseasSymbol {
        if (!CODE.matcher(code).matches()) {
            throw invalidSymbol(
                    InvalidInputException.quoted(code) + " is no code of an overseas stock",
                    suggestCode(code).map(it -> "did you mean " + it + "? ").orElse("")
                            + "it has capitals and digits, such as AAPL, and a slash before a class, as BRK/B");
        }
    }

    /** Parses {@code AAPL.NASD}: code, dot, exchange as in orders. Empty when the form or the exchange is wrong. */
    public static Optional<OverseasSymbol> parse(String text) {
        int dot = text.lastIndexOf('.');
        return dot < 0 ? Optional.empty() : of(text.substring(dot + 1), text.substring(0, dot));
    }

    /**
     * As {@link #parse}, with an explanation of a wrong text.
     *
     * @throws InvalidInputException {@code INVALID_SYMBOL}, with a suggestion
     */
    public static OverseasSymbol of(String text) {
        int dot = text.lastIndexOf('.');
        if (dot < 0) {
            throw invalidSymbol(
                    InvalidInputException.quoted(text) + " names no exchange",
                    "write the code, a dot and the exchange, such as AAPL.NASD; the exchanges are " + EXCHANGES);
        }
        String suffix = text.substring(dot + 1);
        OverseasExchange exchange = OverseasExchange.of(suffix)
                .orElseThrow(() -> invalidSymbol(
                        InvalidInputException.quoted(suffix) + " is no exchange code of orders",
                        suggestExchange(suffix)
                                        .map(it -> "did you mean " + text.substring(0, dot) + "." + it + "? ")
                                        .orElse("")
                                + "the exchanges are " + EXCHANGES));
        return new OverseasSymbol(exchange, text.substring(0, dot));
    }

    private static Optional<OverseasExchange> suggestExchange(String suffix) {
        String capitals = suffix.strip().toUpperCase(Locale.ROOT);
        return OverseasExchange.of(capitals)
                .or(() -> OverseasExchange.ofQuote(capitals))
                .or(() -> Arrays.stream(OverseasExchange.values())
                        .filter(it -> it.dayCode().filter(capitals::equals).isPresent())
                        .findFirst());
    }

    private static Optional<String> suggestCode(String code) {
        return Optional.of(
                        code.strip().toUpperCase(Locale.ROOT).replace('.', '/').replace('-', '/'))
                .filter(CODE.asMatchPredicate());
    }

    private static InvalidInputException invalidSymbol(String problem, String remedy) {
        return new InvalidInputException("INVALID_SYMBOL", problem, remedy);
    }

    /** The instrument with {@code code} on the exchange of this name in orders; empty when either is unsupported. */
    public static Optional<OverseasSymbol> of(String exchange, String code) {
        return OverseasExchange.of(exchange)
                .filter(_ -> CODE.matcher(code).matches())
                .map(it -> new OverseasSymbol(it, code));
    }

    /** The key of realtime registrations without a fee, {@code DNASAAPL}. */
    public String realtimeKey() {
        return "D" + exchange.quoteCode() + code;
    }

    /** The key of realtime registrations for the US day market, {@code RBAQAAPL}; empty elsewhere. */
    public Optional<String> dayMarketKey() {
        return exchange.dayCode().map(day -> "R" + day + code);
    }

    /** In the form of {@link #parse}. */
    @Override
    public String toString() {
        return code + "." + exchange;
    }
}
