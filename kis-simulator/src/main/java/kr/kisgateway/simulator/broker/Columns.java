package kr.kisgateway.simulator.broker;

import java.time.LocalDate;

/**
 * The number of columns in records of trades and books. KIS added one to each on 2026-09-14, which broke programs with
 * fixed widths.
 */
public enum Columns {
    /** The columns before 2026-09-14. */
    CLASSIC,
    /** The columns since 2026-09-14. */
    CURRENT;

    private static final LocalDate WIDENED_ON = LocalDate.of(2026, 9, 14);

    /** The columns that KIS sends on a day. */
    static Columns on(LocalDate day) {
        return day.isBefore(WIDENED_ON) ? CLASSIC : CURRENT;
    }
}
