package kr.kisgateway.gateway.json;

import java.math.BigDecimal;
import java.util.Optional;

/** Dollars as the API writes them: exact, and without zeros at the end, where KIS writes {@code 187.3400}. */
public final class Dollars {
    private Dollars() {}

    public static BigDecimal plain(BigDecimal amount) {
        return amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
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
