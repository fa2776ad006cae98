package kr.kisgateway.client.krx;

import java.time.LocalDate;

/**
 * The calls of one day.
 *
 * @param day the date in Seoul
 * @param used calls that were sent, answered or not
 * @param allowed calls allowed
 */
public record KrxQuota(LocalDate day, int used, int allowed) {
    /** Calls left. */
    public int left() {
        return Math.max(0, allowed - used);
    }
}
