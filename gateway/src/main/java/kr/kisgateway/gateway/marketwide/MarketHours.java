package kr.kisgateway.gateway.marketwide;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.MarketPolicy;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;

/** Session of each market at an instant, and the next one. Pure: depends on the calendar and the time alone. */
public final class MarketHours {
    /** Name of KRX as a whole. */
    static final String KRX = "KRX";

    /** No market is closed for longer. */
    private static final Duration LOOKAHEAD = Duration.ofDays(30);

    private final TradingCalendar calendar;
    private final VenueHours venues;
    private final UsHours us;
    private final NyseDays nyse;
    private final Markets markets;
    private final PerMarket<MarketCalendar> calendars;

    /**
     * One market at an instant.
     *
     * @param market {@code KRX}, {@code NXT}, {@code NASD}, {@code NYSE}, {@code AMEX}, and the lists of further markets
     * @param session its session
     * @param date the trading day, by the market's own calendar
     * @param opensAt when the current regular session, or else the next one, begins; absent where the hours have no end
     * @param closesAt when that session ends, closing auction included
     * @param nextAt when {@code session} changes
     * @param nextSession the session after {@code nextAt}
     * @param holiday why there is no trading on {@code date}, when it is a holiday
     */
    record State(
            String market,
            String session,
            LocalDate date,
            boolean tradingDay,
            Optional<Instant> opensAt,
            Optional<Instant> closesAt,
            Optional<Instant> nextAt,
            Optional<String> nextSession,
            Optional<String> holiday) {}

    /** A period with one session of a market. */
    private record Window(String session, boolean regular, Instant from, Instant until) {}

    /** @param calendar of the Korean market */
    public MarketHours(Markets markets, TradingCalendar calendar, NyseDays nyse) {
        this.markets = markets;
        this.calendars = markets.calendars(calendar);
        this.calendar = calendar;
        this.venues = VenueHours.of(calendar);
        this.us = UsHours.of(calendar);
        this.nyse = nyse;
    }

    /** All markets at {@code now}. */
    List<State> at(Instant now) {
        return markets.all().stream().flatMap(policy -> at(policy, now)).toList();
    }

    private Stream<State> at(MarketPolicy policy, Instant now) {
        return switch (calendars.of(policy.market())) {
            case TradingCalendar _ -> Stream.of(krx(now), nxt(now));
            case UsHours _ -> policy.lists().stream().map(exchange -> us(exchange, now));
            case MarketCalendar other -> policy.lists().stream().map(list -> other(list, other, now));
        };
    }

    /** A market whose calendar has sessions, and not when they change. */
    private static State other(String list, MarketCalendar calendar, Instant now) {
        var date = calendar.tradingDay(now);
        return new State(
                list,
                calendar.session(now).name(),
                date,
                calendar.isTradingDay(date),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private State krx(Instant now) {
        var date = calendar.tradingDay(now);
        return state(
                KRX,
                date,
                calendar.isTradingDay(date),
                venues.hasDefinedEnd(),
                this::krxWindow,
                now,
                koreanHoliday(date));
    }

    private State nxt(Instant now) {
        var date = calendar.tradingDay(now);
        return state(
                "NXT",
                date,
                calendar.isTradingDay(date),
                venues.hasDefinedEnd(),
                this::nxtWindow,
                now,
                koreanHoliday(date));
    }

    private State us(String exchange, Instant now) {
        var date = us.at(now).date();
        var holiday = us.hasDefinedEnd() ? nyse.holidayName(date) : Optional.<String>empty();
        return state(exchange, date, us.isTradingDay(date), us.hasDefinedEnd(), this::usWindow, now, holiday);
    }

    private Optional<String> koreanHoliday(LocalDate date) {
        return calendar instanceof KrxCalendar krx ? krx.holidayName(date) : Optional.empty();
    }

    private static State state(
            String market,
            LocalDate date,
            boolean tradingDay,
            boolean timed,
            Function<Instant, Window> windows,
            Instant now,
            Optional<String> holiday) {
        var current = windows.apply(now);
        if (!timed) {
            return new State(
                    market,
                    current.session(),
                    date,
                    tradingDay,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    holiday);
        }
        var next = findWindow(windows, current, now, window -> !window.session().equals(current.session()));
        var regular = findWindow(windows, current, now, Window::regular);
        return new State(
                market,
                current.session(),
                date,
                tradingDay,
                regular.map(window -> regularStart(windows, window)),
                regular.map(window -> regularEnd(windows, window)),
                next.map(Window::from),
                next.map(Window::session),
                holiday);
    }

    /** The first matching window from {@code current} on. */
    private static Optional<Window> findWindow(
            Function<Instant, Window> windows,
            Window current,
            Instant now,
            java.util.function.Predicate<Window> condition) {
        for (var window = current;
                window.from().isBefore(now.plus(LOOKAHEAD));
                window = windows.apply(window.until())) {
            if (condition.test(window)) {
                return Optional.of(window);
            }
        }
        return Optional.empty();
    }

    /** Start of the windows of the regular session that {@code window} belongs to. */
    private static Instant regularStart(Function<Instant, Window> windows, Window window) {
        var first = window;
        for (var previous = windows.apply(first.from().minusNanos(1)); previous.regular(); ) {
            first = previous;
            previous = windows.apply(first.from().minusNanos(1));
        }
        return first.from();
    }

    private static Instant regularEnd(Function<Instant, Window> windows, Window window) {
        var last = window;
        for (var following = windows.apply(last.until()); following.regular(); ) {
            last = following;
            following = windows.apply(last.until());
        }
        return last.until();
    }

    /** KRX's book and its trading at the close price run in parallel; the calendar has one name for both. */
    private Window krxWindow(Instant at) {
        var book = venues.bookPhase(Venue.KRX, at);
        var closePrice = venues.closePricePhase(at);
        return new Window(
                calendar.session(at).name(),
                book.phase() == Phase.REGULAR || book.phase() == Phase.CLOSING_AUCTION,
                later(book.from(), closePrice.from()),
                book.until().isBefore(closePrice.until()) ? book.until() : closePrice.until());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private Window nxtWindow(Instant at) {
        var book = venues.bookPhase(Venue.NXT, at);
        return new Window(book.phase().name(), book.phase() == Phase.REGULAR, book.from(), book.until());
    }

    private Window usWindow(Instant at) {
        var window = us.at(at);
        return new Window(
                window.session().name(), window.session() == UsSession.REGULAR, window.from(), window.until());
    }
}
