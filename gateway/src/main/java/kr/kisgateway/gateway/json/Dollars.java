package kr.kisgateway.gateway.json;

import java.math.BigDecimal;

/**
 * Dollars in the API's form: exact, and without trailing zeros, where KIS writes {@code 187.3400}. Sums are counted in units,
 * ten-thousandths of a dollar.
 */
public final class Dollars {
    /** Decimals of a unit. */
    public static final int DECIMALS = 4;

    private Dollars() {}

    public static BigDecimal plain(BigDecimal amount) {
        return amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
    }

    /** @throws ArithmeticException when {@code amount} has more decimals than KIS writes */
    public static long units(BigDecimal amount) {
        return amount.movePointRight(DECIMALS).longValueExact();
    }

    public static BigDecimal ofUnits(long units) {
        return BigDecimal.valueOf(units, DECIMALS);
    }
}
