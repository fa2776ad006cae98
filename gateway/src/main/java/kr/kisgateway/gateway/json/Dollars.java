package kr.kisgateway.gateway.json;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Dollars in the API's form: exact, and without trailing zeros, where KIS writes {@code 187.3400}. Sums are counted in units,
 * ten-thousandths of a dollar.
 */
public final class Dollars {
    private static final int DECIMALS = 4;

    private Dollars() {}

    public static BigDecimal plain(BigDecimal amount) {
        return amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
    }

    /** @throws ArithmeticException when {@code amount} has more decimals than KIS writes */
    public static long units(BigDecimal amount) {
        return amount.movePointRight(DECIMALS).longValueExact();
    }

    /**
     * The nearest units: KIS writes at most four decimals of a dollar [assumed], and further ones are rounded.
     *
     * @throws ArithmeticException when {@code amount} is beyond the range of a {@code long}
     */
    public static long roundedUnits(BigDecimal amount) {
        return units(amount.setScale(DECIMALS, RoundingMode.HALF_UP));
    }

    public static BigDecimal ofUnits(long units) {
        return BigDecimal.valueOf(units, DECIMALS);
    }
}
