package kr.kisgateway.market;

import java.util.Optional;

/** The symbol of an instrument of any market: {@code 005930}, {@code AAPL.NASD}. */
public interface MarketSymbol {
    /** As the API writes it. */
    String code();

    /** The code without its exchange, where it names one: {@code AAPL} of AAPL.NASD. */
    default String ticker() {
        return code();
    }

    /** The instrument that the market lists: of a stock's symbol at a venue, the stock. */
    default MarketSymbol listed() {
        return this;
    }

    /** The market that lists it. */
    Market market();

    /**
     * The probably intended code: as {@link Symbol#suggestion}, or a listed ticker of {@link UsListing} with its
     * exchange, {@code AAPL.NASD} for {@code AAPL}.
     */
    static Optional<String> suggestion(String text) {
        return Symbol.suggestion(text)
                .or(() -> UsSymbol.candidates(text).stream()
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
