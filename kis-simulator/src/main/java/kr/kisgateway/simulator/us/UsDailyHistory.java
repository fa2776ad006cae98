package kr.kisgateway.simulator.us;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.SessionTimes;
import kr.kisgateway.market.UsInstrument;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsTicks;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.History;
import kr.kisgateway.simulator.history.HistoryProduct;
import kr.kisgateway.simulator.history.MinutePath;
import kr.kisgateway.simulator.history.PriceGrid;
import kr.kisgateway.simulator.history.RecordedHistory;
import kr.kisgateway.simulator.history.Sessions;

/**
 * Every day of US stocks before today, New York's days and minutes of the regular session: drawn from the seed until the
 * first trading date of the simulator, where each stock ends at the listing's close, and since then as recorded.
 */
public final class UsDailyHistory {
    /** The years of the generated past. */
    private static final int YEARS = 20;

    private static final long MIN_VOLUME = 20;

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

        @Override
        public long lowest(long base, LocalDate date) {
            return 1;
        }

        @Override
        public long highest(long base, LocalDate date) {
            return Long.MAX_VALUE;
        }
    };

    private final long seed;
    private final boolean unattended;
    private Optional<LocalDate> firstDay = Optional.empty();
    private Optional<NyseDays> days = Optional.empty();
    private Optional<RecordedHistory> recordedHistory = Optional.empty();
    private final Map<UsSymbol, NavigableMap<LocalDate, DailyBar>> recorded = new HashMap<>();

    /** @param unattended whether stocks trade unattended */
    UsDailyHistory(long seed, boolean unattended) {
        this.seed = seed;
        this.unattended = unattended;
    }

    /** Sets the first day; the days before it are generated. */
    void begin(LocalDate day) {
        firstDay = Optional.of(day);
    }

    void add(UsSymbol symbol, DailyBar bar) {
        recorded.computeIfAbsent(symbol, s -> new TreeMap<>()).put(bar.date(), bar);
    }

    /** Whether the past has an end; until then nothing of it has been published. */
    boolean hasFirstDay() {
        return firstDay.isPresent();
    }

    /** Whether New York traded on a day, by its own calendar. */
    public boolean wasTradingDay(LocalDate date) {
        return nyse().isTradingDay(date);
    }

    /** The days of a stock before {@code today}. */
    public History of(UsStock stock, LocalDate today) {
        return recordedHistory(today)
                .of(product(stock.instrument()), recorded.getOrDefault(stock.symbol(), new TreeMap<>()), today);
    }

    /**
     * The base price of {@code today} that follows from a close over the trading days in between.
     *
     * @param from the first day after that close; {@link LocalDate#MIN} for a stock that was never active
     */
    long base(UsInstrument instrument, LocalDate from, long close, LocalDate today) {
        return unattended && firstDay.isPresent()
                ? recordedHistory(today).base(product(instrument), close, from, today)
                : close;
    }

    /**
     * The minutes of a day of which only the bar is given, drawn so that they add up to it.
     *
     * @param minutes in which there can be trades, in order
     */
    List<Minutes.Bar> minutes(UsInstrument instrument, DailyBar day, int[] minutes) {
        return MinutePath.of(seed, product(instrument).key(), day, minutes, GRID);
    }

    private RecordedHistory recordedHistory(LocalDate today) {
        RecordedHistory loaded = recordedHistory.orElseGet(
                () -> new RecordedHistory(seed, sessions(), firstDay.orElse(today), YEARS, unattended));
        if (firstDay.isPresent()) {
            recordedHistory = Optional.of(loaded);
        }
        return loaded;
    }

    private static HistoryProduct product(UsInstrument instrument) {
        return new HistoryProduct(
                instrument.symbol().toString(),
                instrument.close(),
                Optional.empty(),
                Math.max(MIN_VOLUME, instrument.volume()),
                VOLATILITY,
                GRID);
    }

    private Sessions sessions() {
        NyseDays nyse = nyse();
        return new Sessions() {
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
        };
    }

    private static int minute(LocalTime time) {
        return time.toSecondOfDay() / 60;
    }

    private NyseDays nyse() {
        NyseDays loaded = days.orElseGet(NyseDays::load);
        days = Optional.of(loaded);
        return loaded;
    }
}
