package kr.kisgateway.gateway.report;

import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Numbers as people read them: {@code 1,234,500}. */
public final class Numbers {
    private Numbers() {}

    /** With four decimals at most. */
    public static String text(BigDecimal value) {
        return new DecimalFormat("#,##0.####", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
    }

    public static String text(long value) {
        return text(BigDecimal.valueOf(value));
    }
}
