package kr.kisgateway.gateway.instrument;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.instrument.Origin.Source;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;

/** Everything that is listed at one moment. Immutable; the index for searching is made when somebody first searches. */
public final class Listing {
    /** More instruments than all the markets together list; a longer listing is not taken. */
    public static final int MOST = 50_000;

    private final Map<ListingMarket, MarketListing> markets;
    private final Map<String, Listed> byCode;
    private final Map<Symbol, Instrument> bySymbol;
    private final List<Listed> inOrder;
    private volatile Optional<SearchIndex> index = Optional.empty();

    private Listing(Map<ListingMarket, MarketListing> markets, Map<String, Listed> byCode) {
        this.markets = markets;
        this.byCode = byCode;
        this.bySymbol = new HashMap<>(byCode.size() * 2);
        for (var listed : byCode.values()) {
            if (listed instanceof Listed.Korean korean) {
                bySymbol.put(korean.instrument().symbol(), korean.instrument());
            }
        }
        this.inOrder = byCode.values().stream()
                .sorted(Comparator.comparing(Listed::code))
                .toList();
    }

    /**
     * The listing of {@code markets}. Where two list the same code the first does.
     *
     * @throws IllegalArgumentException for more than {@link #MOST} lines
     */
    public static Listing of(Collection<MarketListing> markets) {
        var parts = new EnumMap<ListingMarket, MarketListing>(ListingMarket.class);
        var byCode = new HashMap<String, Listed>(8192);
        for (var part : markets) {
            parts.put(part.market(), part);
            part.lines().forEach(listed -> byCode.putIfAbsent(listed.code(), listed));
        }
        if (byCode.size() > MOST) {
            throw new IllegalArgumentException(byCode.size() + " instruments are more than all markets list");
        }
        return new Listing(parts, byCode);
    }

    /** The instrument under {@code code} ({@code 005930}, {@code AAPL.NASD}), when one is listed. */
    public Optional<Listed> find(String code) {
        return Optional.ofNullable(byCode.get(code));
    }

    /** The Korean instrument under {@code symbol}, when one is listed. */
    public Optional<Instrument> find(Symbol symbol) {
        return Optional.ofNullable(bySymbol.get(symbol));
    }

    /** All of it in the order of the codes. */
    public List<Listed> all() {
        return inOrder;
    }

    /** Where each market's part comes from, in the order of the markets. */
    public Collection<MarketListing> markets() {
        return markets.values();
    }

    /** One market's part; without lines when nothing is known of it. */
    MarketListing market(ListingMarket market) {
        var part = markets.get(market);
        return part != null
                ? part
                : new MarketListing(market, new Origin(Source.SHIPPED, LocalDate.EPOCH), List.of(), Optional.empty());
    }

    /** Made at the first call, which takes some tens of milliseconds. */
    public SearchIndex index() {
        var made = index;
        if (made.isEmpty()) {
            synchronized (this) {
                made = index.isPresent() ? index : Optional.of(SearchIndex.of(inOrder));
                index = made;
            }
        }
        return made.orElseThrow();
    }

    /** This one with what {@code source} has copies of. */
    public Listing withKept(MasterSource source) {
        var listing = this;
        for (var market : ListingMarket.values()) {
            var kept = source.kept(market);
            if (kept.isPresent()) {
                listing = listing.with(kept.get());
            }
        }
        return listing;
    }

    /** This listing with {@code part} in the place of what its market had. */
    Listing with(MarketListing part) {
        var parts = new EnumMap<ListingMarket, MarketListing>(ListingMarket.class);
        parts.putAll(markets);
        parts.put(part.market(), part);
        return of(parts.values());
    }

    /** What is different in {@code next}; another day's prices and volumes are no difference. */
    ListingChange to(Listing next) {
        var added = new HashSet<String>();
        var changed = new HashSet<String>();
        next.byCode.forEach((code, listed) -> {
            var before = byCode.get(code);
            if (before == null) {
                added.add(code);
            } else if (!lasting(before).equals(lasting(listed))) {
                changed.add(code);
            }
        });
        var removed = new HashSet<>(byCode.keySet());
        removed.removeAll(next.byCode.keySet());
        return new ListingChange(added, removed, changed);
    }

    /** What it is and how it stands, without the figures of a day. */
    private static List<Object> lasting(Listed listed) {
        return switch (listed) {
            case Listed.Korean it ->
                List.of(
                        it.instrument().isin(),
                        it.name(),
                        it.nameEn(),
                        it.market(),
                        it.product(),
                        it.instrument().listedShares(),
                        it.instrument().faceValue(),
                        it.marks(),
                        it.lot(),
                        it.onNxt());
            case Listed.Us it ->
                List.of(it.symbol(), it.product(), it.koreanName(), it.nameEn(), it.listedShares(), it.lot());
        };
    }
}
