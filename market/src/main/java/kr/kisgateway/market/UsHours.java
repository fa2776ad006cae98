package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** Trading hours of US stocks. Implementations are pure: the same instant always has the same result. */
public interface UsHours {
    /** The time zone of New York. */
    ZoneId NEW_YORK = ZoneId.of("America/New_York");

    /** The window that contains {@code now}. */
    UsWindow at(Instant now);

    /** Whether the day market (주간거래) is on, which a Korean broker treats as a market of its own. */
    default boolean isDayMarket(Instant now) {
        return at(now).session() == UsSession.DAY_MARKET;
    }

    /** Whether {@link UsWindow#until} is defined; otherwise only a new query shows that a window has ended. */
    boolean hasDefinedEnd();

    /** @param date in New York */
    boolean isTradingDay(LocalDate date);

    /** The first instant at which no order of {@code date} can rest any more. */
    Instant endOf(LocalDate date);

    /** The hours for a calendar of the Korean market: New York's own with KRX's, one long session with others. */
    static UsHours of(TradingCalendar calendar) {
        return calendar instanceof KrxCalendar ? new NewYorkHours(NyseDays.load()) : new SingleSessionUsHours(calendar);
    }
}
