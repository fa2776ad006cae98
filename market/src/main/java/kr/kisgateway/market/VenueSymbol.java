package kr.kisgateway.market;

import java.util.Optional;

/**
 * A Korean stock at one venue alone, or at both together: {@code 005930.NXT}, {@code 005930.UNIFIED}. Its trades, books and
 * figures are never those of the stock itself, which are KRX's, so nothing that follows a stock's price follows these.
 *
 * @param symbol the stock
 * @param series {@link PriceSeries#NXT} or {@link PriceSeries#UNIFIED}
 */
public record VenueSymbol(Symbol symbol, PriceSeries series) implements MarketSymbol {
    /** @throws IllegalArgumentException for a series that is not of venues */
    public VenueSymbol {
        if (!series.isOfVenues()) {
            throw new IllegalArgumentException(series + " is not a series of venues");
        }
    }

    /** The symbol under which {@code series} of {@code symbol} is stored and published: the stock itself for the main one. */
    public static MarketSymbol of(MarketSymbol symbol, PriceSeries series) {
        return symbol instanceof Symbol korean && series.isOfVenues() ? new VenueSymbol(korean, series) : symbol;
    }

    /** The venue of {@code symbol} as the API writes it: {@code NXT}, {@code UNIFIED}; empty for the main series. */
    public static Optional<String> venueOf(MarketSymbol symbol) {
        return symbol instanceof VenueSymbol(Symbol _, PriceSeries series)
                ? Optional.of(series.name())
                : Optional.empty();
    }

    @Override
    public String code() {
        return symbol.code() + "." + series;
    }

    @Override
    public Symbol listed() {
        return symbol;
    }

    @Override
    public String ticker() {
        return symbol.code();
    }

    @Override
    public Market market() {
        return symbol.market();
    }

    @Override
    public String toString() {
        return code();
    }
}
