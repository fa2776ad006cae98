package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.gateway.order.OrderForm.Acceptance;
import kr.kisgateway.gateway.risk.RiskFacts.TradingWindow;
import kr.kisgateway.market.PhaseWindow;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;

/**
 * When each kind of order is accepted, and until when it may rest. Pure. The state of a single stock (a halt, a volatility
 * interruption) is not considered: the exchange refuses by it, and definitely.
 */
public final class OrderHours {
    /** An auction ends at a random instant up to 30 s after its time. */
    private static final Duration AUCTION_OVERRUN = Duration.ofMinutes(1);

    private final OrderForm form;
    private final TradingCalendar calendar;
    private final VenueHours hours;

    public OrderHours(OrderForm form, TradingCalendar calendar) {
        this.form = form;
        this.calendar = calendar;
        this.hours = VenueHours.of(calendar);
    }

    OrderForm form() {
        return form;
    }

    TradingCalendar calendar() {
        return calendar;
    }

    /** Whether an order of {@code terms} is accepted now. */
    public TradingWindow window(Terms terms, Instant now) {
        LocalDate day = calendar.tradingDay(now);
        boolean open = books(terms.venue())
                .anyMatch(venue -> form.acceptance(terms.kind(), venue, day)
                        .filter(it ->
                                it.phases().contains(hours.bookPhase(venue, now).phase())
                                        || venue == Venue.KRX
                                                && it.phases()
                                                        .contains(hours.closePricePhase(now)
                                                                .phase()))
                        .isPresent());
        return new TradingWindow(open, calendar.session(now).name());
    }

    private static Instant startOf(LocalDate day) {
        return day.atStartOfDay(TradingCalendar.SEOUL).toInstant();
    }

    /** The first instant at which an order of that day certainly no longer rests. */
    public Instant endOf(Terms terms, LocalDate day) {
        Instant endOfDay = calendar.endOf(day);
        if (!hours.hasDefinedEnd() || !calendar.isTradingDay(day)) {
            return endOfDay;
        }
        return books(terms.venue())
                .flatMap(venue ->
                        form.acceptance(terms.kind(), venue, day).flatMap(it -> endOf(it, venue, day)).stream())
                .reduce((one, other) -> one.isAfter(other) ? one : other)
                .filter(end -> end.isBefore(endOfDay))
                .orElse(endOfDay);
    }

    /** The end of the last window of the phase in which the rest is gone. */
    private Optional<Instant> endOf(Acceptance acceptance, Venue venue, LocalDate day) {
        Optional<Instant> end = Optional.empty();
        for (Instant at = startOf(day); at.isBefore(startOf(day.plusDays(1))); ) {
            PhaseWindow window = window(acceptance, venue, at);
            if (window.phase() == acceptance.last()) {
                end = Optional.of(window.phase().isAuction() ? window.until().plus(AUCTION_OVERRUN) : window.until());
            }
            at = window.until();
        }
        return end;
    }

    private PhaseWindow window(Acceptance acceptance, Venue venue, Instant at) {
        return switch (acceptance.last()) {
            case PREVIOUS_CLOSE, CLOSE_PRICE_INTAKE, CLOSE_PRICE -> hours.closePricePhase(at);
            default -> hours.bookPhase(venue, at);
        };
    }

    /** The venues that an order may go to. */
    private static Stream<Venue> books(Venue venue) {
        return (venue == Venue.SOR ? List.of(Venue.KRX, Venue.NXT) : List.of(venue)).stream();
    }
}
