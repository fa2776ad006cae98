package kr.kisgateway.market;

import java.time.Instant;

/**
 * Continuous trading on both venues whenever a calendar has its market in the regular session, and nothing else: no
 * auction, no trading at the close. For {@link OpenCalendar} and calendars of tests.
 */
public final class ContinuousHours implements VenueHours {
    private final TradingCalendar calendar;

    public ContinuousHours(TradingCalendar calendar) {
        this.calendar = calendar;
    }

    @Override
    public PhaseWindow bookPhase(Venue venue, Instant now) {
        if (venue != Venue.KRX && venue != Venue.NXT) {
            throw new IllegalArgumentException(venue + " has no book in Korea");
        }
        boolean trades = calendar.isTradingDay(calendar.tradingDay(now)) && calendar.session(now) == Session.REGULAR;
        return always(trades ? Phase.REGULAR : Phase.CLOSED);
    }

    @Override
    public PhaseWindow closePricePhase(Instant now) {
        return always(Phase.CLOSED);
    }

    @Override
    public boolean hasDefinedEnd() {
        return false;
    }

    private static PhaseWindow always(Phase phase) {
        return new PhaseWindow(phase, Instant.MIN, Instant.MAX);
    }
}
