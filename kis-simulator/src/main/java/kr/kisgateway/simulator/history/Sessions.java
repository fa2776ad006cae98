package kr.kisgateway.simulator.history;

import java.time.LocalDate;

/** The days and minutes in which a market trades. */
public interface Sessions {
    boolean isTradingDay(LocalDate date);

    /** The minutes of a trading day in which there can be trades, each from 0 to 1439, in order. */
    int[] minutes(LocalDate date);
}
