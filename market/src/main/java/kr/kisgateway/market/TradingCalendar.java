package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** Trading days and sessions of a market. Implementations are pure: the same instant always has the same result. */
public interface TradingCalendar {
    /** Time zone of the Korean market and of business dates. */
    ZoneId SEOUL = ZoneId.of("Asia/Seoul");

    /** The session at {@code now}. */
    Session session(Instant now);

    /** The business date of an order accepted at {@code now}; on a closed day the date itself. */
    LocalDate tradingDay(Instant now);

    /** Whether {@code date} is a trading day. */
    boolean isTradingDay(LocalDate date);

    /** The first instant at which orders of {@code tradingDay} can no longer rest: its session end. */
    Instant endOf(LocalDate tradingDay);
}
