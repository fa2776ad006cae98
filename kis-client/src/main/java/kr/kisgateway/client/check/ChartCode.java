package kr.kisgateway.client.check;

import java.util.Optional;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.core.Refusals;
import kr.kisgateway.market.BarPeriod;

/** KIS's codes for the period of a bar, in charts of days and longer. Empty where a chart has no such bar. */
public final class ChartCode {
    private ChartCode() {}

    /** {@code FID_PERIOD_DIV_CODE}, for stocks and indices of Korea. */
    public static Optional<String> domestic(BarPeriod period) {
        return switch (period) {
            case DAY -> Optional.of("D");
            case WEEK -> Optional.of("W");
            case MONTH -> Optional.of("M");
            case YEAR -> Optional.of("Y");
            case M1, M3, M5, M10, M30, M60 -> Optional.empty();
        };
    }

    /** {@code GUBN}, for overseas stocks. */
    public static Optional<String> overseas(BarPeriod period) {
        return switch (period) {
            case DAY -> Optional.of("0");
            case WEEK -> Optional.of("1");
            case MONTH -> Optional.of("2");
            case YEAR, M1, M3, M5, M10, M30, M60 -> Optional.empty();
        };
    }

    /** The refusal of bars that such a chart does not have. */
    public static <T> KisReply<T> refused(BarPeriod period) {
        return period.isIntraday()
                ? Refusals.invalidRequest(
                        "a chart of days has no bars of " + period.wireName(), "request the minutes of a day")
                : Refusals.invalidRequest("overseas charts have no bars of a " + period, "request months");
    }
}
