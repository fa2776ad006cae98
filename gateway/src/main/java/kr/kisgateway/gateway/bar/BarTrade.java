package kr.kisgateway.gateway.bar;

/**
 * A trade as bars need it, of any market: prices in whole units of its currency (won, ten-thousandths of a dollar), times by
 * the clock of its exchange.
 *
 * @param day of the trade, {@code yyyyMMdd}
 * @param timeOfDay of the trade, {@code HHmmss}
 * @param qty shares of this trade
 * @param volume shares traded that day, this trade included
 */
public record BarTrade(int day, int timeOfDay, long price, long qty, long volume) {}
