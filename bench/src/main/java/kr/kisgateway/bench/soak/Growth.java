package kr.kisgateway.bench.soak;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import kr.kisgateway.market.KrxCalendar;

/**
 * How much a figure grows from day to day. A day has its own ups and downs, such as the orders that are kept until its end,
 * so values are compared with those of the same hour of other days only (the seasonal slope of Hirsch, Slack and Smith):
 * the median over all such pairs. Days without a market do not count. With two days after the warm-up there is one pair of
 * each hour, and what happened once between them looks like a growth.
 *
 * @param perDay the median growth a day, in the figure's unit; 0 without pairs
 * @param noise how far off that median may be: twice its standard error, estimated from the pairs' median deviation
 * @param pairs how many pairs were compared
 */
public record Growth(double perDay, double noise, int pairs) {
    /** Fewer hours cannot show a difference between growth and noise. */
    public static final int PAIRS_MIN = 5;

    private static final KrxCalendar KRX = new KrxCalendar();
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");

    /** From a median absolute deviation to a standard deviation, for normal noise. */
    private static final double DEVIATION = 1.4826;

    /** Standard error of a median as a multiple of that of a mean, for normal noise. */
    private static final double MEDIAN_ERROR = 1.2533;

    /** A value and the time at which the gateway had it. */
    public record Point(Instant at, double value) {}

    /**
     * @param points in any order
     * @param from those before are the warm-up
     */
    public static Growth of(List<Point> points, Instant from) {
        var hours = new TreeMap<Integer, List<Point>>();
        int values = 0;
        for (var point : points) {
            var time = point.at.atZone(SEOUL);
            if (point.at.isBefore(from) || !KRX.isTradingDay(time.toLocalDate())) continue;
            hours.computeIfAbsent(time.getHour(), _ -> new ArrayList<>()).add(point);
            values++;
        }
        var slopes = new ArrayList<Double>();
        for (var hour : hours.values()) {
            for (int i = 0; i < hour.size(); i++) {
                for (int j = i + 1; j < hour.size(); j++) addSlope(slopes, hour.get(i), hour.get(j));
            }
        }
        if (slopes.isEmpty()) return new Growth(0, 0, 0);
        double median = median(slopes);
        double deviation = DEVIATION
                * median(slopes.stream().map(slope -> Math.abs(slope - median)).toList());
        // The pairs of one hour share its values: as many are independent as there are values beyond the first of each.
        int independent = Math.max(1, values - hours.size());
        return new Growth(median, 2 * MEDIAN_ERROR * deviation / Math.sqrt(independent), slopes.size());
    }

    /** Whether there were enough pairs. */
    public boolean isKnown() {
        return pairs >= PAIRS_MIN;
    }

    /** The growth a day that noise cannot explain; 0 where noise can. */
    public double certain() {
        return Math.max(0, perDay - noise);
    }

    private static void addSlope(List<Double> slopes, Point a, Point b) {
        double days = Duration.between(a.at, b.at).toMillis()
                / (double) Duration.ofDays(1).toMillis();
        if (Math.abs(days) > 0.5) slopes.add((b.value - a.value) / days);
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
