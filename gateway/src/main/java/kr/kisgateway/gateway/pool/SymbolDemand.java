package kr.kisgateway.gateway.pool;

import java.util.Locale;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;

/** One kind of data about one symbol, which the gateway reads; without a registration it is polled. */
public record SymbolDemand(Kind kind, MarketSymbol symbol) implements Demand {
    @Override
    public Market market() {
        return symbol.market();
    }

    @Override
    public String code() {
        return symbol.listed().code();
    }

    @Override
    public String kindName() {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
