package kr.kisgateway.market;

import java.time.LocalDate;
import java.util.List;

/**
 * Costs of a trade in won: the broker's commission on both sides and the tax on sales, each truncated to whole won
 * [assumed; some statements truncate to 10 won]. Arithmetic is exact; an amount below 0 throws {@link
 * IllegalArgumentException}. Rates as the press and brokers report them.
 *
 * @param commissionRate commission in billionths (10⁻⁹) of the amount
 */
public record Costs(long commissionRate) {
    /** 0.0140527 %, KIS's rate for accounts opened online; other accounts have other rates. */
    public static final long USUAL_COMMISSION_RATE = 140_527;

    /** 0.25 %, KIS's rate for US stocks; accounts with an event rate pay less. */
    public static final long USUAL_US_COMMISSION_RATE = 2_500_000;

    private static final long BILLION = 1_000_000_000;

    /** Securities transaction tax and, on KOSPI, the 0.15 % special tax for rural development (농특세), in billionths. */
    private static final List<Dated<SellTax>> SELL_TAX = List.of(
            Dated.from("2023-01-01", new SellTax(500_000 + 1_500_000, 2_000_000, 1_000_000)),
            Dated.from("2024-01-01", new SellTax(300_000 + 1_500_000, 1_800_000, 1_000_000)),
            Dated.from("2025-01-01", new SellTax(1_500_000, 1_500_000, 1_000_000)),
            Dated.from("2026-01-01", new SellTax(500_000 + 1_500_000, 2_000_000, 1_000_000)));

    public Costs {
        if (commissionRate < 0 || commissionRate >= BILLION) {
            throw new IllegalArgumentException("not a rate in billionths: " + commissionRate);
        }
    }

    /** Costs at KIS's usual commission. */
    public static Costs usual() {
        return new Costs(USUAL_COMMISSION_RATE);
    }

    /** The broker's commission on a trade of {@code amount}, both in units of one currency. */
    public long commission(long amount) {
        return applyRate(amount, commissionRate);
    }

    /**
     * The tax in won on a sale of {@code amount} won; ETFs and ETNs pay none.
     *
     * @throws IllegalArgumentException when {@code date} is before 2023, where the table begins
     */
    public long sellTax(Board board, Product product, long amount, LocalDate date) {
        return applyRate(amount, sellTaxRate(board, product, date));
    }

    /**
     * The rate of the tax on sales on {@code date}, in billionths of the amount.
     *
     * @throws IllegalArgumentException when {@code date} is before 2023, where the table begins
     */
    public static long sellTaxRate(Board board, Product product, LocalDate date) {
        return switch (product) {
            case STOCK -> Dated.on(date, SELL_TAX).rate(board);
            case ETF, ETN -> 0;
        };
    }

    /** Commission and, on a sale, tax in won of a trade of {@code amount} won. */
    public long of(Side side, Board board, Product product, long amount, LocalDate date) {
        return switch (side) {
            case BUY -> commission(amount);
            case SELL -> Math.addExact(commission(amount), sellTax(board, product, amount, date));
        };
    }

    /** {@code amount × rate ÷ 10⁹}, rounded down; billions are multiplied separately, so that no amount overflows. */
    private static long applyRate(long amount, long rate) {
        if (amount < 0) {
            throw new IllegalArgumentException("not an amount: " + amount);
        }
        return amount / BILLION * rate + amount % BILLION * rate / BILLION;
    }

    private record SellTax(long kospi, long kosdaq, long konex) {
        long rate(Board board) {
            return switch (board) {
                case KOSPI -> kospi;
                case KOSDAQ -> kosdaq;
                case KONEX -> konex;
            };
        }
    }
}
