package kr.kisgateway.simulator.us;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.stream.IntStream;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.SessionTimes;
import kr.kisgateway.market.UsInstrument;
import kr.kisgateway.market.UsTicks;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.DailyHistory;
import kr.kisgateway.simulator.history.GeneratedHistory;
import kr.kisgateway.simulator.history.History;
import kr.kisgateway.simulator.history.HistoryProduct;
import kr.kisgateway.simulator.history.MinutePath;
import kr.kisgateway.simulator.history.PriceGrid;
import kr.kisgateway.simulator.history.Sessions;

/**
 * The past of US stocks: New York's days and minutes of the regular session. Before the first trading date of the simulator
 * each stock ends at the listing's close. The minutes of recorded days are not stored: they are drawn from their bars.
 */
public final class UsDailyHistory extends DailyHistory<UsInstrument> {
    /** Assumed, as no source has the volatility of each stock. */
    private static final double VOLATILITY = 0.02;

    private static final PriceGrid GRID = new PriceGrid() {
        @Override
        public long down(long price, LocalDate date) {
            return UsTicks.snapDown(price);
        }

        @Override
        public long next(long price, LocalDate date) {
            return UsTicks.nextUp(price);
        }
    };

    private final long seed;

    /** @param unattended whether stocks trade unattended */
    UsDailyHistory(long seed, boolean unattended) {
        super(seed, unattended, () -> new NewYorkSessions(NyseDays.load()));
        this.seed = seed;
    }

    /** The days of a stock before {@code today}. */
    public History of(UsInstrument instrument, LocalDate today) {
        HistoryProduct product = product(instrument, instrument.close());
        List<DailyBar> since = daysSince(firstDay(today), product.close(), today, days(instrument, product));
        return history(product, past(today).of(product), since, day -> Optional.empty());
    }

    @Override
    protected Day days(UsInstrument instrument, HistoryProduct product) {
        NavigableMap<LocalDate, DailyBar> recorded =
                recorded(instrument.symbol(), instrument.symbol().exchange().name());
        return (day, close) -> recorded.containsKey(day) || !sessions().isTradingDay(day)
                ? Optional.ofNullable(recorded.get(day))
                : Optional.of(missed(product, day, close));
    }

    /**
     * The minutes of a day of which only the bar is given, drawn so that they add up to it.
     *
     * @param minutes in which there can be trades, in order
     */
    List<Minutes.Bar> minutes(UsInstrument instrument, DailyBar day, int[] minutes) {
        return MinutePath.of(seed, product(instrument, instrument.close()).key(), day, minutes, GRID);
    }

    @Override
    protected HistoryProduct product(UsInstrument instrument, long close) {
        return new HistoryProduct(
                instrument.symbol().toString(),
                close,
                Optional.empty(),
                Math.max(GeneratedHistory.MIN_VOLUME, instrument.volume()),
                VOLATILITY,
                GRID);
    }

    private record NewYorkSessions(NyseDays nyse) implements Sessions {
        @Override
        public boolean isTradingDay(LocalDate date) {
            return nyse.isTradingDay(date);
        }

        @Override
        public int[] minutes(LocalDate date) {
            SessionTimes regular = nyse.regular(date);
            return IntStream.range(minute(regular.open()), minute(regular.close()))
                    .toArray();
        }

        private static int minute(LocalTime time) {
            return time.toSecondOfDay() / 60;
        }
    }
}
