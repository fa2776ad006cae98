package kr.kisgateway.gateway.instrument;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.instrument.Origin.Source;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.NxtListing;

/** The list shipped with the program, by market. */
public final class ShippedListing {
    private ShippedListing() {}

    /** The complete list of {@code markets}; the simulator trades those of Korea and the US. */
    public static Listing of(Instruments instruments, NxtListing nxt, Markets markets) {
        Map<ListingMarket, List<Listed>> lines = new LinkedHashMap<>();
        for (var policy : markets.all()) {
            policy.lists().forEach(name -> lines.put(new ListingMarket(name, policy.market()), new ArrayList<>()));
        }
        for (var instrument : instruments.all()) {
            add(
                    lines,
                    new Listed.Korean(
                            instrument,
                            Optional.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            nxt.contains(instrument.symbol()),
                            new Origin(Source.SHIPPED, instrument.closeDate())));
        }
        for (var policy : markets.all()) {
            for (var stock : policy.shipped()) {
                add(
                        lines,
                        new Listed.Overseas(
                                stock.symbol(),
                                new ListingMarket(stock.list(), policy.market()),
                                stock.product(),
                                Optional.empty(),
                                Optional.of(stock.name()),
                                OptionalLong.of(stock.close()),
                                Optional.of(stock.closeDate()),
                                stock.volume(),
                                stock.listedShares(),
                                stock.sector(),
                                OptionalLong.empty(),
                                new Origin(Source.SHIPPED, stock.closeDate())));
            }
        }
        lines.values().removeIf(List::isEmpty);
        var parts = new ArrayList<MarketListing>();
        lines.forEach((market, listed) -> parts.add(new MarketListing(
                market,
                // ETFs are of an older day than the stocks beside them; the market is as new as its newest line.
                listed.stream()
                        .map(Listed::origin)
                        .max(Comparator.comparing(Origin::date))
                        .orElseThrow(),
                listed,
                Optional.empty())));
        return Listing.of(parts);
    }

    private static void add(Map<ListingMarket, List<Listed>> lines, Listed listed) {
        lines.computeIfAbsent(listed.market(), _ -> new ArrayList<>()).add(listed);
    }
}
