package kr.kisgateway.gateway.instrument;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.instrument.Origin.Source;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.UsListing;

/** The list shipped with the program, by market. */
public final class ShippedListing {
    private ShippedListing() {}

    /** The complete list; the simulator trades it. */
    public static Listing of(Instruments instruments, NxtListing nxt, UsListing us) {
        Map<ListingMarket, List<Listed>> lines = new EnumMap<>(ListingMarket.class);
        for (var instrument : instruments.all()) {
            lines.computeIfAbsent(ListingMarket.of(instrument.board()), _ -> new ArrayList<>())
                    .add(new Listed.Korean(
                            instrument,
                            Optional.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            nxt.contains(instrument.symbol()),
                            new Origin(Source.SHIPPED, instrument.closeDate())));
        }
        for (var stock : us.all()) {
            lines.computeIfAbsent(ListingMarket.of(stock.symbol().exchange()), _ -> new ArrayList<>())
                    .add(new Listed.Us(
                            stock.symbol(),
                            stock.product(),
                            Optional.empty(),
                            Optional.of(stock.name()),
                            OptionalLong.of(stock.close()),
                            Optional.of(stock.closeDate()),
                            stock.volume(),
                            OptionalLong.of(stock.listedShares()),
                            stock.sector(),
                            OptionalLong.empty(),
                            new Origin(Source.SHIPPED, stock.closeDate())));
        }
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
}
