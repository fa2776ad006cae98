package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.SplittableRandom;

/**
 * Daily bars of trading days on which no program requested a product, in a market that trades unattended.
 *
 * <p>Unlike {@link GeneratedHistory}, which ends at a known close, these go forward: each begins at the close before it, and the
 * close of the last one is the base price of the day on which the product is requested again. The result depends on seed,
 * product, date and base alone, so a day costs next to nothing, is drawn only when it is requested and is the same each time.
 * Part of a move is the whole market's, so that indices rise and fall, too.
 */
final class UnattendedDays {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** The weights of the market's and of the product's own part in a move: squares sum to 1. */
    private static final double MARKET = 0.35;

    private static final double OWN = 0.9367;

    private final long seed;

    UnattendedDays(long seed) {
        this.seed = seed;
    }

    /** @param base the close before, at which the day begins */
    DailyBar bar(HistoryProduct product, LocalDate date, long base) {
        long day = date.toEpochDay();
        double market = GeneratedHistory.normal(new SplittableRandom(seed * 31 + GOLDEN * day));
        var random = new SplittableRandom(~GeneratedHistory.mixedSeed(seed, product.key()) + GOLDEN * day);
        double widthFactor = 0.6 + 0.8 * random.nextDouble();
        double width = product.volatility() * widthFactor;
        double change = width * (MARKET * market + OWN * GeneratedHistory.normal(random));
        PriceGrid grid = product.grid();
        long lowest = grid.lowest(base, date);
        long highest = grid.highest(base, date);
        long close = GeneratedHistory.within(grid, base * (1 + change), lowest, highest, date);
        return GeneratedHistory.barAround(product, date, base, close, change, width, widthFactor, random);
    }

    /** NXT's bar of the same day, which trades a quarter as much at the same prices. */
    static DailyBar onNxt(DailyBar krx) {
        long volume = krx.volume() / 4;
        return new DailyBar(
                krx.date(),
                krx.base(),
                krx.open(),
                krx.high(),
                krx.low(),
                krx.close(),
                volume,
                volume * (krx.open() + krx.high() + krx.low() + krx.close()) / 4);
    }
}
