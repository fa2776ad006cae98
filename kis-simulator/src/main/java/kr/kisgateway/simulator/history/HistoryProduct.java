package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.Optional;

/**
 * A product with a price history.
 *
 * @param key unique; the draws follow from it and the seed
 * @param close the last price of its generated past
 * @param listedOn its first trading day, where the listing has it
 * @param typicalVolume pieces traded on a typical day
 * @param volatility the typical daily move as a fraction, such as 0.02
 */
public record HistoryProduct(
        String key, long close, Optional<LocalDate> listedOn, long typicalVolume, double volatility, PriceGrid grid) {
    public HistoryProduct {
        if (close < 1 || typicalVolume < 1 || !(volatility > 0 && volatility < 0.1)) {
            throw new IllegalArgumentException(
                    key + " has no past: close " + close + ", volume " + typicalVolume + ", volatility " + volatility);
        }
    }
}
