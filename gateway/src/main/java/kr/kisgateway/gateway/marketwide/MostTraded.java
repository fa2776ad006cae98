package kr.kisgateway.gateway.marketwide;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import kr.kisgateway.gateway.ask.Shared;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.LiveListing;
import kr.kisgateway.gateway.marketwide.MarketSource.Ranked;
import kr.kisgateway.market.Symbol;

/**
 * The Korean instruments with the most turnover. KIS ranks thirty of today; those after them, and all of them where KIS ranks
 * none (paper, or before anything traded), are by the turnover of the listing's last day.
 */
public final class MostTraded {
    private final MarketWide market;
    private final LiveListing listing;

    public MostTraded(MarketWide market, LiveListing listing) {
        this.market = market;
        this.listing = listing;
    }

    /**
     * At most {@code most}, the most traded first; asks KIS for its ranking at most once.
     *
     * @param shown which codes count
     */
    public List<Symbol> top(int most, String tenant, Predicate<String> shown) {
        Set<Symbol> top = new LinkedHashSet<>();
        if (market.ranking(RankingKind.TURNOVER, tenant) instanceof Shared.Known<List<Ranked>> known) {
            known.value().stream()
                    .filter(place -> place.turnover().orElse(0) > 0)
                    .map(Ranked::symbol)
                    .filter(symbol -> listing.find(symbol).isPresent())
                    .forEach(top::add);
        }
        listing.now().all().stream()
                .filter(Listed.Korean.class::isInstance)
                .sorted(Comparator.comparingLong(Listed::turnover).reversed())
                .map(listed -> ((Listed.Korean) listed).instrument().symbol())
                .forEach(top::add);
        return top.stream()
                .filter(symbol -> shown.test(symbol.code()))
                .limit(most)
                .toList();
    }
}
