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
}
