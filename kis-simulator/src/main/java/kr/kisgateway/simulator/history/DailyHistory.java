package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.Tape;

/**
 * Every day of one market before today: before the simulator's first day drawn from the seed, from then on as recorded.
 *
 * <p>The first day never moves, or yesterday's answers would show another past than today's. A trading day since then on
 * which no program requested a stock, or the simulator did not run, is drawn ({@link UnattendedDays}) where stocks trade
 * unattended, and has a bar without volume where they do not. Not thread-safe.
 *
 * @param <I> an instrument as the market's listing describes it
 */
public abstract class DailyHistory<I> {
    /** The years of the generated past. */
    public static final int YEARS = 20;

    private record Listing(MarketSymbol symbol, String venue) {}

    /** The bar of a day since the first one. */
    protected interface Day {
        /**
         * The bar; empty when nothing traded because the market was closed.
         *
         * @param close the one before
         */
        Optional<DailyBar> bar(LocalDate date, long close);
    }

    private final long seed;
    protected final boolean unattended;
    private final Supplier<Sessions> calendar;
    private final UnattendedDays unattendedDays;
    private final Map<Listing, NavigableMap<LocalDate, DailyBar>> recorded = new HashMap<>();
    private Optional<LocalDate> firstDay = Optional.empty();
    private Optional<Sessions> cachedSessions = Optional.empty();
    private Optional<GeneratedHistory> cachedPast = Optional.empty();

    /**
     * @param unattended whether stocks trade unattended: days on which they were not caught up are drawn then
     * @param calendar of the real exchange; requested at the first query, as reading it takes time
     */
    protected DailyHistory(long seed, boolean unattended, Supplier<Sessions> calendar) {
        this.seed = seed;
        this.unattended = unattended;
        this.calendar = calendar;
        this.unattendedDays = new UnattendedDays(seed);
    }

    /** A stock as its past is drawn: it ends at {@code close}. */
    protected abstract HistoryProduct product(I instrument, long close);

    /** The days of a stock from which its next base price follows. */
    protected abstract Day days(I instrument, HistoryProduct product);

    /** Sets the first day; the days before it are generated. */
    public final void begin(LocalDate day) {
        firstDay = Optional.of(day);
    }

    /** Whether the past has an end; until then nothing of it has been published. */
    public final boolean hasFirstDay() {
        return firstDay.isPresent();
    }

    /** The first day; until it is set the past ends today. */
    protected final LocalDate firstDay(LocalDate today) {
        return firstDay.orElse(today);
    }

    /**
     * Adds a completed day of a stock; the last one of the same date counts.
     *
     * @param venue where it was traded, as records name it
     */
    public void add(MarketSymbol symbol, String venue, DailyBar bar) {
        recorded.computeIfAbsent(new Listing(symbol, venue), s -> new TreeMap<>())
                .put(bar.date(), bar);
    }

    /** Adds the ended day of a stock; empty where it did not trade and is not to be drawn later either. */
    public final Optional<DailyBar> end(MarketSymbol symbol, String venue, LocalDate date, Tape tape) {
        DailyBar bar = DailyBar.of(date, tape);
        // Where stocks trade unattended, the day of one that was requested and did not trade must not be drawn later.
        if (bar.volume() == 0 && !unattended) {
            return Optional.empty();
        }
        add(symbol, venue, bar);
        return Optional.of(bar);
    }

    protected final NavigableMap<LocalDate, DailyBar> recorded(MarketSymbol symbol, String venue) {
        return recorded.getOrDefault(new Listing(symbol, venue), Collections.emptyNavigableMap());
    }

    /** Whether there was trading on a day before today. */
    public boolean wasTradingDay(LocalDate date) {
        return sessions().isTradingDay(date);
    }

    /**
     * The base price of {@code today} that follows from a close over the trading days in between; the close itself where no
     * stock trades unattended.
     *
     * @param from the first day after that close; of a stock that was never active any day up to the first one
     */
    public final long base(I instrument, LocalDate from, long close, LocalDate today) {
        if (!unattended || firstDay.isEmpty()) {
            return close;
        }
        LocalDate first = firstDay.get();
        List<DailyBar> since = daysSince(
                from.isAfter(first) ? from : first, close, today, days(instrument, product(instrument, close)));
        return since.isEmpty() ? close : since.getLast().close();
    }

    /** The days from {@code from} up to the one before today, the first of which begins at {@code base}. */
    protected final List<DailyBar> daysSince(LocalDate from, long base, LocalDate today, Day days) {
        List<DailyBar> since = new ArrayList<>();
        long close = base;
        for (LocalDate date = from; date.isBefore(today); date = date.plusDays(1)) {
            Optional<DailyBar> bar = days.bar(date, close);
            if (bar.isPresent()) {
                since.add(bar.get().withBase(close));
                close = bar.get().close();
            }
        }
        return since;
    }

    /** The bar of a trading day on which no program requested a stock. */
    protected final DailyBar missed(HistoryProduct product, LocalDate date, long close) {
        return unattended ? unattendedDays.bar(product, date, close) : DailyBar.withoutTrades(date, close);
    }

    /** @param minutes those recorded of a day; empty where they are drawn from its bar */
    protected final History history(
            HistoryProduct product,
            DailyBars past,
            List<DailyBar> since,
            Function<LocalDate, Optional<List<Minutes.Bar>>> minutes) {
        return new History(seed, product, past, since, minutes, sessions());
    }

    /** The days before the first one. */
    protected final GeneratedHistory past(LocalDate today) {
        GeneratedHistory past =
                cachedPast.orElseGet(() -> new GeneratedHistory(seed, sessions(), firstDay(today), YEARS));
        if (firstDay.isPresent()) {
            cachedPast = Optional.of(past);
        }
        return past;
    }

    protected final Sessions sessions() {
        Sessions loaded = cachedSessions.orElseGet(calendar);
        cachedSessions = Optional.of(loaded);
        return loaded;
    }
}
