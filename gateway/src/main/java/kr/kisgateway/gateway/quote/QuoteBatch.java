package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.quote.ManyPrices.Answer;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quotes of thousands of symbols: what is at hand at once, the rest from KIS with as few calls as it takes, each told
 * when it is known.
 */
public final class QuoteBatch {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.quote");
    /** Symbols of one batch. */
    public static final int SYMBOLS_MAX = 4_000;

    /** Calls of one batch that wait for their slot or their answer; more would only fill the budget's queue. */
    private static final int CALLS_AT_ONCE = 24;
    /** How long one call may wait for its turn among all others. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(60);
    /** Batches that run at once: each holds a connection and up to {@value #CALLS_AT_ONCE} places in the queue. */
    static final int BATCHES_MAX = 4;

    private final Function<String, Lookup> listing;
    private final QuoteService quotes;
    private final ManyPrices source;
    private final QuoteRule rule;
    private final InstantSource clock;
    private final ExecutorService workers;
    private final Semaphore batches = new Semaphore(BATCHES_MAX);
    private final LongAdder calls = new LongAdder();

    /** Takes what is known, line by line, on the thread that called. */
    public interface Lines {
        /** @return false when nobody reads any more; the batch ends */
        boolean quote(Quote quote);

        boolean failed(String symbol, Refusal refusal);
    }

    /**
     * What a batch came to.
     *
     * @param requested different symbols
     * @param succeeded quotes told
     * @param failed refusals told
     */
    public record Stats(int requested, int succeeded, int failed, Duration took) {}

    /**
     * @param listing finds what is listed
     * @param workers runs the calls, one virtual thread each
     */
    public QuoteBatch(
            Function<String, Lookup> listing,
            QuoteService quotes,
            ManyPrices source,
            QuoteRule rule,
            InstantSource clock,
            ExecutorService workers) {
        this.listing = listing;
        this.quotes = quotes;
        this.source = source;
        this.rule = rule;
        this.clock = clock;
        this.workers = workers;
    }

    /** Takes a place among the batches that run; whoever gets one must {@link #leave}. */
    public boolean enter() {
        return batches.tryAcquire();
    }

    public void leave() {
        batches.release();
    }

    /** Calls that batches made to KIS. */
    public long calls() {
        return calls.sum();
    }

    /** One call and what came of it. */
    private record Answered(List<Instrument> asked, Answer answer, Instant at) {}

    /**
     * Tells of each of {@code symbols} once, in no particular order, and returns when all are told or nobody reads.
     *
     * @param symbols texts, which need not be symbols
     * @param tenant who asks: callers share the call budget by turns
     */
    public Stats run(List<String> symbols, String tenant, Lines lines) throws InterruptedException {
        Instant begun = clock.instant();
        var told = new int[2];
        var stopped = new AtomicBoolean();
        var toAsk = new LinkedHashMap<Symbol, Instrument>();
        int requested = 0;
        for (String text : symbols.stream().distinct().toList()) {
            requested++;
            switch (listing.apply(text)) {
                case Lookup.Unknown(Refusal refusal) -> tell(lines.failed(text, refusal), told, 1, stopped);
                case Lookup.Found(Listed.Us american) ->
                    tell(lines.failed(text, notAmerican(american)), told, 1, stopped);
                case Lookup.Found(Listed.Korean korean) -> {
                    var instrument = korean.instrument();
                    var known = quotes.atHand(instrument);
                    if (known.isPresent()) {
                        tell(lines.quote(known.get()), told, 0, stopped);
                    } else {
                        toAsk.put(instrument.symbol(), instrument);
                    }
                }
            }
            if (stopped.get()) {
                return stats(requested, told, begun);
            }
        }
        ask(List.copyOf(toAsk.values()), tenant, lines, told, stopped);
        return stats(requested, told, begun);
    }

    private void ask(List<Instrument> toAsk, String tenant, Lines lines, int[] told, AtomicBoolean stopped)
            throws InterruptedException {
        var groups = groups(toAsk);
        BlockingQueue<Answered> answers = new ArrayBlockingQueue<>(Math.max(1, groups.size()));
        int begun = 0;
        int ended = 0;
        try {
            while (ended < groups.size()) {
                while (begun < groups.size() && begun - ended < CALLS_AT_ONCE) {
                    var group = groups.get(begun++);
                    workers.execute(() -> answers.add(call(group, tenant, stopped)));
                }
                var answered = answers.take();
                ended++;
                tell(answered, lines, told, stopped);
                if (stopped.get()) {
                    return;
                }
            }
        } finally {
            // Calls that have not begun when the reader is gone are not made.
            stopped.set(true);
        }
    }

    private Answered call(List<Instrument> group, String tenant, AtomicBoolean stopped) {
        var symbols = group.stream().map(Instrument::symbol).toList();
        if (stopped.get()) {
            return new Answered(group, new Answer.Failed(gone()), clock.instant());
        }
        try {
            calls.increment();
            var answer = source.ask(symbols, tenant, clock.instant().plus(CALL_LIMIT));
            return new Answered(group, answer, clock.instant());
        } catch (RuntimeException e) {
            // A defect of the source must not leave the reader waiting; the log has it.
            LOG.error("batch_call_failed", e);
            return new Answered(
                    group,
                    new Answer.Failed(Refusal.of(ErrorCode.INTERNAL_ERROR, "The gateway failed; its log says why.")),
                    clock.instant());
        }
    }

    private void tell(Answered answered, Lines lines, int[] told, AtomicBoolean stopped) {
        for (Instrument instrument : answered.asked()) {
            var symbol = instrument.symbol();
            switch (answered.answer()) {
                case Answer.Got(var prices) -> {
                    var price = prices.get(symbol);
                    if (price == null) {
                        var unknown = Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "KIS does not know " + symbol + ".");
                        tell(lines.failed(symbol.code(), unknown), told, 1, stopped);
                    } else {
                        tell(lines.quote(quote(instrument, price, answered.at())), told, 0, stopped);
                    }
                }
                case Answer.Failed(Refusal refusal) -> tell(lines.failed(symbol.code(), refusal), told, 1, stopped);
            }
            if (stopped.get()) {
                return;
            }
        }
    }

    private static void tell(boolean read, int[] told, int which, AtomicBoolean stopped) {
        told[which]++;
        if (!read) {
            stopped.set(true);
        }
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

    private List<List<Instrument>> groups(List<Instrument> all) {
        var groups = new ArrayList<List<Instrument>>();
        for (int from = 0; from < all.size(); from += source.most()) {
            groups.add(all.subList(from, Math.min(all.size(), from + source.most())));
        }
        return groups;
    }

    private Stats stats(int requested, int[] told, Instant begun) {
        return new Stats(requested, told[0], told[1], Duration.between(begun, clock.instant()));
    }

    private static Refusal notAmerican(Listed.Us american) {
        return Refusal.of(
                        ErrorCode.UNSUPPORTED_BY_SOURCE,
                        "Batches are for Korean instruments alone; " + american.code() + " is American.")
                .with("symbol", american.code());
    }

    private static Refusal gone() {
        return Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "Nobody reads any more.");
    }
}
