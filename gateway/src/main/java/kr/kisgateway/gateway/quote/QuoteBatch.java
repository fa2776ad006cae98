package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.batch.BatchKind;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.quote.MultiPriceSource.Price;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;

/** Quotes for thousands of symbols with the fewest calls to KIS. */
public final class QuoteBatch {
    /** How long one call may wait for its turn in the call budget. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(60);

    private final Function<String, Lookup> listing;
    private final QuoteService quotes;
    private final UsQuotes usQuotes;
    private final MultiPriceSource source;
    private final UsQuoteSource usSource;
    private final QuoteRule rule;
    private final IntSupplier callsPerSecond;
    private final InstantSource clock;

    /**
     * @param listing finds listed instruments
     * @param source requests Korean prices
     * @param usSource requests US prices, one per call
     * @param callsPerSecond to KIS, without other traffic
     */
    public QuoteBatch(
            Function<String, Lookup> listing,
            QuoteService quotes,
            UsQuotes usQuotes,
            MultiPriceSource source,
            UsQuoteSource usSource,
            QuoteRule rule,
            IntSupplier callsPerSecond,
            InstantSource clock) {
        this.listing = listing;
        this.quotes = quotes;
        this.usQuotes = usQuotes;
        this.source = source;
        this.usSource = usSource;
        this.rule = rule;
        this.callsPerSecond = callsPerSecond;
        this.clock = clock;
    }

    /** A batch for {@code tenant}: tenants share the call budget by turns. */
    public BatchKind<Priced> forTenant(String tenant) {
        return new BatchKind<>() {
            @Override
            public Resolution<Priced> resolve(String text) {
                return switch (listing.apply(text)) {
                    case Lookup.Unknown(Refusal refusal) -> new Resolution.Immediate<>(Result.refused(refusal));
                    case Lookup.Found(Listed listed) ->
                        findCached(listed)
                                .<Resolution<Priced>>map(quote -> new Resolution.Immediate<>(Result.success(quote)))
                                .orElseGet(() -> new Resolution.CallNeeded<>(listed));
                };
            }

            @Override
            public int groupSizeMax(Listed listed) {
                return switch (listed) {
                    case Listed.Korean _ -> source.groupSizeMax();
                    case Listed.Us _ -> 1;
                };
            }

            @Override
            public int calls(List<Listed> group) {
                return 1;
            }

            @Override
            public int callsPerSecond() {
                return callsPerSecond.getAsInt();
            }

            @Override
            public Map<MarketSymbol, Result<Priced>> request(List<Listed> group) {
                return group.getFirst() instanceof Listed.Us us
                        ? Map.of(us.symbol(), requestGroup(us, tenant))
                        // A call covers one country.
                        : requestGroup(
                                group.stream()
                                        .map(listed -> ((Listed.Korean) listed).instrument())
                                        .toList(),
                                tenant);
            }
        };
    }

    private Optional<Priced> findCached(Listed listed) {
        return switch (listed) {
            case Listed.Korean korean -> quotes.findCached(korean.instrument()).map(Priced.Korean::new);
            case Listed.Us us -> usQuotes.findCached(us).map(Priced.Us::new);
        };
    }

    private Result<Priced> requestGroup(Listed.Us listed, String tenant) {
        return usQuotes.refresh(listed, usSource, tenant).map(Priced.Us::new);
    }

    private Map<MarketSymbol, Result<Priced>> requestGroup(List<Instrument> group, String tenant) {
        var answer = source.requestPrices(
                group.stream().map(Instrument::symbol).toList(),
                tenant,
                clock.instant().plus(CALL_LIMIT));
        var at = clock.instant();
        var results = new HashMap<MarketSymbol, Result<Priced>>();
        for (Instrument instrument : group) {
            results.put(instrument.symbol(), resultOf(instrument, answer, at));
        }
        return results;
    }

    private Result<Priced> resultOf(Instrument instrument, Result<Map<Symbol, Price>> answer, Instant at) {
        return answer.flatMap(prices -> {
            var price = prices.get(instrument.symbol());
            return price == null
                    ? Result.refused(
                            Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "KIS does not know " + instrument.symbol() + "."))
                    : Result.success(new Priced.Korean(quote(instrument, price, at)));
        });
    }

    private Quote quote(Instrument instrument, Price price, Instant at) {
        long age = Math.max(0, Duration.between(at, clock.instant()).toMillis());
        return Quote.ofRest(
                        instrument,
                        price.quote(),
                        Quote.Source.KIS_REST,
                        rule.stateOfAge(age),
                        age,
                        rule.session(clock.instant()))
                .withBest(price.bid(), price.ask());
    }
}
