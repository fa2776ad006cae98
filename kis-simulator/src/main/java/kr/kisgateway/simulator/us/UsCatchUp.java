package kr.kisgateway.simulator.us;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.simulator.exchange.DormantStock;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.Tape;

/**
 * Catches a dormant US stock up to an instant, as the Korean market's does: the completed minutes of the trading date, figures
 * at once and bars when they are requested.
 */
final class UsCatchUp {
    private final UsHours hours;
    private final long seed;
    private final Map<LocalDate, UsDay> days = new HashMap<>();

    UsCatchUp(UsHours hours, long seed) {
        this.hours = hours;
        this.seed = ~seed;
    }

    UsDay day(LocalDate date) {
        if (days.size() > 2 && !days.containsKey(date)) {
            days.clear();
        }
        return days.computeIfAbsent(date, d -> new UsDay(hours, d));
    }

    private interface Sink {
        void minute(DormantStock.Walk walk, long minute);
    }

    /** The minutes from one on, and the price before it. */
    private final class DeferredMinutes implements Tape.Deferred {
        private final UsStock stock;
        private final UsDay day;
        private final long from;
        private final long last;
        private long until;

        DeferredMinutes(UsStock stock, UsDay day) {
            this.stock = stock;
            this.day = day;
            this.from = stock.nextMinute();
            this.last = stock.tape().last();
            this.until = from;
        }

        @Override
        public void fill(Minutes minutes) {
            DormantStock.Walk walk = new DormantStock.Walk();
            walk.last = last;
            play(
                    stock,
                    day,
                    walk,
                    from,
                    until,
                    (it, minute) -> minutes.add(new Minutes.Bar(
                            day.minuteOfDay(minute), it.open, it.high, it.low, it.close, it.volume, it.turnover)));
        }
    }

    /** Catches the stock up to {@code now} of a trading date. Returns whether anything traded. */
    boolean catchUp(UsStock stock, LocalDate date, Instant now) {
        UsDay day = day(date);
        long until = Math.min(UsDay.minute(now), day.end());
        if (until <= stock.nextMinute()) {
            return false;
        }
        Tape tape = stock.tape();
        DeferredMinutes deferredMinutes =
                tape.deferred() instanceof DeferredMinutes current && current.until == stock.nextMinute()
                        ? current
                        : new DeferredMinutes(stock, day);
        if (tape.deferred() != deferredMinutes) {
            tape.minutes();
        }
        boolean[] traded = {false};
        DormantStock.Walk walk = new DormantStock.Walk();
        walk.last = tape.last();
        play(stock, day, walk, stock.nextMinute(), until, (it, minute) -> {
            traded[0] = true;
            tape.addFigures(
                    day.minuteOfDay(minute),
                    it,
                    stock.dormant().bought(it, minute),
                    stock.dormant().trades(it.volume));
        });
        stock.setNextMinute(until);
        tape.playedTo(UsDay.start(until));
        deferredMinutes.until = until;
        tape.defer(deferredMinutes);
        return traded[0];
    }

    private void play(UsStock stock, UsDay day, DormantStock.Walk walk, long from, long until, Sink sink) {
        for (long minute = Math.max(from, day.first()); minute < until; minute++) {
            long share = day.share(minute);
            double marketMove = share == 0 ? 0 : DormantStock.marketMove(seed, minute);
            if (share > 0 && stock.dormant().minute(walk, minute, share, day.root(minute), marketMove, false)) {
                sink.minute(walk, minute);
            }
        }
    }
}
