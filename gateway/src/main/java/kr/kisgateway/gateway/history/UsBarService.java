package kr.kisgateway.gateway.history;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.ask.Shelf.Kept;
import kr.kisgateway.gateway.ask.SingleFlight;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.history.BarSource.Asking;
import kr.kisgateway.gateway.history.BarSource.Told;
import kr.kisgateway.gateway.history.ChartShelves.UsQuestion;
import kr.kisgateway.gateway.history.UsBarOutcome.Known;
import kr.kisgateway.gateway.history.UsBarOutcome.Refused;
import kr.kisgateway.gateway.history.UsBarSource.Page;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsWindow;

/**
 * Answers American bars: from pages that KIS told within an hour, else page by page from KIS, the newest first. Pages of what goes
 * on are told again for a second, and while nothing trades that bars tell of for an hour as well. Weeks, months and bars of several
 * minutes are KIS's own, years are made of its months. Nothing is written down.
 */
public final class UsBarService {
    /** Bars in memory, about 300 bytes each. */
    static final int HELD_MAX = 100_000;
    /** How long what is over is told without asking again: a split changes adjusted prices of the past. */
    private static final Duration KEPT = Duration.ofHours(1);
    /** The same of what goes on. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final int RUNNING_MAX = 1_000;
    /** Minutes that one call brings at most. */
    private static final int MINUTES_OF_A_PAGE = 120;
    /** Nothing is asked for before this. */
    private static final LocalDateTime BEGINNING = LocalDateTime.of(1900, 1, 1, 0, 0);

    private final UsHours hours;
    private final UsBarSource source;
    private final InstantSource clock;
    private final Shelf<UsQuestion, Page> shelf;
    private final Cache<UsQuestion, Page> held;
    private final Cache<UsQuestion, Kept<Page>> running;
    private final SingleFlight<UsQuestion, Told<Kept<Page>>> flights = new SingleFlight<>();

    /** @param hours say which day New York has */
    public UsBarService(UsHours hours, UsBarSource source, InstantSource clock) {
        this(hours, source, Shelf.none(), clock);
    }

    /**
     * @param hours say which day New York has
     * @param shelf where other gateways' pages lie
     */
    public UsBarService(UsHours hours, UsBarSource source, Shelf<UsQuestion, Page> shelf, InstantSource clock) {
        this.shelf = shelf;
        this.hours = hours;
        this.source = source;
        this.clock = clock;
        this.held = Caffeine.newBuilder()
                .maximumWeight(HELD_MAX)
                .weigher((UsQuestion key, Page page) -> page.bars().size() + 1)
                .expireAfterWrite(KEPT)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
        this.running = Caffeine.newBuilder()
                .maximumSize(RUNNING_MAX)
                .expireAfter(
                        Expiry.<UsQuestion, Kept<Page>>writing((_, run) -> isQuiet(hours.at(run.at())) ? KEPT : FRESH))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /** The day whose trading is on, or comes next: in New York's evening the next one. */
    LocalDate today() {
        return hours.at(clock.instant()).date();
    }

    /** The last moment of {@link #today}, or now where that is later: nothing newer has a bar. */
    LocalDateTime newest() {
        Instant now = clock.instant();
        LocalDateTime end = hours.at(now).date().atTime(LocalTime.of(23, 59, 59));
        LocalDateTime there = LocalDateTime.ofInstant(now, UsHours.NEW_YORK);
        return there.isAfter(end) ? there : end;
    }

    /** Blocks for at most ten seconds. {@code tenant} shares the call budget. */
    public UsBarOutcome bars(UsSymbol symbol, BarQuery query, String tenant) {
        return bars(symbol, query, tenant, Days.LIMIT);
    }

    /** Blocks for at most {@code patience}. */
    UsBarOutcome bars(UsSymbol symbol, BarQuery query, String tenant, Duration patience) {
        if (query.from().isPresent() && query.from().get().isAfter(query.to())) {
            return new Refused(
                    Refusal.of(ErrorCode.INVALID_FIELD, "The value \"from\" lies after \"to\"; exchange the two."));
        }
        return new Walk(
                        symbol,
                        query,
                        Optional.of(new Asking(tenant, clock.instant().plus(patience))))
                .answer();
    }

    /** The bars where all of them are in memory: no call is needed. */
    Optional<Known> atHand(UsSymbol symbol, BarQuery query) {
        var walk = new Walk(symbol, query, Optional.empty());
        return walk.answer() instanceof Known known && walk.trouble.isEmpty() ? Optional.of(known) : Optional.empty();
    }

    /** Calls to KIS that {@code query} takes at least when nothing of it is known. */
    int expectedCalls(BarQuery query) {
        if (!query.period().isIntraday()) {
            return Days.expectedCalls(query);
        }
        long bars = query.from()
                .map(from -> ChronoUnit.MINUTES.between(from, query.to())
                                / query.period().minutes()
                        + 1)
                .map(there -> Math.min(there, query.limit()))
                .orElse((long) query.limit());
        return (int) Math.max(1, (bars + MINUTES_OF_A_PAGE - 1) / MINUTES_OF_A_PAGE);
    }

    /**
     * Has the bars in memory that somebody gets who asks for days and nothing further; blocks for at most {@code patience}.
     *
     * @return why they are not all there; empty when they are
     */
    public Optional<Refusal> warm(UsSymbol symbol, String tenant, Duration patience) {
        var query =
                new BarQuery(BarPeriod.DAY, Optional.empty(), newest(), Optional.empty(), BarQuery.LIMIT_USUAL, true);
        return switch (bars(symbol, query, tenant, patience)) {
            case Refused(Refusal refusal) -> Optional.of(refusal);
            case Known known ->
                known.next().isPresent() && known.bars().size() < query.limit()
                        ? Optional.of(Days.late())
                        : Optional.empty();
        };
    }

    /** Whether a page that was told at {@code at} of what goes on may be told again. */
    private boolean isPresent(Instant at) {
        Instant now = clock.instant();
        if (Duration.between(at, now).compareTo(FRESH) < 0) {
            return true;
        }
        UsWindow then = hours.at(at);
        UsWindow window = hours.at(now);
        return then.date().equals(window.date()) && isQuiet(then) && isQuiet(window);
    }

    /** Whether nothing is traded that bars tell of; those of the day market are not told. */
    private static boolean isQuiet(UsWindow window) {
        return switch (window.session()) {
            case CLOSED, DAY_MARKET -> true;
            case PRE, REGULAR, AFTER -> false;
        };
    }

    /** What another gateway asked for in this session of New York's; of what goes on, a moment ago. */
    private Optional<Kept<Page>> shelved(UsQuestion question, boolean over) {
        Instant now = clock.instant();
        UsWindow window = hours.at(now);
        return shelf.find(question).filter(kept -> {
            UsWindow then = hours.at(kept.at());
            return then.date().equals(window.date())
                    && then.session() == window.session()
                    && (over
                            || isPresent(kept.at())
                            || Duration.between(kept.at(), now).compareTo(shelf.repeated()) < 0);
        });
    }

    private Told<Kept<Page>> call(UsQuestion question, Asking by) {
        var edition = shelf.edition(question);
        return switch (source.page(question.symbol(), question.period(), question.last(), question.adjusted(), by)) {
            case Told.Failed<Page>(Refusal refusal) -> new Told.Failed<>(refusal);
            case Told.Got<Page>(Page page) -> {
                var kept = new Kept<>(page, clock.instant());
                shelf.put(question, kept, edition);
                yield new Told.Got<>(kept);
            }
        };
    }

    /** One answer, gathered from the newest bar backwards. */
    private final class Walk {
        private final UsSymbol symbol;
        private final BarQuery query;
        /** For whom KIS is asked; empty where memory alone is. */
        private final Optional<Asking> asking;

        private final BarPeriod base;
        private final Optional<LocalDateTime> oldestWanted;
        private final LocalDate today = today();
        /** Newest first. */
        private final List<UsBar> found = new ArrayList<>();

        private Optional<LocalDateTime> oldestTold;
        private Optional<Refusal> trouble = Optional.empty();
        private int periods;
        /** Whether there can be nothing older that is wanted. */
        private boolean complete;
        /** Whether older bars are wanted and KIS has none. */
        private boolean exhausted;

        Walk(UsSymbol symbol, BarQuery query, Optional<Asking> asking) {
            this.symbol = symbol;
            this.query = query;
            this.asking = asking;
            this.base = query.period() == BarPeriod.YEAR ? BarPeriod.MONTH : query.period();
            this.oldestWanted = query.from().map(query.period()::begin);
            this.oldestTold = query.before();
        }

        UsBarOutcome answer() {
            LocalDateTime last = newestWanted();
            if (query.before().isPresent() && !query.before().get().isAfter(last)) {
                last = before(query.before().get());
            }
            while (!enough() && !complete) {
                if (isUnwanted(last) || last.isBefore(BEGINNING)) {
                    complete = true;
                    break;
                }
                switch (page(last)) {
                    case Told.Failed<Page>(Refusal refusal) -> {
                        trouble = Optional.of(refusal);
                        return told();
                    }
                    case Told.Got<Page>(Page page) -> {
                        take(page, last);
                        // KIS repeats itself for a time of which it has nothing.
                        LocalDateTime until = last;
                        Optional<LocalDateTime> oldest = page.oldest().filter(at -> !at.isAfter(until));
                        if (oldest.isEmpty()) {
                            exhausted = !complete;
                            complete = true;
                        } else {
                            oldestTold = oldest;
                            last = before(oldest.get());
                        }
                    }
                }
            }
            return told();
        }

        /** Where the newest bar begins that is wanted: a year is whole, as far as it has come. */
        private LocalDateTime newestWanted() {
            if (base.isIntraday()) {
                return base.begin(query.to());
            }
            LocalDate end = query.period().last(query.to().toLocalDate());
            return base.first(end.isAfter(today) ? today : end).atStartOfDay();
        }

        /** The beginning of the period before the one that begins at {@code begin}, or a moment after it. */
        private LocalDateTime before(LocalDateTime begin) {
            return base.begin(base.isIntraday() ? begin.minusMinutes(1) : begin.minusDays(1));
        }

        private boolean isUnwanted(LocalDateTime begin) {
            return oldestWanted.filter(begin::isBefore).isPresent();
        }

        private boolean enough() {
            // A period that is made of several bars is whole only when the one before it has begun.
            return query.period() == base ? periods >= query.limit() : periods > query.limit();
        }

        private void take(Page page, LocalDateTime last) {
            for (UsBar bar : page.bars().reversed()) {
                if (isUnwanted(bar.begin())) {
                    complete = true;
                    return;
                }
                if (enough()) {
                    return;
                }
                if (!bar.begin().isAfter(last)) {
                    add(bar);
                }
            }
        }

        private void add(UsBar bar) {
            if (query.period() == base) {
                periods++;
                found.add(bar);
                return;
            }
            LocalDateTime begin = query.period().begin(bar.begin());
            if (!found.isEmpty() && found.getLast().begin().equals(begin)) {
                found.add(bar.beginning(begin).and(found.removeLast()));
            } else {
                periods++;
                found.add(bar.beginning(begin));
            }
        }

        private Told<Page> page(LocalDateTime last) {
            var key = new UsQuestion(symbol, base, query.adjusted(), last);
            boolean over = base.last(last.toLocalDate()).isBefore(today);
            Optional<Page> known = over
                    ? Optional.ofNullable(held.getIfPresent(key))
                    : Optional.ofNullable(running.getIfPresent(key))
                            .filter(run -> isPresent(run.at()))
                            .map(Kept::value);
            return known.<Told<Page>>map(Told.Got::new)
                    .orElseGet(() -> asking.map(by -> ask(key, over, by)).orElseGet(Walk::late));
        }

        private Told<Page> ask(UsQuestion key, boolean over, Asking by) {
            var patience = Duration.between(clock.instant(), by.deadline());
            if (!patience.isPositive()) {
                return late();
            }
            Told<Kept<Page>> told = flights.ask(
                    key,
                    patience,
                    () -> shelved(key, over)
                            .<Told<Kept<Page>>>map(Told.Got::new)
                            .orElseGet(() -> call(key, by)),
                    Walk::late,
                    Walk::late);
            return switch (told) {
                case Told.Failed<Kept<Page>>(Refusal refusal) -> new Told.Failed<>(refusal);
                case Told.Got<Kept<Page>>(Kept<Page> kept) -> {
                    if (over) {
                        held.put(key, kept.value());
                    } else {
                        running.put(key, kept);
                    }
                    yield new Told.Got<>(kept.value());
                }
            };
        }

        private static <T> Told<T> late() {
            return new Told.Failed<>(Days.late());
        }

        private UsBarOutcome told() {
            List<UsBar> bars = found;
            if (query.period() != base && !complete && !bars.isEmpty()) {
                bars = bars.subList(0, bars.size() - 1); // its beginning is not known
            }
            if (trouble.isPresent() && bars.isEmpty()) {
                return new Refused(trouble.get());
            }
            boolean cut = bars.size() > query.limit();
            bars = cut ? bars.subList(0, query.limit()) : bars;
            return new Known(
                    bars,
                    (cut || !complete) && !bars.isEmpty()
                            ? OptionalLong.of(bars.getLast().ts())
                            : OptionalLong.empty(),
                    exhausted && !cut && base.isIntraday()
                            ? Optional.of(oldestTold
                                    .map(LocalDateTime::toLocalDate)
                                    .orElseGet(() -> source.minutesSince(today)))
                            : Optional.empty());
        }
    }
}
