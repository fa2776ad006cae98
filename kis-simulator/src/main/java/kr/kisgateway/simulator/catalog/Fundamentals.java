package kr.kisgateway.simulator.catalog;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Product;
import kr.kisgateway.wire.print.Percent;

/**
 * Earnings, book value, dividend, capital and foreign ownership of a listed share. The listing has the capital alone; the others
 * are drawn once for each share from the seed and the listing's close, so ratios follow the price and every answer
 * shows the same. Funds have no earnings and no book value.
 *
 * @param eps earnings of a share in won, below 0 for a loss
 * @param bps book value of a share in won
 * @param dividend of a share in won; 0 for none
 * @param foreignRate share of foreigners in hundredths of a percent; all may be theirs, so it is the rate of the limit, too
 */
public record Fundamentals(Instrument instrument, long eps, long bps, long dividend, long foreignRate) {
    private static final long HUNDRED_MILLION = 100_000_000;

    /** Companies of ten trillion won and more: foreigners hold most of theirs. */
    private static final long LARGE = 100_000 * HUNDRED_MILLION;

    private static final long FULL_RATE = 10_000;

    /** The figures of a share in the market of this seed. */
    public static Fundamentals of(long seed, Instrument instrument) {
        SeededDraw draw = SeededDraw.of(seed)
                .with("fundamentals")
                .with(instrument.symbol().code());
        long close = Math.max(1, instrument.close());
        boolean large = close * instrument.listedShares() >= LARGE;
        long foreignRate = draw.with("foreign").between(20, 1_500)
                + (large ? draw.with("large").between(1_500, 3_500) : 0);
        if (instrument.product() != Product.STOCK) {
            return new Fundamentals(instrument, 0, 0, 0, draw.with("foreign").between(1, 300));
        }
        boolean loss = draw.with("loss").below(large ? 20 : 5) == 0;
        long ratio = draw.with("per").between(500, 1_500) + draw.with("growth").between(0, 2_000);
        long eps = loss ? -close * draw.with("per").between(1, 15) / 100 : close * 100 / ratio;
        long bps = close
                * 100
                / (draw.with("pbr").between(30, 120) + draw.with("growth").between(0, 380));
        boolean pays = draw.with("pays").below(10) < 7;
        long dividend = pays ? Math.max(0, eps) * draw.with("payout").between(10, 50) / 100 : 0;
        return new Fundamentals(instrument, eps, Math.max(1, bps), dividend, foreignRate);
    }

    /** The value of a column of that name at a price; empty for other columns. */
    Optional<String> of(String column, LongSupplier price) {
        return switch (column) {
            case "per" -> Optional.of(per(price.getAsLong()));
            case "pbr" -> Optional.of(pbr(price.getAsLong()));
            case "eps" -> Optional.of(perShare(eps));
            case "bps" -> Optional.of(perShare(bps));
            case "cpfn" -> Optional.of(Long.toString(capital()));
            case "per_sto_divi_amt" -> Optional.of(Long.toString(dividend));
            case "divi_rate" -> Optional.of(Percent.of(dividend, price.getAsLong()));
            case "hts_frgn_ehrt", "frgn_hldn_qty_rate" -> Optional.of(foreignPercent());
            case "frgn_limt_rate" -> Optional.of("100.00");
            case "frgn_hldn_qty" -> Optional.of(Long.toString(foreignShares()));
            default -> Optional.empty();
        };
    }

    /** Price to earnings at a price; below 0 for a loss. */
    public String per(long price) {
        return ratio(price, eps);
    }

    /** Price to book value at a price. */
    public String pbr(long price) {
        return ratio(price, bps);
    }

    /** Won of a share with two decimals. */
    public static String perShare(long won) {
        return BigDecimal.valueOf(won).setScale(2).toPlainString();
    }

    /** The capital in units of 100 million won (억); 0 without a par value. */
    public long capital() {
        return instrument.faceValue().orElse(0) * instrument.listedShares() / HUNDRED_MILLION;
    }

    /** The capital with its unit. */
    public String capitalText() {
        return capital() == 0 ? "" : String.format(Locale.ROOT, "%,d 억", capital());
    }

    /** Shares that foreigners hold. */
    public long foreignShares() {
        return instrument.listedShares() / FULL_RATE * foreignRate
                + instrument.listedShares() % FULL_RATE * foreignRate / FULL_RATE;
    }

    /** The part of all shares that foreigners hold, in percent. */
    public String foreignPercent() {
        return BigDecimal.valueOf(foreignRate, 2).toPlainString();
    }

    private static String ratio(long price, long figure) {
        return figure == 0
                ? "0.00"
                : BigDecimal.valueOf(price)
                        .divide(BigDecimal.valueOf(figure), 2, RoundingMode.HALF_UP)
                        .toPlainString();
    }
}
