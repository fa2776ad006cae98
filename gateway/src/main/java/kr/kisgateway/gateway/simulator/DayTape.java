package kr.kisgateway.gateway.simulator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.Bar;

/**
 * The prices of a past day in the order of their times, from its minutes: each minute has its open at once, its low and high at
 * a quarter and a half, and its close at three quarters. Which of low and high came first is not known: a minute that rose is
 * taken to have been low first.
 */
final class DayTape {
    private static final int MINUTE_MS = 60_000;
    private static final int QUARTER_MS = MINUTE_MS / 4;

    private record Point(long millis, String symbol, long price) {}

    private final List<Point> points;

    private DayTape(List<Point> points) {
        this.points = points;
    }

    /**
     * @param minutes bars of one day by symbol, each with at least one
     * @param midnight of the day in Korea, epoch seconds
     */
    static DayTape of(Map<String, List<Bar>> minutes, long midnight) {
        var points = new ArrayList<Point>();
        minutes.forEach((symbol, bars) -> bars.forEach(bar -> {
            long begin = (bar.ts() - midnight) * 1_000;
            boolean rose = bar.close() >= bar.open();
            points.add(new Point(begin, symbol, bar.open()));
            points.add(new Point(begin + QUARTER_MS, symbol, rose ? bar.low() : bar.high()));
            points.add(new Point(begin + 2 * QUARTER_MS, symbol, rose ? bar.high() : bar.low()));
            points.add(new Point(begin + 3 * QUARTER_MS, symbol, bar.close()));
        }));
        points.sort(Comparator.comparingLong(Point::millis));
        return new DayTape(List.copyOf(points));
    }

    /** When the first minute begins, milliseconds of the day. */
    long from() {
        return points.getFirst().millis();
    }

    /** When the last minute ends, milliseconds of the day. */
    long to() {
        return points.getLast().millis() + QUARTER_MS;
    }

    /** The last price of each symbol after {@code after} and up to {@code upTo}, both milliseconds of the day. */
    Map<String, Long> prices(long after, long upTo) {
        var prices = new LinkedHashMap<String, Long>();
        for (int index = firstAfter(after);
                index < points.size() && points.get(index).millis() <= upTo;
                index++) {
            var point = points.get(index);
            prices.put(point.symbol(), point.price());
        }
        return prices;
    }

    private int firstAfter(long millis) {
        int low = 0;
        int high = points.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (points.get(middle).millis() <= millis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
