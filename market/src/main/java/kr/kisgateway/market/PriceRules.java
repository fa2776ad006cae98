package kr.kisgateway.market;

import java.time.LocalDate;
import java.util.List;

/**
 * Price rules of the Korea Exchange: tick sizes and daily limits, by product and date. All prices are whole won of at
 * least 1; a smaller one is an error of the caller and throws {@link IllegalArgumentException}, and so does a date
 * before 2023-01-25, where the tick tables begin.
 *
 * <p>Not covered, because the listing does not contain the facts: the first day of a new listing (60 % to 400 % of the
 * offer price), liquidation trading (정리매매, no limits), base prices adjusted on ex-days. The broker's {@code stck_mxpr}
 * and {@code stck_llam} are the authority.
 */
public final class PriceRules {
    private static final int PER_MILLE = 1_000;

    /** ±30 % since 2015-06-15, KONEX ±15 % since it opened; in thousandths of the base. */
    private static final List<Dated<Integer>> LIMIT = List.of(Dated.from("2015-06-15", 300));

    private static final List<Dated<Integer>> LIMIT_KONEX = List.of(Dated.from("2013-07-01", 150));

    private static final int TENTHS = 10;

    private PriceRules() {}

    /** The tick size at {@code price}. */
    public static long tick(Product product, long price, LocalDate date) {
        return TickSizes.of(product, date).tickAt(requirePrice(price));
    }

    /** Whether {@code price} is valid for an order. */
    public static boolean isOnTick(Product product, long price, LocalDate date) {
        return price % tick(product, price, date) == 0;
    }

    /** The highest valid price that is not above {@code price}, or the lowest valid price when there is none. */
    public static long snapDown(Product product, long price, LocalDate date) {
        var ticks = TickSizes.of(product, date);
        return Math.max(ticks.roundDown(requirePrice(price)), ticks.tickAt(1));
    }

    /** The lowest valid price that is not below {@code price}. */
    public static long snapUp(Product product, long price, LocalDate date) {
        return TickSizes.of(product, date).roundUp(requirePrice(price));
    }

    /** The valid prices on either side of {@code price}: a suggestion for a price off tick. */
    public static NearestPrices nearest(Product product, long price, LocalDate date) {
        return new NearestPrices(snapDown(product, price, date), snapUp(product, price, date));
    }

    /** The lowest valid price above {@code price}. */
    public static long nextUp(Product product, long price, LocalDate date) {
        return TickSizes.of(product, date).roundUp(Math.addExact(requirePrice(price), 1));
    }

    /** The highest valid price below {@code price}; 0 when there is none. */
    public static long nextDown(Product product, long price, LocalDate date) {
        return TickSizes.of(product, date).roundDown(requirePrice(price) - 1);
    }

    /** The price at which a simulated market starts: the last close, rounded down to a valid price. */
    public static long startPrice(Instrument instrument, LocalDate date) {
        return snapDown(instrument.product(), instrument.close(), date);
    }

    /** The limits with the instrument's last close, unrounded, as the base. */
    public static PriceLimits limits(Instrument instrument, LocalDate date) {
        return limits(instrument, instrument.close(), date);
    }

    /** The limits around {@code base}, wider for a leveraged ETF or ETN. */
    public static PriceLimits limits(Instrument instrument, long base, LocalDate date) {
        return limits(instrument.product(), base, leveragedRate(rate(instrument.board(), date), instrument), date);
    }

    /** The limits around {@code base} of an instrument without leverage. */
    public static PriceLimits limits(Board board, Product product, long base, LocalDate date) {
        return limits(product, base, rate(board, date), date);
    }

    /**
     * The width is truncated to the tick of the base, the upper limit rounded down and the lower one up to the tick of
     * its band. A width of less than a tick would leave a cheap stock a single price, so it is at least one tick, and
     * so is the lower limit [assumed].
     */
    private static PriceLimits limits(Product product, long base, int perMille, LocalDate date) {
        var ticks = TickSizes.of(product, date);
        long tick = ticks.tickAt(requirePrice(base));
        long width = Math.multiplyExact(base, perMille) / PER_MILLE;
        width = Math.max(width - width % tick, tick);
        long upper = ticks.roundDown(Math.addExact(base, width));
        long lower = ticks.roundUp(Math.max(base - width, ticks.tickAt(1)));
        return new PriceLimits(base, lower, upper);
    }

    private static int rate(Board board, LocalDate date) {
        return switch (board) {
            case KOSPI, KOSDAQ -> Dated.on(date, LIMIT);
            case KONEX -> Dated.on(date, LIMIT_KONEX);
        };
    }

    /** A leveraged product's limit is the market's times its multiple, which is derived from its name [assumed]. */
    private static int leveragedRate(int perMille, Instrument instrument) {
        return switch (instrument.product()) {
            case STOCK -> perMille;
            case ETF, ETN -> perMille * leverageTenths(instrument.name()) / TENTHS;
        };
    }

    private static int leverageTenths(String name) {
        for (int x = name.indexOf('X', 1); x > 0; x = name.indexOf('X', x + 1)) {
            int multiple = multipleTenths(name, x);
            if (multiple > 0) {
                return multiple;
            }
        }
        return name.contains("레버리지") ? 2 * TENTHS : TENTHS;
    }

    /**
     * The multiple before the X at {@code x}, as in {@code 인버스2X} and {@code 1.5X}, in tenths; 0 when there is none: not the X of
     * KODEX, and not 0.5X.
     */
    private static int multipleTenths(String name, int x) {
        if (x + 1 < name.length() && isLatinLetter(name.charAt(x + 1))) {
            return 0;
        }
        boolean decimal = x >= 3 && name.charAt(x - 2) == '.' && isDigit(name.charAt(x - 1));
        int first = decimal ? x - 3 : x - 1;
        char whole = name.charAt(first);
        boolean partOfANumber = first > 0 && (isDigit(name.charAt(first - 1)) || name.charAt(first - 1) == '.');
        if (whole < '1' || whole > '9' || partOfANumber) {
            return 0;
        }
        return (whole - '0') * TENTHS + (decimal ? name.charAt(x - 1) - '0' : 0);
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isLatinLetter(char character) {
        return character >= 'A' && character <= 'Z' || character >= 'a' && character <= 'z';
    }

    private static long requirePrice(long price) {
        if (price < 1) {
            throw new IllegalArgumentException("not a price: " + price);
        }
        return price;
    }
}
