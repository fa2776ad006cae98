package kr.kisgateway.wire.print;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Percentages as KIS prints them: two decimals, rounded half up [assumed], in every answer and frame alike. Without a
 * whole it is "0.00".
 */
public final class Percent {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private Percent() {}

    /** {@code part} of {@code whole} in percent, such as "-3.32". */
    public static String of(long part, long whole) {
        return of(BigDecimal.valueOf(part), BigDecimal.valueOf(whole));
    }

    /** {@code part} of {@code whole} in percent, such as "-3.32". */
    public static String of(BigDecimal part, BigDecimal whole) {
        return whole.signum() == 0
                ? "0.00"
                : part.multiply(HUNDRED).divide(whole, 2, RoundingMode.HALF_UP).toPlainString();
    }
}
