package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** When US stocks trade. Implementations are pure: the same instant always gets the same answer. */
public interface UsHours {
    /** The zone in which New York tells time. */
    ZoneId NEW_YORK = ZoneId.of("America/New_York");

    /** The window that {@code now} falls into. */
    UsWindow at(Instant now);

    /** Whether the day market (주간거래) is on, which a Korean broker treats as a market of its own. */
    default boolean isDayMarket(Instant now) {
        return at(now).session() == UsSession.DAY_MARKET;
    }

    /** Whether {@link UsWindow#until} is known; otherwise only asking again tells that a window has ended. */
    boolean hasKnownEnd();

    /** @param date in New York */
    boolean isTradingDay(LocalDate date);

    /** The first instant at which nothing of {@code date} can rest any more. */
    Instant endOf(LocalDate date);

    /** The hours that go with a calendar of the Korean market: New York's own with KRX's, one long session with others. */
    static UsHours of(TradingCalendar calendar) {
        return calendar instanceof KrxCalendar ? new NewYorkHours(NyseDays.load()) : new SingleSessionUsHours(calendar);
    }
}
