package kr.kisgateway.market;

import java.time.Instant;

/** The phase of each venue at an instant. Implementations are pure: the same instant always has the same result. */
public interface VenueHours {
    /**
     * The phase of a venue's order book.
     *
     * @throws IllegalArgumentException for any but KRX and NXT; {@link Venue#SOR} is a routing to one of them
     */
    PhaseWindow bookPhase(Venue venue, Instant now);

    /** The phase of KRX's trading at the closing price, which runs beside the book: at 08:30 both begin. */
    PhaseWindow closePricePhase(Instant now);

    /** Whether {@link PhaseWindow#until} is defined; otherwise only a new query shows that a phase has ended. */
    boolean hasDefinedEnd();

    /** The venues' hours for a calendar: the exchanges' own with theirs, continuous trading with any other. */
    static VenueHours of(TradingCalendar calendar) {
        return calendar instanceof KrxCalendar krx ? new KoreanHours(krx) : new ContinuousHours(calendar);
    }
}
