package kr.kisgateway.gateway.history;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.ask.CacheFigures;
import kr.kisgateway.gateway.ask.Lifetime;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.ask.Shelf.Kept;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.history.BarOutcome.Known;
import kr.kisgateway.gateway.history.BarOutcome.Refused;
import kr.kisgateway.gateway.history.BarSource.Asking;
import kr.kisgateway.gateway.history.BarSource.Minute;
import kr.kisgateway.gateway.history.BarSource.Told;
import kr.kisgateway.gateway.history.ChartShelves.MinutesQuestion;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Bars;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** Bars of minutes, a day at a time: KIS tells turnover from the beginning of the day, so a day has to be whole. */
final class Minutes {
    /** Bars of closed days in memory, about 100 bytes each: some 250 days. */
    static final int HELD_MAX = 100_000;
    /** Minutes that KIS tells with one call, and those of a day. */
    private static final int PAGE = 120;

    private static final int MINUTES_OF_A_DAY = 381;

    /** For how long the running day is kept, so that only what came since is asked for. */
    private static final Duration KEPT = Duration.ofHours(1);

    /** The running day so far. */
    private record SoFar(List<Minute> minutes, Instant askedAt) {}

    private final BarSource source;
    private final History history;
    private final ClosedDays closed;
    private final InstantSource clock;
    private final Cache<MinutesQuestion, List<Bar>> held;
    private final Lifetime life;
    private final Cache<MinutesQuestion, SoFar> running;
    private final Shelf<MinutesQuestion, List<Minute>> shelf;
    private final Lifetime shared;
    private final Questions<MinutesQuestion, List<Minute>> questions;
    private final AtomicLong calls = new AtomicLong();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /**
     * @param life of the running day
     * @param shelf where other gateways' days lie
     */
    Minutes(
            BarSource source,
            History history,
            ClosedDays closed,
            Lifetime life,
            Shelf<MinutesQuestion, List<Minute>> shelf,
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
                .weigher((MinutesQuestion key, List<Bar> bars) -> bars.size() + 1)
                .build();
        this.running = Caffeine.newBuilder()
                .maximumSize(200)
                .expireAfterWrite(KEPT.compareTo(life.longest()) > 0 ? KEPT : life.longest())
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    BarOutcome bars(Symbol symbol, BarQuery query, Asking asking) {
        return walk(symbol, query, Optional.of(asking));
    }

    /** The answer, where all of it is in memory. */
    Optional<Known> atHand(Symbol symbol, BarQuery query) {
        return walk(symbol, query, Optional.empty()) instanceof Known known ? Optional.of(known) : Optional.empty();
    }

    /** @param asking absent, nobody is asked and no file read, and what is not in memory is a refusal */
    private BarOutcome walk(Symbol symbol, BarQuery query, Optional<Asking> asking) {
        LocalDateTime newest = query.to();
        if (query.before().isPresent() && !query.before().get().isAfter(newest)) {
            newest = query.before().get().minusSeconds(1);
        }
        LocalDateTime oldest = query.from().map(query.period()::begin).orElse(LocalDateTime.MIN);
        LocalDate today = closed.today();
        LocalDate since = source.minutesSince(today);
        var found = new ArrayList<Bar>();
        boolean reached = false;
        for (LocalDate day = newest.toLocalDate(); found.size() <= query.limit(); day = day.minusDays(1)) {
            if (day.isBefore(oldest.toLocalDate())) {
                return page(found, query.limit(), false, Optional.empty());
            }
            if (!closed.mayHaveTraded(day)) {
                continue;
            }
            var key = new MinutesQuestion(symbol, day);
            Optional<List<Bar>> kept = day.isAfter(closed.last()) ? Optional.empty() : kept(key, asking.isPresent());
            if (kept.isEmpty() && day.isBefore(since)) {
                // Of what was wanted no source keeps anything: then it is told from when on there is something.
                return page(found, query.limit(), false, Optional.of(reached ? day.plusDays(1) : since));
            }
            Told<List<Bar>> told = kept.<Told<List<Bar>>>map(Told.Got::new).orElseGet(() -> asked(key, asking));
            switch (told) {
                case Told.Failed<List<Bar>>(Refusal refusal) -> {
                    return found.isEmpty() || asking.isEmpty()
                            ? new Refused(refusal)
                            : page(found, query.limit(), true, Optional.empty());
                }
                case Told.Got<List<Bar>>(List<Bar> bars) -> {
                    reached = true;
                    add(bars, query, oldest, newest, found);
                }
            }
        }
        return page(found, query.limit(), true, Optional.empty());
    }

    /** Calls to KIS that {@code query} takes at least when nothing of it is known. */
    static int expectedCalls(BarQuery query) {
        long wanted = (long) query.limit() * query.period().minutes();
        long minutes = query.from()
                .map(from -> Math.min(wanted, ChronoUnit.MINUTES.between(from, query.to()) + 1))
                .orElse(wanted);
        // A day is asked for as a whole.
        long days = (minutes + MINUTES_OF_A_DAY - 1) / MINUTES_OF_A_DAY;
        return (int) Math.max(1, days * ((MINUTES_OF_A_DAY + PAGE - 1) / PAGE));
    }

    long held() {
        held.cleanUp();
        return held.asMap().values().stream().mapToLong(List::size).sum();
    }

    /** By closed days. */
    CacheFigures figures() {
        return new CacheFigures("bars_minutes", hits.sum(), misses.sum(), calls(), held());
    }

    long calls() {
        return calls.get();
    }

    void forget(Symbol symbol) {
        held.asMap().keySet().removeIf(key -> key.symbol().equals(symbol));
    }

    private static void add(
            List<Bar> minutes, BarQuery query, LocalDateTime oldest, LocalDateTime newest, List<Bar> found) {
        List<Bar> bars = query.period() == BarPeriod.M1 ? minutes : Bars.gathered(query.period(), minutes);
        long last = newest.atZone(TradingCalendar.SEOUL).toEpochSecond();
        long first = oldest.equals(LocalDateTime.MIN)
                ? Long.MIN_VALUE
                : oldest.atZone(TradingCalendar.SEOUL).toEpochSecond();
        for (Bar bar : bars.reversed()) {
            if (bar.ts() <= last && bar.ts() >= first) {
                found.add(bar);
            }
        }
    }

    /** @param more whether there may be older bars than those found */
    private static Known page(List<Bar> found, int limit, boolean more, Optional<LocalDate> incompleteBefore) {
        boolean cut = found.size() > limit;
        List<Bar> bars = cut ? found.subList(0, limit) : found;
        return new Known(
                bars,
                (cut || more) && !bars.isEmpty()
                        ? OptionalLong.of(bars.getLast().ts())
                        : OptionalLong.empty(),
                cut ? Optional.empty() : incompleteBefore);
    }

    /** A closed day from memory or from the files. */
    private Optional<List<Bar>> kept(MinutesQuestion key, boolean files) {
        List<Bar> bars = held.getIfPresent(key);
        if (bars != null) {
            hits.increment();
            return Optional.of(bars);
        }
        if (!files) {
            return Optional.empty();
        }
        misses.increment();
        Optional<List<Bar>> written = history.minutes(key.symbol(), key.day());
        written.ifPresent(found -> held.put(key, found));
        return written;
    }

    private Told<List<Bar>> asked(MinutesQuestion key, Optional<Asking> who) {
        if (who.isEmpty()) {
            return fresh(key)
                    .<Told<List<Bar>>>map(known -> new Told.Got<>(bars(known.minutes())))
                    .orElseGet(() -> new Told.Failed<>(Days.late()));
        }
        Asking asking = who.get();
        boolean over = !key.day().isAfter(closed.last());
        Told<List<Minute>> told = questions.ask(key, asking, () -> over ? whole(key, asking) : soFar(key, asking));
        return switch (told) {
            case Told.Failed<List<Minute>>(Refusal refusal) -> new Told.Failed<>(refusal);
            case Told.Got<List<Minute>>(List<Minute> minutes) -> {
                List<Bar> bars = bars(minutes);
                if (over) {
                    held.put(key, bars);
                }
                yield new Told.Got<>(bars);
            }
        };
    }

    /** The running day, where it was asked for a moment ago. */
    private Optional<SoFar> fresh(MinutesQuestion key) {
        return Optional.ofNullable(running.getIfPresent(key))
                .filter(known -> life.holds(known.askedAt(), clock.instant()));
    }

    private Told<List<Minute>> whole(MinutesQuestion key, Asking asking) {
        var shelved = shelf.find(key).filter(kept -> shared.isOfSession(kept.at(), clock.instant()));
        if (shelved.isPresent()) {
            return new Told.Got<>(shelved.get().value());
        }
        calls.incrementAndGet();
        var edition = shelf.edition(key);
        var told =
                source.minutes(key.symbol(), key.day().atStartOfDay(), key.day().atTime(LocalTime.MAX), asking);
        if (told instanceof Told.Got<List<Minute>>(List<Minute> minutes)) {
            shelf.put(key, new Kept<>(minutes, clock.instant()), edition);
        }
        return told;
    }

    /** The running day: after the first time only from the last minute known on, which may have been a part of itself. */
    private Told<List<Minute>> soFar(MinutesQuestion key, Asking asking) {
        Optional<SoFar> fresh = fresh(key);
        if (fresh.isPresent()) {
            return new Told.Got<>(fresh.get().minutes());
        }
        var shelved = shelf.find(key).filter(kept -> shared.holds(kept.at(), clock.instant()));
        if (shelved.isPresent()) {
            running.put(key, new SoFar(shelved.get().value(), shelved.get().at()));
            return new Told.Got<>(shelved.get().value());
        }
        Instant at = clock.instant();
        var edition = shelf.edition(key);
        LocalDateTime now = LocalDateTime.ofInstant(at, TradingCalendar.SEOUL);
        SoFar before = running.getIfPresent(key);
        LocalDateTime from = before == null || before.minutes().isEmpty()
                ? key.day().atStartOfDay()
                : before.minutes().getLast().at().minusMinutes(1);
        calls.incrementAndGet();
        Told<List<Minute>> told = source.minutes(
                key.symbol(),
                from.isBefore(key.day().atStartOfDay()) ? key.day().atStartOfDay() : from,
                now.isAfter(key.day().atTime(LocalTime.MAX)) ? key.day().atTime(LocalTime.MAX) : now,
                asking);
        if (told instanceof Told.Got<List<Minute>>(List<Minute> news)) {
            var all = new TreeMap<LocalDateTime, Minute>();
            if (before != null) {
                before.minutes().forEach(minute -> all.put(minute.at(), minute));
            }
            news.forEach(minute -> all.put(minute.at(), minute));
            List<Minute> minutes = List.copyOf(all.values());
            running.put(key, new SoFar(minutes, at));
            shelf.put(key, new Kept<>(minutes, at), edition);
            return new Told.Got<>(minutes);
        }
        return told;
    }

    /** Minutes in which something traded; a sum of the day that falls would be no turnover of a minute. */
    static List<Bar> bars(List<Minute> minutes) {
        var bars = new ArrayList<Bar>(minutes.size());
        long before = 0;
        for (Minute minute : minutes) {
            long turnover = minute.dayTurnover() - before;
            before = minute.dayTurnover();
            if (minute.volume() > 0) {
                bars.add(new Bar(
                        minute.at().toLocalDate(),
                        minute.at().atZone(TradingCalendar.SEOUL).toEpochSecond(),
                        minute.open(),
                        minute.high(),
                        minute.low(),
                        minute.close(),
                        minute.volume(),
                        turnover < 0 ? OptionalLong.empty() : OptionalLong.of(turnover)));
            }
        }
        return List.copyOf(bars);
    }
}
