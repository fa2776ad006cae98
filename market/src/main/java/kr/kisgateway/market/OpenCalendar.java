package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;

/**
 * A market that is always open, for trials at any hour: continuous trading on every day, the KST date as business date.
 * It is closed in the first minute of each day, in which the books roll to the new date.
 */
public final class OpenCalendar implements TradingCalendar {
    @Override
    public Session session(Instant now) {
        var time = now.atZone(SEOUL);
        return time.getHour() == 0 && time.getMinute() == 0 ? Session.CLOSED : Session.REGULAR;
    }

    /** The KST date; in the closed minute already the new one. */
    @Override
    public LocalDate tradingDay(Instant now) {
        return now.atZone(SEOUL).toLocalDate();
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return true;
    }

    /** Midnight KST after {@code tradingDay}. */
    @Override
    public Instant endOf(LocalDate tradingDay) {
        return tradingDay.plusDays(1).atStartOfDay(SEOUL).toInstant();
    }
}
