package kr.kisgateway.gateway.marketwide;

import java.util.List;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.marketwide.MarketSource.IndexValue;
import kr.kisgateway.gateway.marketwide.MarketSource.InvestorsOfDay;
import kr.kisgateway.gateway.marketwide.MarketSource.NetAssetValue;
import kr.kisgateway.gateway.marketwide.MarketSource.Ranked;
import kr.kisgateway.market.Symbol;

/** Shared caches of market-wide figures. */
public record MarketCaches(
        SharedCache<RankingKind, List<Ranked>> rankings,
        SharedCache<String, IndexValue> indices,
        SharedCache<Symbol, List<InvestorsOfDay>> investors,
        SharedCache<Symbol, NetAssetValue> navs) {
    /** Nothing is shared. */
    public static MarketCaches none() {
        return new MarketCaches(SharedCache.none(), SharedCache.none(), SharedCache.none(), SharedCache.none());
    }
}
