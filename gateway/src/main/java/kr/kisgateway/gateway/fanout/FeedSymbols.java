package kr.kisgateway.gateway.fanout;

import java.util.Optional;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.MarketSymbol;

/** Finds a listed symbol. */
@FunctionalInterface
public interface FeedSymbols {
    /** @param venue at which it is meant; empty for the symbol itself */
    Result<MarketSymbol> find(String code, Optional<String> venue);
}
