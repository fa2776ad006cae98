package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * The days of a market with one venue before today: before a first day as the seed draws them, from then on as they were
 * lived through. A trading day since then on which a thing did not trade has a bar without volume. For one thread.
 */
public final class LivedPast {
    private final long seed;
    private final Sessions sessions;
    private final LocalDate firstDay;
    private final Past past;

    /** @param firstDay never moves, or what was answered yesterday would be another past today */
    public LivedPast(long seed, Sessions sessions, LocalDate firstDay, int years) {
        this.seed = seed;
        this.sessions = sessions;
        this.firstDay = firstDay;
        this.past = new Past(seed, sessions, firstDay, years);
    }

    /**
     * @param thing its close is the base price of the first day
     * @param lived the days that it traded through, by their date
     */
    public History of(Thing thing, NavigableMap<LocalDate, DailyBar> lived, LocalDate today) {
        List<DailyBar> since = new ArrayList<>();
        long close = thing.close();
        for (LocalDate day = firstDay; day.isBefore(today); day = day.plusDays(1)) {
            DailyBar bar = lived.get(day);
            if (bar != null) {
                since.add(bar.after(close));
                close = bar.close();
            } else if (sessions.isTradingDay(day)) {
                since.add(DailyBar.quiet(day, close));
            }
        }
        // The minutes of days lived through are not kept: they are made from their bars.
        return new History(seed, thing, past.of(thing), since, day -> Optional.empty(), sessions);
    }
}
