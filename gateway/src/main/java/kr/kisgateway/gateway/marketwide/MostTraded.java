package kr.kisgateway.gateway.marketwide;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.marketwide.MarketSource.Ranked;
import kr.kisgateway.market.Symbol;

/**
 * The Korean instruments with the most turnover. KIS ranks thirty of today; those after them, and all where KIS ranks none
 * (paper, or before anything traded), are ranked by the turnover of the listing's last day.
 */
public final class MostTraded {
    private final MarketWideData market;
    private final CurrentListing listing;

    public MostTraded(MarketWideData market, CurrentListing listing) {
        this.market = market;
        this.listing = listing;
    }

    /**
     * At most {@code limit}, the most traded first; requests KIS's ranking at most once.
     *
     * @param isVisible which codes count
     */
    public List<Symbol> top(int limit, String tenant, Predicate<String> isVisible) {
        Set<Symbol> top = new LinkedHashSet<>();
        market.ranking(RankingKind.TURNOVER, tenant).map(Cached::value).toOptional().orElse(List.of()).stream()
                .filter(place -> place.turnover().orElse(0) > 0)
                .map(Ranked::symbol)
                .filter(symbol -> listing.find(symbol).isPresent())
                .forEach(top::add);
        listing.current().all().stream()
                .filter(Listed.Korean.class::isInstance)
                .sorted(Comparator.comparingLong(Listed::turnover).reversed())
                .map(listed -> ((Listed.Korean) listed).instrument().symbol())
                .forEach(top::add);
        return top.stream()
                .filter(symbol -> isVisible.test(symbol.code()))
                .limit(limit)
                .toList();
    }
}
