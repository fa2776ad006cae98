package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * The days of a market with one venue before today: before a first day as the seed draws them, from then on as they were
 * lived through. A trading day since then on which no program requested a thing is drawn ({@link UnattendedDays}) where things
 * trade by themselves, and has a bar without volume where they do not. For one thread.
 */
public final class RecordedHistory {
    private final long seed;
    private final Sessions sessions;
    private final LocalDate firstDay;
    private final boolean unattended;
    private final GeneratedHistory generated;
    private final UnattendedDays unattendedDays;

    /**
     * @param firstDay never moves, or what was answered yesterday would be another past today
     * @param unattended whether things trade that no program looks at
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
     * @param recorded the days that it traded through, by their date
     */
    public History of(HistoryProduct product, NavigableMap<LocalDate, DailyBar> recorded, LocalDate today) {
        List<DailyBar> daysSince = daysSince(product, recorded, product.close(), firstDay, today);
        // The minutes of days lived through are not kept: they are made from their bars.
        return new History(seed, product, generated.of(product), daysSince, day -> Optional.empty(), sessions);
    }

    /**
     * The base price of {@code today}: what became of a close on the trading days in between.
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
