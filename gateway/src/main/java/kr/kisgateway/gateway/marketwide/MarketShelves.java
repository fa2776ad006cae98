package kr.kisgateway.gateway.marketwide;

import java.util.List;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.marketwide.MarketSource.IndexValue;
import kr.kisgateway.gateway.marketwide.MarketSource.InvestorsOfDay;
import kr.kisgateway.gateway.marketwide.MarketSource.NetAssetValue;
import kr.kisgateway.gateway.marketwide.MarketSource.Ranked;
import kr.kisgateway.market.Symbol;

/** Market-wide figures that gateways share. */
public record MarketShelves(
        Shelf<RankingKind, List<Ranked>> rankings,
        Shelf<String, IndexValue> indices,
        Shelf<Symbol, List<InvestorsOfDay>> investors,
        Shelf<Symbol, NetAssetValue> navs) {
    /** Nothing is shared. */
    public static MarketShelves none() {
        return new MarketShelves(Shelf.none(), Shelf.none(), Shelf.none(), Shelf.none());
    }
}
