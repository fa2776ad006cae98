package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.PriceRules;

/**
 * The valid prices of an instrument of the Korea Exchange. Before 2023-01-25, where the tick tables begin, the first of them
 * applies [assumed]; before 2015-06-15 the daily limit was 15 %.
 *
 * @param instrument whose product and leverage decide
 */
public record KrxGrid(Instrument instrument) implements PriceGrid {
    private static final LocalDate FIRST_TICKS = LocalDate.of(2023, 1, 25);
    private static final LocalDate WIDE_LIMITS = LocalDate.of(2015, 6, 15);
    private static final int OLD_LIMIT = 150;

    @Override
    public long down(long price, LocalDate date) {
        return PriceRules.snapDown(instrument.product(), price, tickTableDate(date));
    }

    @Override
    public long next(long price, LocalDate date) {
        return PriceRules.nextUp(instrument.product(), price, tickTableDate(date));
    }

    @Override
    public long lowest(long base, LocalDate date) {
        long lowest = PriceRules.limits(instrument, base, tickTableDate(date)).lower();
        return date.isBefore(WIDE_LIMITS)
                ? Math.max(lowest, PriceRules.snapUp(instrument.product(), base - oldWidth(base), FIRST_TICKS))
                : lowest;
    }

    @Override
    public long highest(long base, LocalDate date) {
        long highest = PriceRules.limits(instrument, base, tickTableDate(date)).upper();
        return date.isBefore(WIDE_LIMITS) ? Math.min(highest, down(base + oldWidth(base), FIRST_TICKS)) : highest;
    }

    /** The limit before 2015-06-15: at least a tick, as today, and never all of the price. */
    private long oldWidth(long base) {
        long tick = PriceRules.tick(instrument.product(), base, FIRST_TICKS);
        return Math.min(Math.max(base * OLD_LIMIT / 1_000, tick), base - 1);
    }

    private static LocalDate tickTableDate(LocalDate date) {
        return date.isBefore(FIRST_TICKS) ? FIRST_TICKS : date;
    }
}
