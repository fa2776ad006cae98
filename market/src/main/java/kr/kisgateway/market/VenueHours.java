package kr.kisgateway.market;

import java.time.Instant;

/** What each venue does at an instant. Implementations are pure: the same instant always gets the same answer. */
public interface VenueHours {
    /**
     * What the order book of a venue does.
     *
     * @throws IllegalArgumentException for {@link Venue#SOR}, which is no venue but a way to one
     */
    PhaseWindow bookPhase(Venue venue, Instant now);

    /** What KRX's trading at the closing price does, which runs beside the book: at 08:30 both begin. */
    PhaseWindow closePricePhase(Instant now);

    /** Whether {@link PhaseWindow#until} is known; otherwise only asking again tells that a phase has ended. */
    boolean hasKnownEnd();

    /** The venues' hours that go with a calendar: the exchanges' own with theirs, continuous trading with any other. */
    static VenueHours of(TradingCalendar calendar) {
        return calendar instanceof KrxCalendar krx ? new KoreanHours(krx) : new ContinuousHours(calendar);
    }
}
