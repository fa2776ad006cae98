package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Aggregates shorter bars into longer ones. */
public final class Bars {
    private Bars() {}

    /**
     * One bar for each period of {@code period} in which {@code bars} has any, in their order.
     *
     * @param bars of a shorter period that fits, oldest first
     */
    public static List<Bar> aggregate(BarPeriod period, List<Bar> bars) {
        Map<LocalDateTime, List<Bar>> periods = new LinkedHashMap<>();
        for (Bar bar : bars) {
            periods.computeIfAbsent(period.begin(seoulTime(bar)), _ -> new ArrayList<>())
                    .add(bar);
        }
        return periods.entrySet().stream()
                .map(each -> aggregatePeriod(each.getKey(), each.getValue()))
                .toList();
    }

    private static LocalDateTime seoulTime(Bar bar) {
        return LocalDateTime.ofInstant(Instant.ofEpochSecond(bar.ts()), TradingCalendar.SEOUL);
    }

    private static Bar aggregatePeriod(LocalDateTime begin, List<Bar> parts) {
        long high = Long.MIN_VALUE;
        long low = Long.MAX_VALUE;
        long volume = 0;
        OptionalLong turnover = OptionalLong.of(0);
        for (Bar part : parts) {
            high = Math.max(high, part.high());
            low = Math.min(low, part.low());
            volume = Math.addExact(volume, part.volume());
            // A sum with an undefined part is undefined.
            turnover = turnover.isPresent() && part.turnover().isPresent()
                    ? OptionalLong.of(
                            Math.addExact(turnover.getAsLong(), part.turnover().getAsLong()))
                    : OptionalLong.empty();
        }
        LocalDate date = begin.toLocalDate();
        return new Bar(
                date,
                begin.atZone(TradingCalendar.SEOUL).toEpochSecond(),
                parts.getFirst().open(),
                high,
                low,
                parts.getLast().close(),
                volume,
                turnover);
    }
}
