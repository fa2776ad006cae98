package kr.kisgateway.gateway.quote;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/** Quotes by text, one by one and several at once. */
public final class Quotes {
    /** Maximum symbols per request. */
    public static final int SYMBOLS_MAX = 100;

    private final Function<String, Lookup> listing;
    private final QuoteService koreanQuotes;
    private final UsQuotes usQuotes;
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
     * @param workers runs concurrent requests, one virtual thread each
     */
    public Quotes(
            Function<String, Lookup> listing, QuoteService koreanQuotes, UsQuotes usQuotes, ExecutorService workers) {
        this.listing = listing;
        this.koreanQuotes = koreanQuotes;
        this.usQuotes = usQuotes;
        this.workers = workers;
    }

    /**
     * The quote of {@code text}, which need not be a symbol. Blocks for at most a few seconds.
     *
     * @param tenant whose share of the call budget is used; tenants take turns
     */
    Result<Priced> quote(String text, String tenant) {
        return switch (listing.apply(text)) {
            case Lookup.Found(Listed.Korean it) ->
                koreanQuotes.quote(it.instrument(), tenant).map(Priced.Korean::new);
            case Lookup.Found(Listed.Us it) -> usQuotes.quote(it, tenant).map(Priced.Us::new);
            case Lookup.Unknown(Refusal refusal) -> Result.refused(refusal);
        };
    }

    /** The quotes of {@code symbols}, in their order, requested concurrently. */
    Map<String, Result<Priced>> quotes(List<String> symbols, String tenant) {
        var pending = new LinkedHashMap<String, CompletableFuture<Result<Priced>>>();
        for (var symbol : symbols) {
            pending.computeIfAbsent(symbol, text -> CompletableFuture.supplyAsync(() -> quote(text, tenant), workers));
        }
        var outcomes = new LinkedHashMap<String, Result<Priced>>();
        pending.forEach((symbol, answer) -> outcomes.put(symbol, answer.join()));
        lastStats = statsOf(outcomes);
        return outcomes;
    }

    private static MultiQuoteStats statsOf(Map<String, Result<Priced>> outcomes) {
        var sources = new ArrayList<Source>();
        var failed = new ArrayList<String>();
        outcomes.forEach((symbol, outcome) -> {
            switch (outcome) {
                case Result.Success<Priced>(Priced.Korean(Quote quote)) -> sources.add(quote.source());
                case Result.Success<Priced>(Priced.Us(UsQuote quote)) -> sources.add(quote.source());
                case Result.Refused<Priced> _ -> failed.add(symbol);
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
        koreanQuotes.invalidateAll(Symbol.among(symbols));
        usQuotes.invalidateAll(UsSymbol.among(symbols));
    }

    QuoteService koreanQuotes() {
        return koreanQuotes;
    }

    UsQuotes usQuotes() {
        return usQuotes;
    }

    /** Figures of the last request for several symbols. */
    public MultiQuoteStats lastStats() {
        return lastStats;
    }
}
