package kr.kisgateway.market;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sessions of the Korea Exchange: dated rows of usual hours, the weekdays on which it is closed, and the days on
 * which its hours move. An operator's days override them.
 *
 * <p>The module's days reach from {@link #firstCoveredDay} to {@link #lastCoveredDay}. Before them the exchange counts
 * as closed. After them every weekday counts as a trading day, which is wrong on holidays: check {@link
 * #coverageWarning} at start and daily. The random end of auctions (up to 30 s) is not included.
 */
public final class KrxCalendar implements TradingCalendar {
    private static final LocalDate FIRST_COVERED_DAY = LocalDate.of(2024, 1, 1);
    private static final LocalDate LAST_COVERED_DAY = LocalDate.of(2028, 12, 31);
    private static final int WARN_DAYS_AHEAD = 90;
    private static final int DAY_MINUTES = 24 * 60;
    private static final LocalDate NXT_BEGAN = LocalDate.of(2025, 3, 4);
    private static final int NXT_END = 20 * 60;

    private static final List<Dated<Hours>> USUAL = List.of(
            // Era A. The opening auction has begun at 08:30 since 2019-04-29.
            Dated.from(
                    "2019-04-29",
                    Hours.of("08:30", "09:00", "15:20", "15:30", "16:00", Session.AFTER_HOURS_SINGLE_PRICE, "18:00")),
            // Era B. That orders for the opening auction are accepted from 08:20 on is only reported, so it stays at
            // 08:30.
            Dated.from(
                    "2026-09-14",
                    Hours.of("08:30", "09:00", "15:20", "15:30", "16:00", Session.AFTER_MARKET, "20:00")));

    private final Map<LocalDate, CalendarDay> days;

    /** Only the module's own days. */
    public KrxCalendar() {
        this(List.of());
    }

    /** The module's own days with {@code overrides}; the later of two with the same date has precedence. */
    public KrxCalendar(List<CalendarDay> overrides) {
        var all = new HashMap<LocalDate, CalendarDay>();
        builtInDays().forEach(day -> all.put(day.date(), day));
        overrides.forEach(day -> all.put(day.date(), day));
        this.days = Map.copyOf(all);
    }

    @Override
    public Session session(Instant now) {
        var local = now.atZone(SEOUL);
        return hours(local.toLocalDate())
                .map(hours -> hours.at(minuteOf(local)))
                .orElse(Session.CLOSED);
    }

    @Override
    public LocalDate tradingDay(Instant now) {
        return now.atZone(SEOUL).toLocalDate();
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return switch (days.get(date)) {
            case CalendarDay.Closed _ -> false;
            case CalendarDay.Usual _, CalendarDay.Moved _ -> true;
            case null -> !isWeekend(date) && !date.isBefore(FIRST_COVERED_DAY);
        };
    }

    /**
     * The end of the last session of either venue (18:00, and 20:00 since NXT trades), when no order of any kind can rest any
     * more; orders of the regular session expire at the close of {@link #regular} already. On a day without trading it is the
     * day's first instant: no order rests.
     */
    @Override
    public Instant endOf(LocalDate tradingDay) {
        int minute = hours(tradingDay)
                .map(it -> tradingDay.isBefore(NXT_BEGAN) ? it.end() : Math.max(it.end(), NXT_END))
                .orElse(0);
        return tradingDay.atStartOfDay().plusMinutes(minute).atZone(SEOUL).toInstant();
    }

    /** The regular session of {@code date}; empty when the exchange is closed. */
    public Optional<SessionTimes> regular(LocalDate date) {
        return hours(date).map(Hours::regular);
    }

    /** Reason why the exchange is closed on {@code date}; empty on trading days and ordinary weekends. */
    public Optional<String> holidayName(LocalDate date) {
        return days.get(date) instanceof CalendarDay.Closed closed ? Optional.of(closed.reason()) : Optional.empty();
    }

    @Override
    public LocalDate firstCoveredDay() {
        return FIRST_COVERED_DAY;
    }

    /** The last day whose holidays the module lists. */
    public LocalDate lastCoveredDay() {
        return LAST_COVERED_DAY;
    }

    /** One sentence for the operator when the listed days are over on {@code today} or will be in 90 days. */
    public Optional<String> coverageWarning(LocalDate today) {
        if (today.isAfter(LAST_COVERED_DAY)) {
            return Optional.of("The holiday calendar ended on " + LAST_COVERED_DAY
                    + ": every weekday counts as a trading day until the program is renewed or days are overridden.");
        }
        if (today.isAfter(LAST_COVERED_DAY.minusDays(WARN_DAYS_AHEAD))) {
            return Optional.of("The holiday calendar ends on " + LAST_COVERED_DAY
                    + ": renew the program before then, or override the holidays after it.");
        }
        return Optional.empty();
    }

    private Optional<Hours> hours(LocalDate date) {
        if (!isTradingDay(date)) {
            return Optional.empty();
        }
        var usual = Dated.on(date, USUAL);
        return Optional.of(days.get(date) instanceof CalendarDay.Moved moved ? usual.movedTo(moved.times()) : usual);
    }

    private static boolean isWeekend(LocalDate date) {
        return date.getDayOfWeek() == DayOfWeek.SATURDAY || date.getDayOfWeek() == DayOfWeek.SUNDAY;
    }

    private static int minuteOf(ZonedDateTime local) {
        return local.getHour() * 60 + local.getMinute();
    }

    private static List<CalendarDay> builtInDays() {
        return switch (CalendarFile.parse(Csv.text("krx-days.txt"))) {
            case CalendarFile.Days(var days) -> days;
            case CalendarFile.Unreadable bad -> throw new IllegalStateException("krx-days.txt " + bad.problem());
        };
    }

    /** One day's boundaries in minutes after midnight, each the end of one session and the start of the next. */
    private record Hours(
            int auction, int open, int closingAuction, int close, int lateStart, Session lateSession, int end) {
        static Hours of(
                String auction,
                String open,
                String closingAuction,
                String close,
                String late,
                Session lateSession,
                String end) {
            return new Hours(
                    minute(auction),
                    minute(open),
                    minute(closingAuction),
                    minute(close),
                    minute(late),
                    lateSession,
                    minute(end));
        }

        Session at(int minute) {
            if (minute < auction || minute >= end) {
                return Session.CLOSED;
            }
            if (minute < open) {
                return Session.PRE_OPEN_AUCTION;
            }
            if (minute < closingAuction) {
                return Session.REGULAR;
            }
            if (minute < close) {
                return Session.CLOSING_AUCTION;
            }
            return minute < lateStart ? Session.AFTER_HOURS : lateSession;
        }

        SessionTimes regular() {
            return new SessionTimes(time(open), time(close));
        }

        /**
         * Boundaries up to the opening move with it, those before and after the close move with the close; the day's
         * end is fixed, as the exchange announces it for examination days (the late session is shorter by the hour).
         */
        Hours movedTo(SessionTimes times) {
            int opens = minute(times.open());
            int closes = minute(times.close());
            int lateMoved = Math.min(lateStart + closes - close, DAY_MINUTES);
            return new Hours(
                    Math.max(auction + opens - open, 0),
                    opens,
                    closingAuction + closes - close,
                    closes,
                    lateMoved,
                    lateSession,
                    Math.max(end, lateMoved));
        }

        private static int minute(String time) {
            return minute(LocalTime.parse(time));
        }

        private static int minute(LocalTime time) {
            return time.toSecondOfDay() / 60;
        }

        private static LocalTime time(int minute) {
            return LocalTime.ofSecondOfDay(minute * 60L);
        }
    }
}
