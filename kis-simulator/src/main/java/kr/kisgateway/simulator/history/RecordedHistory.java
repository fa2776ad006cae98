package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * The days before today of a market with one venue: before a first day drawn from the seed, from then on as recorded. A trading
 * day since then on which no program requested a product is drawn ({@link UnattendedDays}) where products trade unattended, and
 * has a bar without volume where they do not. Not thread-safe.
 */
public final class RecordedHistory {
    private final long seed;
    private final Sessions sessions;
    private final LocalDate firstDay;
    private final boolean unattended;
    private final GeneratedHistory generated;
    private final UnattendedDays unattendedDays;

    /**
     * @param firstDay never moves, or yesterday's answers would show another past than today's
     * @param unattended whether products trade that no program requests
     */
    public RecordedHistory(long seed, Sessions sessions, LocalDate firstDay, int years, boolean unattended) {
        this.seed = seed;
        this.sessions = sessions;
        this.firstDay = firstDay;
        this.unattended = unattended;
        this.generated = new GeneratedHistory(seed, sessions, firstDay, years);
        this.unattendedDays = new UnattendedDays(seed);
    }

    /**
     * @param product its close is the base price of the first day
     * @param recorded the days with trades, by date
     */
    public History of(HistoryProduct product, NavigableMap<LocalDate, DailyBar> recorded, LocalDate today) {
        List<DailyBar> daysSince = daysSince(product, recorded, product.close(), firstDay, today);
        // The minutes of recorded days are not stored: they are generated from their bars.
        return new History(seed, product, generated.of(product), daysSince, day -> Optional.empty(), sessions);
    }

    /**
     * The base price of {@code today} that follows from a close over the trading days in between.
     *
     * @param from the first day after that close
     */
    public long base(HistoryProduct product, long close, LocalDate from, LocalDate today) {
        List<DailyBar> days = daysSince(
                product, Collections.emptyNavigableMap(), close, from.isAfter(firstDay) ? from : firstDay, today);
        return days.isEmpty() ? close : days.getLast().close();
    }

    private List<DailyBar> daysSince(
            HistoryProduct product,
            NavigableMap<LocalDate, DailyBar> recorded,
            long base,
            LocalDate from,
            LocalDate today) {
        List<DailyBar> days = new ArrayList<>();
        long close = base;
        for (LocalDate day = from; day.isBefore(today); day = day.plusDays(1)) {
            DailyBar bar = recorded.get(day);
            if (bar != null) {
                days.add(bar.withBase(close));
            } else if (sessions.isTradingDay(day)) {
                days.add(unattended ? unattendedDays.bar(product, day, close) : DailyBar.withoutTrades(day, close));
            }
            close = days.isEmpty() ? close : days.getLast().close();
        }
        return days;
    }
}
