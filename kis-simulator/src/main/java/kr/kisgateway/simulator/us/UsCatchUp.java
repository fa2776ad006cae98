package kr.kisgateway.simulator.us;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.simulator.exchange.CatchUp;
import kr.kisgateway.simulator.exchange.DormantStock;
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

    @Override
    protected void play(UsStock stock, DormantStock.Walk walk, Instant from, long firstBar, Instant until, Sink sink) {
        UsTimetable day = day(date.get());
        long end = clock().minute(until);
        for (long minute = Math.max(firstBar, day.first()); minute < end; minute++) {
            long share = day.share(minute);
            if (share > 0 && stock.dormant().minute(walk, minute, share, day.root(minute), marketMove(minute), false)) {
                sink.minute(walk, minute, day.minuteOfDay(minute));
            }
        }
    }
}
