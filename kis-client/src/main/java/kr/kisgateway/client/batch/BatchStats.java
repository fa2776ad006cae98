package kr.kisgateway.client.batch;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;

/**
 * Calls and time of a batch.
 *
 * @param requestCount queries; one that the client retried by itself counts once, a chart of several pages too
 * @param succeeded symbols with an answer
 * @param took from the first query to the last answer
 * @param failures symbols without an answer, by the code of their failure
 */
public record BatchStats(int requestCount, int succeeded, Duration took, Map<String, Integer> failures) {
    public BatchStats {
        failures = Map.copyOf(failures);
    }

    /** Answers a second, two decimals; 0 when there was none, or no time passed. */
    public BigDecimal perSecond() {
        return took.isPositive()
                ? BigDecimal.valueOf(succeeded)
                        .divide(BigDecimal.valueOf(took.toNanos()).movePointLeft(9), 2, RoundingMode.HALF_UP)
                : BigDecimal.ZERO.setScale(2);
    }
}
