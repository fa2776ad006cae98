package kr.kisgateway.market;

import java.time.LocalTime;

/**
 * The regular session of a day by its own market's clock: trading is continuous from {@code open} until the closing
 * auction, which ends at {@code close}. Half-open, as {@link Session} is.
 */
public record SessionTimes(LocalTime open, LocalTime close) {
    public SessionTimes {
        if (!open.isBefore(close)) {
            throw new IllegalArgumentException("a session opens before it closes, not " + open + "-" + close);
        }
    }
}
