package kr.kisgateway.simulator.history;

/**
 * The trades of one minute of a day.
 *
 * @param minute of the day, 0 to 1439
 * @param turnover the prices of all pieces together, in the unit of a price
 */
public record MinuteBar(int minute, long open, long high, long low, long close, long volume, long turnover) {}
