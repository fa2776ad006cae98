package kr.kisgateway.gateway.doctor;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.function.Predicate;
import kr.kisgateway.market.TradingCalendar;

/**
 * When real keys may be checked: while neither Korea (08:00–17:00) nor New York (22:00–06:00 in Seoul) has its main
 * hours. On ordinary days that is 06:00–08:00 and 17:00–22:00, plus weekends and the hours of a market on holiday.
 *
 * <p>Weak spot: NXT, KRX's after-market and the pre-market of New York overlap these hours nowadays. The command warns
 * traders of these sessions.
 */
public final class CheckWindow {
    /** Times of day in Seoul at which the window may open or close. */
    private static final List<LocalTime> BOUNDARIES =
            List.of(LocalTime.of(6, 0), LocalTime.of(8, 0), LocalTime.of(17, 0), LocalTime.of(22, 0));

    private static final LocalTime US_END = LocalTime.of(6, 0);
    private static final LocalTime KOREA_BEGIN = LocalTime.of(8, 0);
    private static final LocalTime KOREA_END = LocalTime.of(17, 0);
    private static final LocalTime US_BEGIN = LocalTime.of(22, 0);
    private static final int DAYS_AHEAD = 14;

    private final Predicate<LocalDate> korea;
    private final Predicate<LocalDate> newYork;

    /**
     * @param korea whether the Korea Exchange trades on a date
     * @param newYork whether New York trades, on its own date
     */
    public CheckWindow(Predicate<LocalDate> korea, Predicate<LocalDate> newYork) {
        this.korea = korea;
        this.newYork = newYork;
    }

    /** Whether both markets are outside their main hours. */
    public boolean isOpen(Instant now) {
        return isOpen(now.atZone(TradingCalendar.SEOUL));
    }

    /** When the window opens next; {@code now} when it is open. */
    public ZonedDateTime nextOpening(Instant now) {
        ZonedDateTime from = now.atZone(TradingCalendar.SEOUL);
        if (isOpen(from)) {
            return from;
        }
        for (int day = 0; day <= DAYS_AHEAD; day++) {
            for (LocalTime edge : BOUNDARIES) {
                ZonedDateTime at = from.toLocalDate().plusDays(day).atTime(edge).atZone(TradingCalendar.SEOUL);
                if (at.isAfter(from) && isOpen(at)) {
                    return at;
                }
            }
        }
        throw new IllegalStateException("two weeks without an hour between the markets");
    }

    private boolean isOpen(ZonedDateTime seoul) {
        LocalDate date = seoul.toLocalDate();
        LocalTime time = seoul.toLocalTime();
        boolean koreaTrades = !time.isBefore(KOREA_BEGIN) && time.isBefore(KOREA_END) && korea.test(date);
        boolean newYorkTrades = !time.isBefore(US_BEGIN) && newYork.test(date)
                || time.isBefore(US_END) && newYork.test(date.minusDays(1));
        return !koreaTrades && !newYorkTrades;
    }
}
