package kr.kisgateway.gateway.instrument;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.instrument.InstrumentPage;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** {@code /v1/instruments}. */
public final class InstrumentRoutes {
    private static final int LIMIT_DEFAULT = 20;
    private static final int LIMIT_MAX = 1_000;

    private final CurrentListing listing;
    private final Function<Instrument, MarketFacts> facts;
    private final Function<Instrument, MarketFacts> lookup;
    private final Function<Symbol, Optional<Boolean>> interrupted;
    private final Markets markets;
    private final SequencedMap<String, Set<ListingMarket>> listsByName;
    private final TradingCalendar calendar;
    private final InstantSource clock;

    /**
     * @param facts cached facts of today about a Korean instrument; sends no request
     * @param lookup the same for a single instrument, also from other gateways' shared cache
     * @param interrupted whether a volatility interruption is on, where KIS pushes that
     */
    public InstrumentRoutes(
            CurrentListing listing,
            Function<Instrument, MarketFacts> facts,
            Function<Instrument, MarketFacts> lookup,
            Function<Symbol, Optional<Boolean>> interrupted,
            Markets markets,
            TradingCalendar calendar,
            InstantSource clock) {
        this.listing = listing;
        this.facts = facts;
        this.lookup = lookup;
        this.interrupted = interrupted;
        this.markets = markets;
        this.listsByName = listsByName(markets);
        this.calendar = calendar;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/instruments/{symbol}", this::lookup);
        table.get(Role.QUOTE, "/v1/instruments", List.of("q", "market", "limit", "cursor"), this::search);
    }

    private void lookup(Call call) {
        var code = call.pathParameter("symbol");
        call.caller().requireSymbol(code);
        var listed = listing.lookup(code).orElseThrow();
        call.answer(answers(lookup).answer(listed));
    }

    private void search(Call call) {
        var now = listing.current();
        var query = call.query("q").filter(text -> !text.isBlank());
        var cursor = call.query("cursor");
        int limit = call.limit(LIMIT_DEFAULT, LIMIT_MAX);
        var lists = lists(call.query("market"));
        if (query.isPresent() && cursor.isPresent()) {
            throw Call.invalid("cursor", "applies to a list, not to a search: omit q");
        }
        if (query.isPresent()
                && (query.get().length() > SearchIndex.QUERY_MAX || !SearchIndex.isSearchable(query.get()))) {
            throw Call.invalid(
                    "q",
                    "must have a letter, a digit or a consonant, and at most " + SearchIndex.QUERY_MAX + " characters");
        }
        call.answerPage(() -> {
            var found = query.map(text -> now.index()
                            .search(text, lists, listed -> call.caller().mayReadSymbol(listed.code()), limit))
                    .orElseGet(() -> page(call, now, lists, cursor.orElse(""), limit));
            var next = query.isEmpty() && found.total() > found.lines().size()
                    ? Optional.of(found.lines().getLast().code())
                    : Optional.<String>empty();
            return new InstrumentPage(
                    found.lines().stream().map(answers(facts)::answer).toList(),
                    found.total(),
                    next,
                    InstrumentAnswers.listings(now));
        });
    }

    /**
     * The page after {@code after} in the order of the codes; {@code total} counts all that follow, also beyond the
     * page.
     */
    private static SearchIndex.Found page(Call call, Listing now, Set<ListingMarket> lists, String after, int limit) {
        var lines = new ArrayList<Listed>();
        int total = 0;
        for (var listed : now.all()) {
            if (listed.code().compareTo(after) > 0
                    && lists.contains(listed.market())
                    && call.caller().mayReadSymbol(listed.code())) {
                total++;
                if (lines.size() < limit) {
                    lines.add(listed);
                }
            }
        }
        return new SearchIndex.Found(lines, total);
    }

    private InstrumentAnswers answers(Function<Instrument, MarketFacts> factsSource) {
        return new InstrumentAnswers(factsSource, interrupted, markets, calendar.tradingDay(clock.instant()));
    }

    /** What the parameter {@code market} may name: each list, then each market with all of its lists. */
    private static SequencedMap<String, Set<ListingMarket>> listsByName(Markets markets) {
        var byName = new LinkedHashMap<String, Set<ListingMarket>>();
        var byMarket = new LinkedHashMap<String, Set<ListingMarket>>();
        for (var policy : markets.all()) {
            var lists = policy.lists().stream()
                    .map(name -> new ListingMarket(name, policy.market()))
                    .collect(Collectors.toUnmodifiableSet());
            policy.lists().forEach(name -> byName.put(name, Set.of(new ListingMarket(name, policy.market()))));
            byMarket.put(policy.market().id().toUpperCase(Locale.ROOT), lists);
        }
        byMarket.forEach(byName::putIfAbsent);
        return byName;
    }

    /** The lists that the parameter names; all where it names none. */
    private Set<ListingMarket> lists(Optional<String> text) {
        var selected = new HashSet<ListingMarket>();
        for (var item :
                text.filter(it -> !it.isBlank()).map(it -> it.split(",", -1)).orElse(new String[0])) {
            var name = item.strip().toUpperCase(Locale.ROOT);
            selected.addAll(Optional.ofNullable(listsByName.get(name))
                    .orElseThrow(() -> Call.notOneOf("market", name, List.copyOf(listsByName.keySet()))));
        }
        if (selected.isEmpty()) {
            listsByName.values().forEach(selected::addAll);
        }
        return selected;
    }
}
