package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The sessions of US stocks as a Korean broker offers them. Pre-market, regular session and after-market follow New York's
 * clock, so they come an hour earlier in Korea while New York has summer time; the day market and the end of the
 * after-market follow Korea's.
 *
 * <table><caption>in Korea</caption>
 * <tr><th></th><th>winter</th><th>summer</th></tr>
 * <tr><td>day market</td><td>10:00–18:00</td><td>10:00–17:00</td></tr>
 * <tr><td>pre-market</td><td>18:00–23:30</td><td>17:00–22:30</td></tr>
 * <tr><td>regular session</td><td>23:30–06:00</td><td>22:30–05:00</td></tr>
 * <tr><td>after-market</td><td>06:00–07:00</td><td>05:00–07:00</td></tr>
 * </table>
 *
 * <p>That the day market of summer ends as the pre-market begins is assumed, since the one would reach into the other; so is
 * that there is no day market on New York's holidays, and that the after-market begins at once when New York closes early.
 */
public final class NewYorkHours implements UsHours {
    private static final LocalTime DAY_MARKET = LocalTime.of(10, 0);
    private static final LocalTime END = LocalTime.of(7, 0);
    private static final LocalTime PRE = LocalTime.of(4, 0);

    private final NyseDays days;

    /** The day of the last query: a market queries one day all day. */
    private volatile List<UsWindow> windows = List.of();

    public NewYorkHours(NyseDays days) {
        this.days = days;
    }

    @Override
    public UsWindow at(Instant now) {
        List<UsWindow> cached = windows;
        if (cached.isEmpty()
                || now.isBefore(cached.getFirst().from())
                || !now.isBefore(cached.getLast().until())) {
            cached = windowsOf(dateOf(now));
            windows = cached;
        }
        return cached.stream()
                .filter(window -> now.isBefore(window.until()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(now + " is after the windows of its day"));
    }

    @Override
    public boolean hasDefinedEnd() {
        return true;
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return days.isTradingDay(date);
    }

    @Override
    public LocalDate firstCoveredDay() {
        return NyseDays.FIRST_COVERED_DAY;
    }

    /** 07:00 in Korea. */
    @Override
    public Instant startOf(LocalDate date) {
        return seoul(date, END);
    }

    /** 07:00 in Korea on the day after. */
    @Override
    public Instant endOf(LocalDate date) {
        return seoul(date.plusDays(1), END);
    }

    /** The end of the trading day of a time, which need not be one on which New York trades. */
    public static Instant endOfDay(Instant now) {
        return seoul(dateOf(now).plusDays(1), END);
    }

    /** A date's trading is between 07:00 in Korea on it and on the next. */
    private static LocalDate dateOf(Instant now) {
        return now.atZone(TradingCalendar.SEOUL).minusHours(END.getHour()).toLocalDate();
    }

    private List<UsWindow> windowsOf(LocalDate date) {
        Instant from = seoul(date, END);
        if (!isTradingDay(date)) {
            return List.of(new UsWindow(UsSession.CLOSED, date, from, endOf(date)));
        }
        SessionTimes regular = days.regular(date);
        List<UsWindow> all = new ArrayList<>();
        add(all, UsSession.CLOSED, date, from, seoul(date, DAY_MARKET));
        add(all, UsSession.DAY_MARKET, date, seoul(date, DAY_MARKET), newYork(date, PRE));
        add(all, UsSession.PRE, date, newYork(date, PRE), newYork(date, regular.open()));
        add(all, UsSession.REGULAR, date, newYork(date, regular.open()), newYork(date, regular.close()));
        add(all, UsSession.AFTER, date, newYork(date, regular.close()), endOf(date));
        return List.copyOf(all);
    }

    private static void add(List<UsWindow> all, UsSession session, LocalDate date, Instant from, Instant until) {
        all.add(new UsWindow(session, date, from, until));
    }

    private static Instant seoul(LocalDate date, LocalTime time) {
        return date.atTime(time).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private static Instant newYork(LocalDate date, LocalTime time) {
        return date.atTime(time).atZone(NEW_YORK).toInstant();
    }
}
