package kr.kisgateway.simulator.us;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.simulator.exchange.CatchUp;
import kr.kisgateway.simulator.exchange.MarketClock;

/** Catches dormant US stocks up: the completed minutes of the trading date. */
final class UsCatchUp extends CatchUp<UsStock> {
    private final UsHours hours;
    private final Supplier<LocalDate> date;
    private final Map<LocalDate, UsTimetable> days = new HashMap<>();

    /** @param date the trading date of the books */
    UsCatchUp(UsHours hours, long seed, Supplier<LocalDate> date) {
        super(MarketClock.US, ~seed, false);
        this.hours = hours;
        this.date = date;
    }

    UsTimetable day(LocalDate of) {
        if (days.size() > 2 && !days.containsKey(of)) {
            days.clear();
        }
        return days.computeIfAbsent(of, d -> new UsTimetable(hours, d));
    }

    @Override
    protected UsTimetable timetable(UsStock stock, long minute) {
        return day(date.get());
    }
}
