package kr.kisgateway.gateway.pool;

import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/** The country of a symbol's market. */
public enum Country {
    KOREA("kr"),
    USA("us");

    private final String wireName;

    Country(String wireName) {
        this.wireName = wireName;
    }

    static Country of(MarketSymbol symbol) {
        return switch (symbol) {
            case Symbol _ -> KOREA;
            case UsSymbol _ -> USA;
        };
    }

    /** Name in JSON answers. */
    String wireName() {
        return wireName;
    }
}
