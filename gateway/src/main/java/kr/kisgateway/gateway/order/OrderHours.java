package kr.kisgateway.gateway.order;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.OrderForm.Acceptance;
import kr.kisgateway.gateway.order.OrderForm.UsAcceptance;
import kr.kisgateway.gateway.risk.RiskFacts.TradingWindow;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.PhaseWindow;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsWindow;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;

/**
 * The trading days of the markets that take orders, when each kind of order is accepted, and until when it may rest. The same
 * question always has the same answer. The state of a single stock (a halt, a volatility interruption) is not considered: the
 * exchange refuses by it, and definitely.
 */
public final class OrderHours {
    /** An auction ends at a random instant up to 30 s after its time. */
    private static final Duration AUCTION_OVERRUN = Duration.ofMinutes(1);

    /** Kinds of orders on the days of open orders: far more than there are. */
    private static final int ENDS_MAX = 1_000;

    private static final List<Market> MARKETS = List.of(Market.KOREA, Market.US);

    private final OrderForm form;
    private final TradingCalendar calendar;
    private final UsHours usHours;
    private final VenueHours hours;

    /** Computing one walks through the phases of a day, and each open order asks with every list. */
    private final LoadingCache<EndKey, Instant> ends =
            Caffeine.newBuilder().maximumSize(ENDS_MAX).build(this::endOf);

    /** Registers the meters. */
    void bindTo(Meters meters) {
        meters.cacheLimit("order_ends", ends::estimatedSize, ENDS_MAX);
    }

    private record EndKey(TradingDay day, OrderKind kind, Venue venue) {}

    public OrderHours(OrderForm form, TradingCalendar calendar) {
        this(form, calendar, UsHours.of(calendar));
    }

    public OrderHours(OrderForm form, TradingCalendar calendar, UsHours usHours) {
        this.form = form;
        this.calendar = calendar;
        this.usHours = usHours;
        this.hours = VenueHours.of(calendar);
    }

    OrderForm form() {
        return form;
    }

    /** The markets that take orders, Korea first. */
    public List<Market> markets() {
        return MARKETS;
    }

    private MarketCalendar calendar(Market market) {
        return market.equals(Market.US) ? usHours : calendar;
    }

    /** The trading day of {@code market} now. */
    public TradingDay today(Market market, Instant now) {
        return new TradingDay(market, calendar(market).tradingDay(now));
    }

    /** The trading day of an order of {@code symbol} that is accepted now. */
    TradingDay today(MarketSymbol symbol, Instant now) {
        return today(symbol.market(), now);
    }

    /** The first instant at which an order of {@code day} may be accepted. */
    Instant startOf(TradingDay day) {
        return calendar(day.market()).startOf(day.date());
    }

    /** The first instant at which no order of {@code day} rests any more. */
    Instant endOf(TradingDay day) {
        return calendar(day.market()).endOf(day.date());
    }

    /** The day on which trades of {@code day} settle. */
    LocalDate settlementDay(TradingDay day) {
        return calendar(day.market()).settlementDay(day.date());
    }

    /** Whether the venue has such an order, and accepts one now. */
    boolean accepts(Terms terms, Instant now) {
        LocalDate day = today(terms.symbol(), now).date();
        return form.refusal(terms.side(), terms.kind(), terms.venue(), day).isEmpty()
                && window(terms, now).isOpen();
    }

    /** Whether an order of {@code terms} is accepted now. */
    public TradingWindow window(Terms terms, Instant now) {
        if (terms.symbol().market().equals(Market.US)) {
            return usWindow(terms, now);
        }
        LocalDate day = calendar.tradingDay(now);
        boolean open = books(terms.venue())
                .anyMatch(venue -> isInBook(terms, venue, day, now)
                        || venue == Venue.KRX
                                && form.acceptance(terms.kind(), venue, day)
                                        .filter(it -> it.phases()
                                                .contains(hours.closePricePhase(now)
                                                        .phase()))
                                        .isPresent());
        return new TradingWindow(open, calendar.session(now).name());
    }

    /** Whether the venue's book accepts such an order now. */
    private boolean isInBook(Terms terms, Venue venue, LocalDate day, Instant now) {
        return form.acceptance(terms.kind(), venue, day)
                .filter(it -> it.phases().contains(hours.bookPhase(venue, now).phase()))
                .isPresent();
    }

    /** Whether an order of {@code terms} is matched as it arrives: its book accepts it, and not for an auction. */
    boolean isContinuous(Terms terms, Instant now) {
        if (terms.symbol().market().equals(Market.US)) {
            return window(terms, now).isOpen() && usHours.session(now) == UsSession.REGULAR;
        }
        LocalDate day = calendar.tradingDay(now);
        return books(terms.venue())
                .anyMatch(venue -> isInBook(terms, venue, day, now)
                        && hours.bookPhase(venue, now).phase().isContinuous());
    }

    private TradingWindow usWindow(Terms terms, Instant now) {
        UsSession session = usHours.session(now);
        boolean open = usHours.hasDefinedEnd()
                ? form.usAcceptance(terms.kind())
                        .filter(it -> it.sessions().contains(session))
                        .isPresent()
                : session.isOpen();
        return new TradingWindow(open, session.name());
    }

    /** The first instant at which an order of that day certainly no longer rests. */
    public Instant endOf(Terms terms, LocalDate day) {
        return ends.get(new EndKey(new TradingDay(terms.symbol().market(), day), terms.kind(), terms.venue()));
    }

    private Instant endOf(EndKey key) {
        Instant endOfDay = endOf(key.day());
        if (!calendar(key.day().market()).isTradingDay(key.day().date())) {
            return endOfDay;
        }
        Optional<Instant> end =
                key.day().market().equals(Market.US) ? endOfUs(key.kind(), key.day()) : endOfKorean(key);
        return end.filter(at -> at.isBefore(endOfDay)).orElse(endOfDay);
    }

    private Optional<Instant> endOfKorean(EndKey key) {
        return hours.hasDefinedEnd()
                ? books(key.venue())
                        .flatMap(venue -> form
                                .acceptance(key.kind(), venue, key.day().date())
                                .flatMap(it -> endOf(it, venue, key.day().date()))
                                .stream())
                        .reduce((one, other) -> one.isAfter(other) ? one : other)
                : Optional.empty();
    }

    /** The end of the session after which the rest is gone; an order for the open or the close trades after it. */
    private Optional<Instant> endOfUs(OrderKind kind, TradingDay day) {
        Optional<UsSession> last = form.usAcceptance(kind).map(UsAcceptance::last);
        if (!usHours.hasDefinedEnd() || last.isEmpty()) {
            return Optional.empty();
        }
        for (Instant at = startOf(day); at.isBefore(endOf(day)); ) {
            UsWindow window = usHours.at(at);
            if (window.session() == last.get()) {
                return Optional.of(
                        kind.type() == OrderType.LIMIT
                                ? window.until()
                                : window.until().plus(AUCTION_OVERRUN));
            }
            at = window.until();
        }
        return Optional.empty();
    }

    /** The same, where the market has hours; empty where it never closes. */
    Optional<Instant> definedEndOf(Terms terms, LocalDate day) {
        boolean closes = terms.symbol().market().equals(Market.US) ? usHours.hasDefinedEnd() : hours.hasDefinedEnd();
        return closes ? Optional.of(endOf(terms, day)) : Optional.empty();
    }

    /** The end of the last window of the phase in which the rest is gone. */
    private Optional<Instant> endOf(Acceptance acceptance, Venue venue, LocalDate day) {
        Optional<Instant> end = Optional.empty();
        for (Instant at = calendar.startOf(day); at.isBefore(calendar.startOf(day.plusDays(1))); ) {
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
