package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * When a market trades. Implementations are pure: the same instant always gets the same answer.
 */
public interface TradingCalendar {
    /** The zone in which Korean market time and business dates are told. */
    ZoneId SEOUL = ZoneId.of("Asia/Seoul");

    /** The session that {@code now} falls into. */
    Session session(Instant now);

    /** The business date that an order taken at {@code now} belongs to; on a closed day the date itself. */
    LocalDate tradingDay(Instant now);

    /** Whether {@code date} is a trading day. */
    boolean isTradingDay(LocalDate date);

    /** The first instant at which orders of {@code tradingDay} can no longer rest: its session end. */
    Instant endOf(LocalDate tradingDay);
}
