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
import kr.kisgateway.gateway.quote.MultiPriceSource.Price;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;

/** Quotes for thousands of symbols with the fewest calls to KIS. */
public final class QuoteBatch {
    /** How long one call may wait for its turn in the call budget. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(60);

    private final Function<String, Result<Listed>> listing;
    private final Quotes quotes;
    private final MultiPriceSource source;
    private final QuoteSource singleSource;
    private final QuoteRule rule;
    private final IntSupplier callsPerSecond;
    private final InstantSource clock;

    /**
     * @param listing finds listed instruments
     * @param source requests Korean prices
     * @param singleSource requests prices of other markets, one per call
     * @param callsPerSecond to KIS, without other traffic
     */
    public QuoteBatch(
            Function<String, Result<Listed>> listing,
            Quotes quotes,
            MultiPriceSource source,
            QuoteSource singleSource,
            QuoteRule rule,
            IntSupplier callsPerSecond,
            InstantSource clock) {
        this.listing = listing;
        this.quotes = quotes;
        this.source = source;
        this.singleSource = singleSource;
        this.rule = rule;
        this.callsPerSecond = callsPerSecond;
        this.clock = clock;
    }

    /** A batch for {@code tenant}: tenants share the call budget by turns. */
    public BatchKind<Quote> forTenant(String tenant) {
        return new BatchKind<>() {
            @Override
            public Resolution<Quote> resolve(String text) {
                return switch (listing.apply(text)) {
                    case Result.Refused<Listed>(Refusal refusal) -> new Resolution.Immediate<>(Result.refused(refusal));
                    case Result.Success<Listed>(Listed listed) ->
                        findCached(listed)
                                .<Resolution<Quote>>map(quote -> new Resolution.Immediate<>(Result.success(quote)))
                                .orElseGet(() -> new Resolution.CallNeeded<>(listed));
                };
            }

            @Override
            public int groupSizeMax(Listed listed) {
                return listed instanceof Listed.Korean ? source.groupSizeMax() : 1;
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
            public Map<MarketSymbol, Result<Quote>> request(List<Listed> group) {
                var first = group.getFirst();
                // A call covers one market.
                return first instanceof Listed.Korean
                        ? requestGroup(group, tenant)
                        : Map.of(first.symbol(), requestOne(first, tenant));
            }
        };
    }

    private Optional<Quote> findCached(Listed listed) {
        return quotes.services().of(listed.symbol()).findCached(listed);
    }

    private Result<Quote> requestOne(Listed listed, String tenant) {
        return quotes.services()
                .of(listed.symbol())
                .refresh(listed, singleSource, tenant, clock.instant().plus(CALL_LIMIT));
    }

    private Map<MarketSymbol, Result<Quote>> requestGroup(List<Listed> group, String tenant) {
        var answer = source.requestPrices(
                group.stream().map(Listed::symbol).map(Symbol.class::cast).toList(),
                tenant,
                clock.instant().plus(CALL_LIMIT));
        var at = clock.instant();
        var results = new HashMap<MarketSymbol, Result<Quote>>();
        for (Listed listed : group) {
            results.put(listed.symbol(), resultOf(listed, answer, at));
        }
        return results;
    }

    private Result<Quote> resultOf(Listed listed, Result<Map<Symbol, Price>> answer, Instant at) {
        return answer.flatMap(prices -> {
            var price = prices.get(listed.symbol());
            return price == null
                    ? Result.refused(
                            Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "KIS does not know " + listed.symbol() + "."))
                    : Result.success(quote(listed, price, at));
        });
    }

    private Quote quote(Listed listed, Price price, Instant at) {
        long age = Math.max(0, Duration.between(at, clock.instant()).toMillis());
        return Quote.ofRest(
                        listed,
                        price.quote(),
                        Quote.Source.KIS_REST,
                        rule.stateOfAge(age),
                        age,
                        rule.session(clock.instant()))
                .withBest(price.bid(), price.ask());
    }
}
