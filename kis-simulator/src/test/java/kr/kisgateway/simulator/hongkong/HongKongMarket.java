package kr.kisgateway.simulator.hongkong;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.market.Side;
import kr.kisgateway.simulator.exchange.ActiveMarket;
import kr.kisgateway.simulator.exchange.ActiveStock;
import kr.kisgateway.simulator.exchange.ActivityRate;
import kr.kisgateway.simulator.exchange.Agents;
import kr.kisgateway.simulator.exchange.CatchUp;
import kr.kisgateway.simulator.exchange.MarketClock;
import kr.kisgateway.simulator.exchange.MarketRules;
import kr.kisgateway.simulator.exchange.StockBook;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.exchange.Timetable;

/** A third market as it would be added: its hours, ticks and shares of the day. Time, books, agents and minutes are shared. */
final class HongKongMarket extends ActiveMarket<HongKongMarket.Stock, ActiveMarket.Listener<HongKongMarket.Stock>> {
    static final MarketClock CLOCK = new MarketClock(ZoneId.of("Asia/Hong_Kong"), 8 * 60);

    /** A morning and an afternoon. */
    private static final List<LocalTime> CHANGES =
            List.of(LocalTime.of(9, 30), LocalTime.of(12, 0), LocalTime.of(13, 0), LocalTime.of(16, 0));

    /** Prices in cents, with one tick for all. */
    private static final class Cents implements StockBook.Ticks {
        @Override
        public long tick(long price) {
            return 10;
        }

        @Override
        public long up(long price) {
            return snapDown(price) + 10;
        }

        @Override
        public long down(long price) {
            return price <= 10 ? 0 : snapDown(price - 1);
        }

        @Override
        public long snapDown(long price) {
            return Math.max(10, price - price % 10);
        }
    }

    static final class Stock extends ActiveStock {
        private final String code;

        Stock(String code, long close, long seed) {
            super(
                    CLOCK,
                    new StockBook(new Cents(), new Tape(close, close), 30_000_00, key(seed, code.hashCode())),
                    key(seed, code.hashCode()),
                    20_000_000,
                    0.02,
                    100.0 / 180);
            this.code = code;
            updateLimits();
            resetFairPrice();
        }

        String code() {
            return code;
        }

        /** Hong Kong has no price limits. */
        @Override
        protected void updateLimits() {
            stockBook().setLimits(tape().base() * 2, tape().base() / 20 * 10);
        }
    }

    /** Every minute of both sessions has the same share. */
    private static final class Day extends Timetable {
        Day(long first) {
            super(first);
            for (int i = 0; i < MINUTES; i++) {
                if (isOpen(LocalTime.ofSecondOfDay(i * 60L))) {
                    shares[i] = 1_000_000 / 330;
                    roots[i] = Math.sqrt(1.0 / 330);
                }
            }
        }

        @Override
        public int minuteOfDay(long minute) {
            return index(minute);
        }
    }

    private static final class Unattended extends CatchUp<Stock> {
        Unattended(long seed) {
            super(CLOCK, seed, false);
        }

        @Override
        protected Timetable timetable(Stock stock, long minute) {
            return new Day(minute - Math.floorMod(minute, (long) Timetable.MINUTES));
        }
    }

    private final TreeMap<String, Stock> stocks = new TreeMap<>();
    private final Unattended unattended;
    private final long seed;
    private final LocalDate day;
    private Instant nextChange;

    HongKongMarket(long seed, Instant now) {
        super(MarketRules.defaults(), 4, now, Comparator.comparing(Stock::code));
        this.unattended = new Unattended(seed);
        this.seed = seed;
        this.day = now.atZone(CLOCK.zone()).toLocalDate();
        this.nextChange = changeAfter(now);
    }

    private static boolean isOpen(LocalTime time) {
        return CHANGES.stream().filter(change -> !change.isAfter(time)).count() % 2 == 1;
    }

    private Instant changeAfter(Instant at) {
        return CHANGES.stream()
                .map(change -> day.atTime(change).atZone(CLOCK.zone()).toInstant())
                .filter(at::isBefore)
                .findFirst()
                .orElse(Instant.MAX);
    }

    Stock find(String code) {
        return broughtUpToDate(Optional.of(stocks.computeIfAbsent(code, c -> {
                    Stock created = new Stock(c, 400_00, seed);
                    created.markDormant(day.atStartOfDay(CLOCK.zone()).toInstant());
                    return created;
                })))
                .orElseThrow();
    }

    @Override
    protected Instant nextChange() {
        return nextChange;
    }

    @Override
    protected void change(Instant at, Listener<Stock> listener) {
        nextChange = changeAfter(at);
        for (Stock stock : stocks.values()) {
            if (!isActive(stock)) {
                Agents.withdraw(stock.stockBook(), agentActions(stock, at, listener));
            } else if (listener.isWatched(stock)) {
                wake(stock, at, listener);
            }
        }
    }

    @Override
    protected void changeUntimed(Instant at, Listener<Stock> listener) {}

    @Override
    protected boolean isActive(Stock stock) {
        return isOpen(now().atZone(CLOCK.zone()).toLocalTime());
    }

    @Override
    protected ActivityRate activity(Stock stock, Instant at) {
        return ActivityRate.even(actionsPerSecond);
    }

    @Override
    protected void act(Stock stock, Instant at, Listener<Stock> listener) {
        Agents.act(stock.stockBook(), agentActions(stock, at, listener), true);
    }

    @Override
    protected void miss(Stock stock, Instant at, Instant oldest, boolean sleeps, Listener<Stock> listener) {
        if (sleeps) {
            deactivate(stock, at, listener);
        } else {
            schedule(stock, oldest);
        }
    }

    @Override
    protected long take(Stock stock, long id, Side side, long limit, long qty, Instant at, Listener<Stock> listener) {
        stock.markBookDirty();
        return stock.book()
                .take(
                        side,
                        limit,
                        qty,
                        (maker, price, done) -> trade(stock, maker, id, side, price, done, at, listener));
    }

    @Override
    protected boolean catchUp(Stock stock, Instant at) {
        return unattended.catchUp(stock, at);
    }
}
