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
import kr.kisgateway.gateway.batch.BatchKind;
import kr.kisgateway.gateway.batch.BatchKind.Told;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.quote.ManyPrices.Answer;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;

/** The quotes of thousands of symbols with as few calls to KIS as it takes. */
public final class QuoteBatch {
    /** How long one call may wait for its turn among all others. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(60);

    private final Function<String, Lookup> listing;
    private final QuoteService quotes;
    private final UsQuotes american;
    private final ManyPrices source;
    private final UsQuoteSource one;
    private final QuoteRule rule;
    private final IntSupplier callsPerSecond;
    private final InstantSource clock;

    /**
     * @param listing finds what is listed
     * @param source asks for Korean prices
     * @param one asks for American ones, one a call
     * @param callsPerSecond to KIS, while nobody else asks
     */
    public QuoteBatch(
            Function<String, Lookup> listing,
            QuoteService quotes,
            UsQuotes american,
            ManyPrices source,
            UsQuoteSource one,
            QuoteRule rule,
            IntSupplier callsPerSecond,
            InstantSource clock) {
        this.listing = listing;
        this.quotes = quotes;
        this.american = american;
        this.source = source;
        this.one = one;
        this.rule = rule;
        this.callsPerSecond = callsPerSecond;
        this.clock = clock;
    }

    /** A quote of either country. */
    sealed interface Priced {
        record Korean(Quote quote) implements Priced {}

        record American(UsQuote quote) implements Priced {}
    }

    /** A batch of {@code tenant}: callers share the call budget by turns. */
    public BatchKind<Priced> by(String tenant) {
        return new BatchKind<>() {
            @Override
            public Look<Priced> look(String text) {
                return switch (listing.apply(text)) {
                    case Lookup.Unknown(Refusal refusal) -> new Look.AtHand<>(new Told.Refused<>(refusal));
                    case Lookup.Found(Listed listed) ->
                        atHand(listed)
                                .<Look<Priced>>map(quote -> new Look.AtHand<>(new Told.Known<>(quote)))
                                .orElseGet(() -> new Look.ToAsk<>(listed));
                };
            }

            @Override
            public int most(Listed listed) {
                return switch (listed) {
                    case Listed.Korean _ -> source.most();
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
            public Map<MarketSymbol, Told<Priced>> ask(List<Listed> group) {
                return group.getFirst() instanceof Listed.Us us
                        ? Map.of(us.symbol(), asked(us, tenant))
                        // A question is about one country.
                        : asked(
                                group.stream()
                                        .map(listed -> ((Listed.Korean) listed).instrument())
                                        .toList(),
                                tenant);
            }
        };
    }

    private Optional<Priced> atHand(Listed listed) {
        return switch (listed) {
            case Listed.Korean korean -> quotes.atHand(korean.instrument()).map(Priced.Korean::new);
            case Listed.Us us -> american.atHand(us).map(Priced.American::new);
        };
    }

    private Told<Priced> asked(Listed.Us listed, String tenant) {
        return switch (american.renewed(listed, one, tenant)) {
            case QuoteOutcome.American(UsQuote quote) -> new Told.Known<>(new Priced.American(quote));
            case QuoteOutcome.Known(Quote quote) -> new Told.Known<>(new Priced.Korean(quote));
            case QuoteOutcome.Refused(Refusal refusal) -> new Told.Refused<>(refusal);
        };
    }

    private Map<MarketSymbol, Told<Priced>> asked(List<Instrument> group, String tenant) {
        var answer = source.ask(
                group.stream().map(Instrument::symbol).toList(),
                tenant,
                clock.instant().plus(CALL_LIMIT));
        var at = clock.instant();
        var told = new HashMap<MarketSymbol, Told<Priced>>();
        for (Instrument instrument : group) {
            told.put(instrument.symbol(), told(instrument, answer, at));
        }
        return told;
    }

    private Told<Priced> told(Instrument instrument, Answer answer, Instant at) {
        return switch (answer) {
            case Answer.Failed(Refusal refusal) -> new Told.Refused<>(refusal);
            case Answer.Got(var prices) -> {
                var price = prices.get(instrument.symbol());
                yield price == null
                        ? new Told.Refused<>(Refusal.of(
                                ErrorCode.SYMBOL_NOT_FOUND, "KIS does not know " + instrument.symbol() + "."))
                        : new Told.Known<>(new Priced.Korean(quote(instrument, price, at)));
            }
        };
    }

    private Quote quote(Instrument instrument, ManyPrices.Price price, Instant at) {
        long age = Math.max(0, Duration.between(at, clock.instant()).toMillis());
        return Quote.asked(
                        instrument,
                        price.quote(),
                        Quote.Source.KIS_REST,
                        rule.aged(age),
                        age,
                        rule.session(clock.instant()))
                .withBest(price.bid(), price.ask());
    }
}
