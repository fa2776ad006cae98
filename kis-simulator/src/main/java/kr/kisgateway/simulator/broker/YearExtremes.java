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
 * The highest and lowest prices of each stock's last year, from its daily bars. A stock's history is read once a day, at the
 * first request; today is added as it proceeds. Not thread-safe.
 */
final class YearExtremes {
    private static final int DAYS = 250;

    private record Key(Symbol symbol, VenueScope scope) {}

    private final Map<Key, PastExtremes> cache = new HashMap<>();
    private LocalDate cachedOn = LocalDate.MIN;

    /** @param history of the days before {@code today}; requested once a day */
    PastExtremes of(Symbol symbol, VenueScope scope, LocalDate today, Supplier<History> history) {
        if (!cachedOn.equals(today)) {
            cache.clear();
            cachedOn = today;
        }
        return cache.computeIfAbsent(new Key(symbol, scope), key -> PastExtremes.of(history.get(), today));
    }

    /**
     * The extremes before today.
     *
     * @param weeks52 since the same date of the year before
     * @param days250 the last 250 trading days, today included in the count
     * @param year since the first of January
     * @param volume of the last day; 0 when there is none
     */
    record PastExtremes(HighLow weeks52, HighLow days250, HighLow year, long volume) {
        static PastExtremes of(History history, LocalDate today) {
            HighLow weeks52 = HighLow.NONE;
            HighLow days250 = HighLow.NONE;
            HighLow year = HighLow.NONE;
            int size = history.size();
            for (int daysBack = 1; daysBack <= size; daysBack++) {
                DailyBar bar = history.bar(size - daysBack);
                boolean inWeeks = !bar.date().isBefore(today.minusWeeks(52));
                if (!inWeeks && daysBack >= DAYS) {
                    break;
                }
                weeks52 = inWeeks ? weeks52.with(bar) : weeks52;
                days250 = daysBack < DAYS ? days250.with(bar) : days250;
                year = bar.date().getYear() == today.getYear() ? year.with(bar) : year;
            }
            return new PastExtremes(
                    weeks52,
                    days250,
                    year,
                    size == 0 ? 0 : history.bar(size - 1).volume());
        }
    }

    /** A high and a low with their days; of several days with the same price the last. Prices of 0 mean none yet. */
    record HighLow(long high, LocalDate highOn, long low, LocalDate lowOn) {
        static final HighLow NONE = new HighLow(0, LocalDate.MIN, 0, LocalDate.MIN);

        /** Bars come from the newest to the oldest. */
        private HighLow with(DailyBar older) {
            boolean higher = older.high() > high;
            boolean lower = low == 0 || older.low() < low;
            return new HighLow(
                    higher ? older.high() : high,
                    higher ? older.date() : highOn,
                    lower ? older.low() : low,
                    lower ? older.date() : lowOn);
        }

        /** These extremes with today's prices; without any, today's base price. */
        HighLow including(Tape.Figures now, LocalDate today) {
            long top = now.high() > 0 ? now.high() : high == 0 ? now.base() : 0;
            long bottom = now.low() > 0 ? now.low() : low == 0 ? now.base() : Long.MAX_VALUE;
            boolean higher = top >= high;
            boolean lower = low == 0 || bottom <= low;
            return new HighLow(
                    higher ? top : high, higher ? today : highOn, lower ? bottom : low, lower ? today : lowOn);
        }
    }
}
