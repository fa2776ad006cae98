package kr.kisgateway.gateway.json;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.market.Currency;

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

    public static BigDecimal ofUnits(long units) {
        return BigDecimal.valueOf(units, DECIMALS);
    }

    /** Appends the field {@code name}: an amount in units of {@code currency}. */
    public static void field(JsonBuffer json, String name, Currency currency, long units) {
        value(json.name(name), currency, units);
    }

    /** Appends an amount in units of {@code currency}. */
    public static JsonBuffer value(JsonBuffer json, Currency currency, long units) {
        return currency.decimals() == 0 ? json.value(units) : json.value(plain(ofUnits(units)));
    }

    /** Appends the field {@code name}, null where there is no amount. */
    public static void field(JsonBuffer json, String name, Optional<BigDecimal> amount) {
        if (amount.isPresent()) {
            json.field(name, plain(amount.get()));
        } else {
            json.fieldNull(name);
        }
    }
}
