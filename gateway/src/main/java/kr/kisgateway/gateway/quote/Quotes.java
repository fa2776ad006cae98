package kr.kisgateway.gateway.quote;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PerMarket;

/** Quotes by text, one by one and several at once. */
public final class Quotes {
    /** Maximum symbols per request. */
    public static final int SYMBOLS_MAX = 100;

    private final Function<String, Result<Listed>> listing;
    private final UnaryOperator<Listed> today;
    private final PerMarket<QuoteService> services;
    private final ExecutorService workers;
    private volatile MultiQuoteStats lastStats = new MultiQuoteStats(0, 0, 0, 0, List.of());

    /**
     * Figures of one request for several symbols.
     *
     * @param targets requested symbols
     * @param finals answered symbols
     * @param pushed of these, from the pushed feed
     * @param rest of these, from REST
     * @param failed symbols without an answer
     */
    public record MultiQuoteStats(int targets, int finals, int pushed, int rest, List<String> failed) {}

    /**
     * @param listing finds listed instruments; others are never requested
     * @param services the service of each market
     * @param workers runs concurrent requests, one virtual thread each
     */
    public Quotes(Function<String, Result<Listed>> listing, PerMarket<QuoteService> services, ExecutorService workers) {
        this(listing, UnaryOperator.identity(), services, workers);
    }

    /** @param today the same instrument with what a venue trades today; may ask the broker */
    public Quotes(
            Function<String, Result<Listed>> listing,
            UnaryOperator<Listed> today,
            PerMarket<QuoteService> services,
            ExecutorService workers) {
        this.listing = listing;
        this.today = today;
        this.services = services;
        this.workers = workers;
    }

    /**
     * The quote of {@code text}, which need not be a symbol. Blocks for at most a few seconds.
     *
     * @param tenant whose share of the call budget is used; tenants take turns
     */
    Result<Quote> quote(String text, String tenant) {
        return listing.apply(text)
                .flatMap(listed -> services.of(listed.symbol()).quote(listed, tenant));
    }

    /** The same of a venue; without one as above. */
    Result<Quote> quote(String text, Optional<String> venue, String tenant) {
        return listing.apply(text)
                .map(listed -> venue.isPresent() ? today.apply(listed) : listed)
                .flatMap(listed -> VenueParameter.series(venue, listed)
                        .flatMap(series -> services.of(listed.symbol()).quote(listed, series, tenant)));
    }

    /** The quotes of {@code symbols}, in their order, requested concurrently. */
    Map<String, Result<Quote>> quotes(List<String> symbols, String tenant) {
        var pending = new LinkedHashMap<String, CompletableFuture<Result<Quote>>>();
        for (var symbol : symbols) {
            pending.computeIfAbsent(symbol, text -> CompletableFuture.supplyAsync(() -> quote(text, tenant), workers));
        }
        var outcomes = new LinkedHashMap<String, Result<Quote>>();
        pending.forEach((symbol, answer) -> outcomes.put(symbol, answer.join()));
        lastStats = statsOf(outcomes);
        return outcomes;
    }

    private static MultiQuoteStats statsOf(Map<String, Result<Quote>> outcomes) {
        var sources = new ArrayList<Source>();
        var failed = new ArrayList<String>();
        outcomes.forEach((symbol, outcome) -> {
            switch (outcome) {
                case Result.Success<Quote>(Quote quote) -> sources.add(quote.source());
                case Result.Refused<Quote> _ -> failed.add(symbol);
            }
        });
        return new MultiQuoteStats(
                outcomes.size(),
                sources.size(),
                (int) sources.stream().filter(Source.KIS_WS::equals).count(),
                (int) sources.stream().filter(Source.KIS_REST::equals).count(),
                List.copyOf(failed));
    }

    /** Invalidates the cached data of {@code symbols}; the next quotes are requested from KIS. */
    public void invalidateAll(Collection<? extends MarketSymbol> symbols) {
        services.forEach(symbols, QuoteService::invalidateAll);
    }

    /** The service of each market. */
    public PerMarket<QuoteService> services() {
        return services;
    }

    /** Registers the meters of all markets' quotes. */
    public void bindTo(Meters meters) {
        services.all().forEach(service -> service.bindTo(meters));
    }

    /** Figures of the last request for several symbols. */
    public MultiQuoteStats lastStats() {
        return lastStats;
    }
}
