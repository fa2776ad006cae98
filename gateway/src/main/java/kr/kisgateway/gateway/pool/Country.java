package kr.kisgateway.gateway.pool;

import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/** Whose market a symbol is of. */
public enum Country {
    KOREA("kr"),
    USA("us");

    private final String word;

    Country(String word) {
        this.word = word;
    }

    static Country of(MarketSymbol symbol) {
        return switch (symbol) {
            case Symbol _ -> KOREA;
            case UsSymbol _ -> USA;
        };
    }

    /** The word in answers. */
    String word() {
        return word;
    }
}
