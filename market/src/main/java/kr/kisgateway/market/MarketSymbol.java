package kr.kisgateway.market;

import java.util.Optional;

/** What an instrument of any market is called: {@code 005930}, {@code AAPL.NASD}. */
public sealed interface MarketSymbol permits Symbol, UsSymbol {
    /** As the API writes it. */
    String code();

    /** Reads either form; empty when {@code text} has neither. Nothing is trimmed or capitalised. */
    static Optional<MarketSymbol> parse(String text) {
        return Symbol.parse(text).<MarketSymbol>map(it -> it).or(() -> UsSymbol.parse(text));
    }

    /**
     * The code that {@code text} probably stands for: as {@link Symbol#suggestion}, or a ticker of a stock that {@link UsListing} knows with
     * its exchange, {@code AAPL.NASD} for {@code AAPL}.
     */
    static Optional<String> meant(String text) {
        return Symbol.suggestion(text)
                .or(() -> UsSymbol.meant(text).stream()
                        .filter(symbol -> Shipped.LISTING.find(symbol).isPresent())
                        .map(UsSymbol::code)
                        .findFirst());
    }

    /** Loaded with the first text that is no symbol. */
    final class Shipped {
        private static final UsListing LISTING = UsListing.load();

        private Shipped() {}
    }
}
