package kr.kisgateway.simulator.broker;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.History;

/**
 * The highest and lowest prices of each stock's last year, as its daily bars have them. A stock's past is looked through
 * once a day, at the first question; today is added as it goes. For one thread.
 */
final class Extremes {
    private static final int DAYS = 250;

    private record Key(Symbol symbol, Outlook outlook) {}

    private final Map<Key, Before> known = new HashMap<>();
    private LocalDate knownOn = LocalDate.MIN;

    /** @param history of the days before {@code today}; asked for once a day */
    Before of(Symbol symbol, Outlook outlook, LocalDate today, Supplier<History> history) {
        if (!knownOn.equals(today)) {
            known.clear();
            knownOn = today;
        }
        return known.computeIfAbsent(new Key(symbol, outlook), key -> Before.of(history.get(), today));
    }

    /**
     * What lies before today.
     *
     * @param weeks52 since the same date of the year before
     * @param days250 the last 250 trading days, today counted in
     * @param year since the first of January
     * @param volume of the last day; 0 when there is none
     */
    record Before(Span weeks52, Span days250, Span year, long volume) {
        static Before of(History history, LocalDate today) {
            Span weeks52 = Span.NONE;
            Span days250 = Span.NONE;
            Span year = Span.NONE;
            int size = history.size();
            for (int back = 1; back <= size; back++) {
                DailyBar bar = history.bar(size - back);
                boolean inWeeks = !bar.date().isBefore(today.minusWeeks(52));
                if (!inWeeks && back >= DAYS) {
                    break;
                }
                weeks52 = inWeeks ? weeks52.and(bar) : weeks52;
                days250 = back < DAYS ? days250.and(bar) : days250;
                year = bar.date().getYear() == today.getYear() ? year.and(bar) : year;
            }
            return new Before(
                    weeks52,
                    days250,
                    year,
                    size == 0 ? 0 : history.bar(size - 1).volume());
        }
    }

    /** A high and a low with their days; of several days with the same price the last. Prices of 0 are none yet. */
    record Span(long high, LocalDate highOn, long low, LocalDate lowOn) {
        static final Span NONE = new Span(0, LocalDate.MIN, 0, LocalDate.MIN);

        /** Bars come from the newest to the oldest. */
        private Span and(DailyBar older) {
            boolean higher = older.high() > high;
            boolean lower = low == 0 || older.low() < low;
            return new Span(
                    higher ? older.high() : high,
                    higher ? older.date() : highOn,
                    lower ? older.low() : low,
                    lower ? older.date() : lowOn);
        }

        /** With what today has brought; where there is nothing at all, today's base stands for it. */
        Span until(Tape.Figures now, LocalDate today) {
            long top = now.high() > 0 ? now.high() : high == 0 ? now.base() : 0;
            long bottom = now.low() > 0 ? now.low() : low == 0 ? now.base() : Long.MAX_VALUE;
            boolean higher = top >= high;
            boolean lower = low == 0 || bottom <= low;
            return new Span(higher ? top : high, higher ? today : highOn, lower ? bottom : low, lower ? today : lowOn);
        }
    }
}
