package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The daily bars of a market's products before a first day, drawn from a seed.
 *
 * <p>Only the end of a past is given: its last close. So the walk goes from there to the oldest day, each step computing the
 * close before from the close after it: a return is drawn, and the price before it is the one from which that return
 * leads to the known close. Whatever the return, the step ends on a valid price whose daily limits contain the day's prices.
 * The width of the returns varies (quiet and wild times), some days jump, and a weak pull keeps the walk near a price
 * that falls slowly the further back it goes, so that twenty years of chance end neither at one won nor in the millions.
 *
 * <p>A product's days are generated together at the first request and cached, for the last {@link #CACHE_SIZE} products
 * requested. The result depends on seed, first day and product alone, so evicted days are generated identically again. No
 * function of the platform's mathematics is used, whose last bit may differ between machines. Not thread-safe.
 */
public final class GeneratedHistory {
    /** The number of products whose days are cached: about 240 kB each, and as many last years of 13 kB. */
    static final int CACHE_SIZE = 48;

    /** More than the trading days of any 53 weeks. */
    static final int DAYS_OF_A_YEAR = 270;

    /** The least volume of a day: a minute bar with four prices needs as many trades, and a day some minutes. */
    public static final long MIN_VOLUME = 20;

    private static final double PULL = 0.004;
    private static final double SLOPE = 0.00015;
    private static final double OLDEST_LEVEL = 0.25;
    private static final double WIDEST_RETURN = 0.28;
    private static final int DAYS_PER_JUMP = 250;
    private static final double JUMP = 3;
    private static final double OPENING_GAP = 0.35;
    private static final double SPAN = 0.6;
    private static final int MAX_STEPS = 2_000;

    private final long seed;
    private final int[] calendar;
    private final Map<String, CachedBars> cache = new RecentBars();
    private final Map<String, CachedBars> lastYears = new RecentBars();

    private record CachedBars(HistoryProduct product, DailyBars days) {
        Optional<DailyBars> of(HistoryProduct requested) {
            return product.equals(requested) ? Optional.of(days) : Optional.empty();
        }
    }

    /** The bars of the products that were requested last, by the product's key. */
    private static final class RecentBars extends LinkedHashMap<String, CachedBars> {
        RecentBars() {
            super(CACHE_SIZE * 2, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CachedBars> eldest) {
            return size() > CACHE_SIZE;
        }
    }

    /**
     * @param firstDay the day before which everything is generated
     * @param years how far the past reaches back
     */
    public GeneratedHistory(long seed, Sessions sessions, LocalDate firstDay, int years) {
        this.seed = seed;
        this.calendar = IntStream.range((int) firstDay.minusYears(years).toEpochDay(), (int) firstDay.toEpochDay())
                .filter(day -> sessions.isTradingDay(LocalDate.ofEpochDay(day)))
                .toArray();
    }

    /** All days of a product before the first day, from its listing on; none when it was listed later. */
    public DailyBars of(HistoryProduct product) {
        return cached(cache, product).orElseGet(() -> drawDays(cache, product, calendar.length));
    }

    /**
     * The last days of a product before the first day, {@value #DAYS_OF_A_YEAR} of them at least where it was listed by then: the
     * same days as those of {@link #of}, and a small part of its work.
     */
    public DailyBars lastYear(HistoryProduct product) {
        return cached(cache, product)
                .or(() -> cached(lastYears, product))
                .orElseGet(() -> drawDays(lastYears, product, DAYS_OF_A_YEAR));
    }

    private static Optional<DailyBars> cached(Map<String, CachedBars> bars, HistoryProduct product) {
        return Optional.ofNullable(bars.get(product.key())).flatMap(cached -> cached.of(product));
    }

    private DailyBars drawDays(Map<String, CachedBars> bars, HistoryProduct product, int count) {
        DailyBars days = drawDays(product, count);
        bars.put(product.key(), new CachedBars(product, days));
        return days;
    }

    private DailyBars drawDays(HistoryProduct product, int count) {
        int listed = product.listedOn().map(this::before).orElse(0);
        int skipped = Math.max(listed, calendar.length - count);
        var days = new DailyBars.BackwardBuilder(calendar, skipped);
        var random = new SplittableRandom(mixedSeed(seed, product.key()));
        PriceGrid grid = product.grid();
        double widthFactor = 1;
        long close = product.close();
        for (int i = calendar.length - 1; i >= skipped; i--) {
            LocalDate date = LocalDate.ofEpochDay(calendar[i]);
            widthFactor = Math.clamp(widthFactor + 0.05 * (1 - widthFactor) + 0.12 * normal(random), 0.4, 2.5);
            double width = product.volatility() * widthFactor;
            double level = product.close() * Math.max(OLDEST_LEVEL, 1 - SLOPE * (calendar.length - i));
            double jump = random.nextInt(DAYS_PER_JUMP) == 0 ? JUMP : 1;
            double change = Math.clamp(
                    width * jump * normal(random) + PULL * Math.clamp(close / level - 1, -1, 5),
                    -WIDEST_RETURN,
                    WIDEST_RETURN);
            // The close before is a price of the day before, when other ticks may have applied.
            LocalDate before = i == listed ? date : LocalDate.ofEpochDay(calendar[i - 1]);
            long base = before(grid, close, change, before, date);
            DailyBar bar = barAround(product, date, base, close, change, width, widthFactor, random);
            days.add(bar.open(), bar.high(), bar.low(), close, bar.volume(), bar.turnover());
            close = base;
        }
        return days.build(close);
    }

    /** The number of days of the calendar before {@code date}. */
    private int before(LocalDate date) {
        int found = Arrays.binarySearch(calendar, (int) date.toEpochDay());
        return found >= 0 ? found : -found - 1;
    }

    /** The price from which a day with about this change ends at {@code close}, within the limits. */
    private static long before(PriceGrid grid, long close, double change, LocalDate before, LocalDate date) {
        long base = grid.down(Math.max(1, Math.round(close / (1 + change))), before);
        for (int i = 0; i < MAX_STEPS && close > grid.highest(base, date); i++) {
            base = grid.next(base, before);
        }
        for (int i = 0; i < MAX_STEPS && close < grid.lowest(base, date); i++) {
            base = grid.down(base - 1, before);
        }
        boolean reaches = close >= grid.lowest(base, date) && close <= grid.highest(base, date);
        return reaches ? base : grid.down(close, before);
    }

    /**
     * A day from its base to its close, with an opening gap, a range and a volume that fits the price move.
     *
     * @param change the intended move as a fraction of the base
     */
    static DailyBar barAround(
            HistoryProduct product,
            LocalDate date,
            long base,
            long close,
            double change,
            double width,
            double widthFactor,
            SplittableRandom random) {
        PriceGrid grid = product.grid();
        long lowest = grid.lowest(base, date);
        long highest = grid.highest(base, date);
        long open = within(grid, base * (1 + OPENING_GAP * width * normal(random)), lowest, highest, date);
        long top = Math.max(open, close);
        long bottom = Math.min(open, close);
        long high =
                Math.max(top, within(grid, top * (1 + SPAN * width * Math.abs(normal(random))), lowest, highest, date));
        long low = Math.min(
                bottom, within(grid, bottom * (1 - SPAN * width * Math.abs(normal(random))), lowest, highest, date));
        double activity = (0.4 + 1.2 * random.nextDouble()) * widthFactor * (1 + 8 * Math.abs(change));
        long volume = Math.max(MIN_VOLUME, (long) (product.typicalVolume() * activity));
        return new DailyBar(date, base, open, high, low, close, volume, volume * (open + high + low + close) / 4);
    }

    static long within(PriceGrid grid, double price, long lowest, long highest, LocalDate date) {
        return Math.clamp(grid.down(Math.max(1, Math.round(price)), date), lowest, highest);
    }

    /** About normal, computed from sums alone so that it is equal on all machines; from -3.5 to 3.5. */
    static double normal(SplittableRandom random) {
        return (random.nextDouble() + random.nextDouble() + random.nextDouble() + random.nextDouble() - 2)
                * 1.7320508075688772;
    }

    static long mixedSeed(long seed, String key) {
        long state = seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
        for (int i = 0; i < key.length(); i++) {
            state = (state ^ key.charAt(i)) * 0x100000001B3L;
        }
        return state;
    }
}
