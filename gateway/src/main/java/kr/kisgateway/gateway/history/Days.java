package kr.kisgateway.gateway.history;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.ask.CacheFigures;
import kr.kisgateway.gateway.ask.Lifetime;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.ask.Shelf.Kept;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.history.BarOutcome.Known;
import kr.kisgateway.gateway.history.BarOutcome.Refused;
import kr.kisgateway.gateway.history.BarSource.Asking;
import kr.kisgateway.gateway.history.BarSource.Page;
import kr.kisgateway.gateway.history.BarSource.Told;
import kr.kisgateway.gateway.history.ChartShelves.DaysQuestion;
import kr.kisgateway.gateway.history.Series.Stretch;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Bars;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bars of days and longer. Weeks and months are KIS's own, years are made of its months. */
final class Days {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");

    /** How long an answer may take. */
    static final Duration LIMIT = Duration.ofSeconds(10);
    /** Bars of closed days in memory, about 100 bytes each: twenty years of thirty stocks. */
    static final int HELD_MAX = 150_000;
    /** Bars that KIS tells with one call. */
    private static final int PAGE = 100;

    /** Nothing is asked for before this: the exchange's records begin here. */
    private static final LocalDate BEGINNING = LocalDate.of(1980, 1, 1);

    private record Key(Symbol symbol, BarPeriod base, boolean adjusted) {}

    /** The running period as KIS told it. */
    private record Running(Page page, Instant at) {}

    private final BarSource source;
    private final History history;
    private final ClosedDays closed;
    private final InstantSource clock;
    private final Cache<Key, Series> held;
    private final Lifetime life;
    private final Cache<Key, Running> running;
    private final Shelf<DaysQuestion, Page> shelf;
    private final Lifetime shared;
    private final Questions<DaysQuestion, Kept<Page>> questions;
    private final AtomicLong calls = new AtomicLong();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /**
     * @param life of the running day
     * @param shelf where other gateways' pages lie
     */
    Days(
            BarSource source,
            History history,
            ClosedDays closed,
            Lifetime life,
            Shelf<DaysQuestion, Page> shelf,
            InstantSource clock) {
        this.life = life;
        this.shelf = shelf;
        this.shared = life.orOf(shelf);
        this.source = source;
        this.history = history;
        this.closed = closed;
        this.clock = clock;
        this.questions = new Questions<>(clock);
        this.held = Caffeine.newBuilder()
                .maximumWeight(HELD_MAX)
                .weigher((Key key, Series series) -> series.size() + 1)
                .build();
        this.running = Caffeine.newBuilder()
                .maximumSize(1_000)
                .expireAfterWrite(life.longest())
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    BarOutcome bars(Instrument instrument, BarQuery query, Asking asking) {
        return new Walk(instrument, query, Optional.of(asking)).answer();
    }

    /** The answer, where all of it is in memory. */
    Optional<Known> atHand(Instrument instrument, BarQuery query) {
        var walk = new Walk(instrument, query, Optional.empty());
        return walk.answer() instanceof Known known && walk.trouble.isEmpty() ? Optional.of(known) : Optional.empty();
    }

    long held() {
        held.cleanUp();
        return held.asMap().values().stream().mapToLong(Series::size).sum();
    }

    /** By symbols: whether anything of it was in memory. */
    CacheFigures figures() {
        return new CacheFigures("bars_days", hits.sum(), misses.sum(), calls(), held());
    }

    long calls() {
        return calls.get();
    }

    /** Calls to KIS that {@code query} takes at least when nothing of it is known. */
    static int expectedCalls(BarQuery query) {
        BarPeriod base = query.period() == BarPeriod.YEAR ? BarPeriod.MONTH : query.period();
        long wanted = query.limit() * (query.period() == BarPeriod.YEAR ? 12L : 1L);
        long periods = query.from()
                .map(from ->
                        ChronoUnit.DAYS.between(from.toLocalDate(), query.to().toLocalDate()) + 1)
                .map(days -> switch (base) {
                    case WEEK -> days / 7;
                    case MONTH -> days / 31;
                    case DAY, YEAR, M1, M3, M5, M10, M30, M60 -> days * 5 / 8; // weekends, and some holidays
                })
                .map(there -> Math.min(there, wanted))
                .orElse(wanted);
        return (int) Math.max(1, (periods + PAGE - 1) / PAGE);
    }

    void forget(Symbol symbol) {
        held.asMap().keySet().removeIf(key -> key.symbol().equals(symbol));
    }

    /** One answer, gathered from the newest bar backwards. */
    private final class Walk {
        private final Instrument instrument;
        private final BarQuery query;
        /** Absent, nobody is asked and no file read: what is not in memory is trouble. */
        private final Optional<Asking> asking;

        private final Key key;
        private final LocalDate oldestWanted;
        /** Newest first. */
        private final List<Bar> found = new ArrayList<>();

        private int periods;
        private Optional<Refusal> trouble = Optional.empty();
        /** Whether there can be nothing older that is wanted. */
        private boolean complete;

        Walk(Instrument instrument, BarQuery query, Optional<Asking> asking) {
            this.instrument = instrument;
            this.query = query;
            this.asking = asking;
            BarPeriod base = query.period() == BarPeriod.YEAR ? BarPeriod.MONTH : query.period();
            this.key = new Key(instrument.symbol(), base, query.adjusted());
            this.oldestWanted = query.from()
                    .map(from -> query.period().first(from.toLocalDate()))
                    .orElse(LocalDate.MIN);
        }

        BarOutcome answer() {
            LocalDate newest = query.to().toLocalDate();
            if (query.before().isPresent()) {
                LocalDate before = query.before().get().toLocalDate().minusDays(1);
                newest = before.isBefore(newest) ? before : newest;
            }
            LocalDate over = lastOver();
            if (newest.isAfter(over)) {
                addRunning(over, newest);
                newest = over;
            }
            if (trouble.isEmpty() && !enough()) {
                addClosed(newest);
            }
            return told();
        }

        /** The last day of the last period that is over. */
        private LocalDate lastOver() {
            LocalDate day = closed.last();
            return key.base().last(day).equals(day)
                    ? day
                    : key.base().first(day).minusDays(1);
        }

        private boolean enough() {
            // A period that is made of several bars is whole only when the one before it has begun.
            return query.period() == key.base() ? periods >= query.limit() : periods > query.limit();
        }

        private void add(Bar bar) {
            LocalDate first = query.period().first(bar.date());
            if (found.isEmpty() || !query.period().first(found.getLast().date()).equals(first)) {
                periods++;
            }
            found.add(bar);
        }

        private void addRunning(LocalDate over, LocalDate newest) {
            Running kept = running.getIfPresent(key);
            Page page;
            if (kept != null && life.holds(kept.at(), clock.instant())) {
                page = kept.page();
            } else {
                Optional<LocalDate> further = furtherFrom(over);
                if (trouble.isPresent()) {
                    return;
                }
                switch (page(further.orElse(over.plusDays(1)), closed.today())) {
                    case Told.Failed<Kept<Page>>(Refusal refusal) -> {
                        trouble = Optional.of(refusal);
                        return;
                    }
                    case Told.Got<Kept<Page>>(Kept<Page>(Page got, Instant at)) -> {
                        further.ifPresent(from -> remember(stretch(got, from, over)));
                        page = after(got, over);
                        running.put(key, new Running(page, at));
                    }
                }
            }
            for (Bar bar : page.bars().reversed()) {
                // A page of a moment ago may tell of what is over by now: that comes from the closed ones.
                if (!bar.date().isAfter(newest) && bar.date().isAfter(over) && !enough()) {
                    add(bar);
                }
            }
        }

        private static Page after(Page page, LocalDate over) {
            return new Page(
                    page.bars().stream().filter(bar -> bar.date().isAfter(over)).toList(), page.oldest(), Set.of());
        }

        /** From where the page of the running period is to begin so that it also tells those before it; empty when they are known. */
        private Optional<LocalDate> furtherFrom(LocalDate over) {
            if (query.limit() == 1 && query.period() == key.base()) {
                return Optional.empty();
            }
            Series known = series();
            LocalDate from = unknownFrom(known, over);
            return known.at(over).isPresent() || from.isAfter(over) ? Optional.empty() : Optional.of(from);
        }

        private void addClosed(LocalDate newest) {
            Series series = series();
            LocalDate at = newest;
            while (trouble.isEmpty() && !enough() && !complete) {
                if (at.isBefore(oldestWanted)) {
                    complete = true;
                    return;
                }
                Optional<Stretch> known = series.at(at);
                if (known.isEmpty()) {
                    series = extended(series, at);
                    continue;
                }
                take(known.get(), at);
                if (known.get().from().equals(LocalDate.MIN)) {
                    complete = !enough()
                            || found.getLast().equals(known.get().bars().getFirst());
                    return;
                }
                at = known.get().from().minusDays(1);
            }
        }

        private void take(Stretch stretch, LocalDate at) {
            for (int i = stretch.upTo(at) - 1; i >= 0 && !enough(); i--) {
                Bar bar = stretch.bars().get(i);
                if (bar.date().isBefore(oldestWanted)) {
                    complete = true;
                    return;
                }
                add(bar);
            }
        }

        /** What is known with one page more, which ends on {@code at}. */
        private Series extended(Series series, LocalDate at) {
            boolean unlisted = instrument
                    .listedOn()
                    .filter(listed -> key.base().last(at).isBefore(listed))
                    .isPresent();
            if (unlisted || at.isBefore(BEGINNING)) {
                return remember(new Stretch(LocalDate.MIN, at, List.of()));
            }
            LocalDate from = unknownFrom(series, at);
            return switch (page(from, at)) {
                case Told.Failed<Kept<Page>>(Refusal refusal) -> {
                    trouble = Optional.of(refusal);
                    yield series;
                }
                case Told.Got<Kept<Page>>(Kept<Page>(Page page, Instant _)) -> remember(stretch(page, from, at));
            };
        }

        /** Not before what is wanted or known: KIS gives the newest bars first, and those are kept. */
        private LocalDate unknownFrom(Series series, LocalDate at) {
            LocalDate from = series.knownBefore(at).map(day -> day.plusDays(1)).orElse(BEGINNING);
            if (from.isBefore(oldestWanted)) {
                from = oldestWanted;
            }
            return from.isBefore(BEGINNING) ? BEGINNING : from;
        }

        private Stretch stretch(Page page, LocalDate from, LocalDate to) {
            LocalDate since = page.oldest().map(day -> key.base().first(day)).orElse(from);
            if (page.oldest().isEmpty() && from.equals(BEGINNING)) {
                since = LocalDate.MIN;
            }
            LocalDate begin = since.isAfter(to) ? to : since;
            return new Stretch(
                    begin,
                    to,
                    page.bars().stream()
                            .filter(bar ->
                                    !bar.date().isAfter(to) && !bar.date().isBefore(begin))
                            .toList());
        }

        /** From memory, else from the files. Adjusted bars of the files count only while KIS adjusts them in the same way. */
        private Series series() {
            Series known = held.getIfPresent(key);
            if (known != null) {
                hits.increment();
                return known;
            }
            misses.increment();
            if (key.base() != BarPeriod.DAY || asking.isEmpty()) {
                return Series.NOTHING;
            }
            Series written = history.days(key.symbol(), query.adjusted());
            if (written.stretches().isEmpty()) {
                return Series.NOTHING;
            }
            if (query.adjusted()) {
                LocalDate end = written.stretches().getLast().to();
                switch (page(BEGINNING, end)) {
                    case Told.Failed<Kept<Page>>(Refusal refusal) -> {
                        trouble = Optional.of(refusal);
                        return Series.NOTHING;
                    }
                    case Told.Got<Kept<Page>>(Kept<Page>(Page page, Instant _)) -> {
                        if (!samePrices(written.stretches().getLast(), page)) {
                            LOG.warn("history_adjusted_anew symbol={} until={}", key.symbol(), end);
                            return remember(stretch(page, BEGINNING, end));
                        }
                    }
                }
            }
            written.stretches().forEach(this::remember);
            return Optional.ofNullable(held.getIfPresent(key)).orElse(written);
        }

        private Series remember(Stretch stretch) {
            return held.asMap().merge(key, Series.NOTHING.with(stretch), (known, _) -> known.with(stretch));
        }

        private Told<Kept<Page>> page(LocalDate from, LocalDate to) {
            if (asking.isEmpty()) {
                return new Told.Failed<>(late());
            }
            var question = new DaysQuestion(key.symbol(), key.base(), key.adjusted(), from, to);
            return questions.ask(
                    question,
                    asking.get(),
                    () -> shelved(question)
                            .<Told<Kept<Page>>>map(Told.Got::new)
                            .orElseGet(() -> call(question, asking.get())));
        }

        private BarOutcome told() {
            List<Bar> bars = found;
            if (query.period() != key.base()) {
                bars = Bars.gathered(query.period(), found.reversed()).reversed();
                if (!complete && !bars.isEmpty()) {
                    bars = bars.subList(0, bars.size() - 1); // its beginning is not known
                }
            }
            if (trouble.isPresent() && bars.isEmpty()) {
                return new Refused(trouble.get());
            }
            boolean more = bars.size() > query.limit() || !complete;
            bars = bars.size() > query.limit() ? bars.subList(0, query.limit()) : bars;
            return new Known(
                    bars,
                    more && !bars.isEmpty() ? OptionalLong.of(bars.getLast().ts()) : OptionalLong.empty(),
                    Optional.empty());
        }
    }

    /** What another gateway asked for; of days that are over in this session, of the running one for as long as it may be told. */
    private Optional<Kept<Page>> shelved(DaysQuestion question) {
        boolean over = !question.to().isAfter(closed.last());
        return shelf.find(question)
                .filter(kept -> over
                        ? shared.isOfSession(kept.at(), clock.instant())
                        : shared.holds(kept.at(), clock.instant()));
    }

    private Told<Kept<Page>> call(DaysQuestion question, Asking asking) {
        calls.incrementAndGet();
        var edition = shelf.edition(question);
        return switch (source.days(
                question.symbol(), question.period(), question.from(), question.to(), question.adjusted(), asking)) {
            case Told.Failed<Page>(Refusal refusal) -> new Told.Failed<>(refusal);
            case Told.Got<Page>(Page page) -> {
                var kept = new Kept<>(page, clock.instant());
                shelf.put(question, kept, edition);
                yield new Told.Got<>(kept);
            }
        };
    }

    static Refusal late() {
        return Refusal.of(
                ErrorCode.UPSTREAM_TIMEOUT, "KIS did not tell these bars in time; ask again: what it told is kept.");
    }

    /** Whether the days that both know have the same prices: a split between then and now changes all before it. */
    static boolean samePrices(Stretch written, Page page) {
        for (Bar bar : page.bars()) {
            int index = written.upTo(bar.date()) - 1;
            if (written.has(bar.date())
                    && (index < 0
                            || !written.bars().get(index).date().equals(bar.date())
                            || written.bars().get(index).close() != bar.close()
                            || written.bars().get(index).open() != bar.open())) {
                return false;
            }
        }
        return true;
    }
}
