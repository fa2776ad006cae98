package kr.kisgateway.market;

import java.time.LocalDateTime;
import java.time.ZoneId;
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
     * @param zone of the market's clock
     */
    public static List<Bar> aggregate(BarPeriod period, List<Bar> bars, ZoneId zone) {
        Map<LocalDateTime, List<Bar>> periods = new LinkedHashMap<>();
        for (Bar bar : bars) {
            periods.computeIfAbsent(period.begin(bar.begin(zone)), _ -> new ArrayList<>())
                    .add(bar);
        }
        return periods.entrySet().stream()
                .map(each -> aggregatePeriod(each.getKey(), zone, each.getValue()))
                .toList();
    }

    private static Bar aggregatePeriod(LocalDateTime begin, ZoneId zone, List<Bar> parts) {
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
        return Bar.of(
                begin, zone, parts.getFirst().open(), high, low, parts.getLast().close(), volume, turnover);
    }
}
