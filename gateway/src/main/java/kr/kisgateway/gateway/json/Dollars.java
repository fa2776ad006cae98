package kr.kisgateway.gateway.json;

import java.math.BigDecimal;
import java.math.RoundingMode;
import kr.kisgateway.market.Currency;

/**
 * Dollars in the API's form: exact, and without trailing zeros, where KIS writes {@code 187.3400}. Sums are counted in units,
 * ten-thousandths of a dollar.
 */
public final class Dollars {
    private static final int DECIMALS = Currency.USD.decimals();

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

    /**
     * Only whole units, for money that can be spent.
     *
     * @throws ArithmeticException when {@code amount} is beyond the range of a {@code long}
     */
    public static long unitsRoundedDown(BigDecimal amount) {
        return units(amount.setScale(DECIMALS, RoundingMode.DOWN));
    }

    public static BigDecimal ofUnits(long units) {
        return BigDecimal.valueOf(units, DECIMALS);
    }
}
