package kr.kisgateway.gateway.instrument;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.instrument.Origin.Source;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;

/** All instruments listed at one moment. Immutable; the search index is built at the first search. */
public final class Listing {
    /** More instruments than all markets together list; a longer listing is rejected. */
    public static final int INSTRUMENTS_MAX = 50_000;

    private final Map<ListingMarket, MarketListing> markets;
    private final Map<String, Listed> byCode;
    private final Map<Symbol, Instrument> bySymbol;
    private final List<Listed> sortedByCode;
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
        this.sortedByCode = byCode.values().stream()
                .sorted(Comparator.comparing(Listed::code))
                .toList();
    }

    /**
     * The listing of {@code markets}, in their order. Where two list the same code, the first has precedence.
     *
     * @throws IllegalArgumentException for more than {@link #INSTRUMENTS_MAX} lines
     */
    public static Listing of(Collection<MarketListing> markets) {
        var parts = new LinkedHashMap<ListingMarket, MarketListing>();
        var byCode = new HashMap<String, Listed>(8192);
        for (var part : markets) {
            parts.put(part.market(), part);
            part.lines().forEach(listed -> byCode.putIfAbsent(listed.code(), listed));
        }
        if (byCode.size() > INSTRUMENTS_MAX) {
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

    /** All instruments in the order of the codes. */
    public List<Listed> all() {
        return sortedByCode;
    }

    /** Each market's part with its source, in their order. */
    public Collection<MarketListing> markets() {
        return markets.values();
    }

    /** One market's part; without lines when there is no list of it. */
    MarketListing market(ListingMarket market) {
        var part = markets.get(market);
        return part != null
                ? part
                : new MarketListing(market, new Origin(Source.SHIPPED, LocalDate.EPOCH), List.of(), Optional.empty());
    }

    /** The search index, built at the first call, which takes some tens of milliseconds. */
    public SearchIndex index() {
        var built = index;
        if (built.isEmpty()) {
            synchronized (this) {
                built = index.isPresent() ? index : Optional.of(SearchIndex.of(sortedByCode));
                index = built;
            }
        }
        return built.orElseThrow();
    }

    /** This listing with NXT trading those of {@code onNxt} that are true, and not the others; itself where that is so. */
    Listing withNxt(Map<Symbol, Boolean> onNxt) {
        boolean isSame = onNxt.entrySet().stream()
                .allMatch(entry -> !(byCode.get(entry.getKey().code()) instanceof Listed.Korean korean)
                        || korean.onNxt() == entry.getValue());
        if (isSame) {
            return this;
        }
        return of(markets.values().stream()
                .map(part -> new MarketListing(
                        part.market(),
                        part.origin(),
                        part.lines().stream().map(line -> withNxt(line, onNxt)).toList(),
                        part.staleReason()))
                .toList());
    }

    private static Listed withNxt(Listed line, Map<Symbol, Boolean> onNxt) {
        return line instanceof Listed.Korean korean
                        && onNxt.getOrDefault(korean.instrument().symbol(), korean.onNxt()) != korean.onNxt()
                ? korean.withNxt(!korean.onNxt())
                : line;
    }

    /** This listing updated with the copies of {@code source} that are plausible. */
    public Listing withCached(MasterFileSource source) {
        var listing = this;
        for (var market : source.markets()) {
            var cached = source.cached(market);
            if (cached.isPresent() && cached.get().canFollow(market(market))) {
                listing = listing.with(cached.get());
            }
        }
        return listing;
    }

    /** This listing with {@code part} replacing the part of its market. */
    Listing with(MarketListing part) {
        var parts = new LinkedHashMap<ListingMarket, MarketListing>();
        parts.putAll(markets);
        parts.put(part.market(), part);
        return of(parts.values());
    }

    /** The differences of {@code next}; another day's prices and volumes do not count. */
    ListingChange changesTo(Listing next) {
        var added = new HashSet<MarketSymbol>();
        var changed = new HashSet<MarketSymbol>();
        next.byCode.forEach((code, listed) -> {
            var before = byCode.get(code);
            if (before == null) {
                added.add(listed.symbol());
            } else if (!permanentData(before).equals(permanentData(listed))) {
                changed.add(listed.symbol());
            }
        });
        var removed = new HashSet<MarketSymbol>();
        byCode.forEach((code, listed) -> {
            if (!next.byCode.containsKey(code)) {
                removed.add(listed.symbol());
            }
        });
        return new ListingChange(added, removed, changed);
    }

    /** Identity and listing status, without the figures of a day. */
    private static List<Object> permanentData(Listed listed) {
        return switch (listed) {
            case Listed.Korean line ->
                List.of(
                        line.instrument().isin(),
                        line.name(),
                        line.nameEn(),
                        line.market(),
                        line.product(),
                        line.instrument().listedShares(),
                        line.instrument().faceValue(),
                        line.flags(),
                        line.lot(),
                        line.onNxt());
            case Listed.Overseas line ->
                List.of(
                        line.symbol(),
                        line.product(),
                        line.koreanName(),
                        line.nameEn(),
                        line.listedShares(),
                        line.lot());
        };
    }
}
