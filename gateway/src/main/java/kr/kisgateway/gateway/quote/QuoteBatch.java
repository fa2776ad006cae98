package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntSupplier;
import kr.kisgateway.gateway.batch.BatchKind;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.quote.ManyPrices.Answer;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;

/** The quotes of thousands of symbols with as few calls to KIS as it takes. */
public final class QuoteBatch {
    /** How long one call may wait for its turn among all others. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(60);

    private final Function<String, Lookup> listing;
    private final QuoteService quotes;
    private final ManyPrices source;
    private final QuoteRule rule;
    private final IntSupplier callsPerSecond;
    private final InstantSource clock;

    /**
     * @param listing finds what is listed
     * @param callsPerSecond to KIS, while nobody else asks
     */
    public QuoteBatch(
            Function<String, Lookup> listing,
            QuoteService quotes,
            ManyPrices source,
            QuoteRule rule,
            IntSupplier callsPerSecond,
            InstantSource clock) {
        this.listing = listing;
        this.quotes = quotes;
        this.source = source;
        this.rule = rule;
        this.callsPerSecond = callsPerSecond;
        this.clock = clock;
    }

    /** A batch of {@code tenant}: callers share the call budget by turns. */
    public BatchKind<Quote> by(String tenant) {
        return new BatchKind<>() {
            @Override
            public Look<Quote> look(String text) {
                return switch (listing.apply(text).koreanOrRefusal()) {
                    case Lookup.KoreanOnly.No(Refusal refusal) -> new Look.AtHand<>(new Told.Refused<>(refusal));
                    case Lookup.KoreanOnly.Yes(Instrument instrument) ->
                        quotes.atHand(instrument)
                                .<Look<Quote>>map(quote -> new Look.AtHand<>(new Told.Known<>(quote)))
                                .orElseGet(() -> new Look.ToAsk<>(instrument));
                };
            }

            @Override
            public int most() {
                return source.most();
            }

            @Override
            public int calls(List<Instrument> group) {
                return 1;
            }

            @Override
            public int callsPerSecond() {
                return callsPerSecond.getAsInt();
            }

            @Override
            public Map<Symbol, Told<Quote>> ask(List<Instrument> group) {
                return asked(group, tenant);
            }
        };
    }

    private Map<Symbol, BatchKind.Told<Quote>> asked(List<Instrument> group, String tenant) {
        var answer = source.ask(
                group.stream().map(Instrument::symbol).toList(),
                tenant,
                clock.instant().plus(CALL_LIMIT));
        var at = clock.instant();
        var told = new HashMap<Symbol, BatchKind.Told<Quote>>();
        for (Instrument instrument : group) {
            told.put(instrument.symbol(), told(instrument, answer, at));
        }
        return told;
    }

    private BatchKind.Told<Quote> told(Instrument instrument, Answer answer, Instant at) {
        return switch (answer) {
            case Answer.Failed(Refusal refusal) -> new BatchKind.Told.Refused<>(refusal);
            case Answer.Got(var prices) -> {
                var price = prices.get(instrument.symbol());
                yield price == null
                        ? new BatchKind.Told.Refused<>(Refusal.of(
                                ErrorCode.SYMBOL_NOT_FOUND, "KIS does not know " + instrument.symbol() + "."))
                        : new BatchKind.Told.Known<>(quote(instrument, price, at));
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
