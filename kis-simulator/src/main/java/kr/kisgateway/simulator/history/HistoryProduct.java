package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.Optional;

/**
 * What has a past.
 *
 * @param key tells it from all others; what is drawn follows from it and the seed
 * @param close the price that its past ends at
 * @param listedOn its first trading day, where that is known
 * @param typicalVolume pieces traded on a usual day
 * @param volatility by what part the price usually moves in a day, such as 0.02
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
