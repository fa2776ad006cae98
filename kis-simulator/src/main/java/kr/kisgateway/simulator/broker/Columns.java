package kr.kisgateway.simulator.broker;

import java.time.LocalDate;

/**
 * How many columns records of trades and books have. KIS added one to each on 2026-09-14, and programs with fixed widths
 * stopped reading them.
 */
public enum Columns {
    /** Those before 2026-09-14. */
    CLASSIC,
    /** Those since. */
    CURRENT;

    private static final LocalDate WIDENED_ON = LocalDate.of(2026, 9, 14);

    /** What KIS sends on a day. */
    static Columns on(LocalDate day) {
        return day.isBefore(WIDENED_ON) ? CLASSIC : CURRENT;
    }
}
