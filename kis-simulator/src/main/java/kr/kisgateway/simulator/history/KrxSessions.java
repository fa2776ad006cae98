package kr.kisgateway.simulator.history;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.stream.IntStream;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.SessionTimes;

/**
 * The days and minutes of the Korea Exchange's regular session: continuous trading and, ten minutes after its end, the
 * closing auction. Before the first day of the holiday calendar every weekday counts as a trading day [assumed].
 */
public final class KrxSessions implements Sessions {
    private static final int CLOSING_AUCTION = 10;
    private static final int OPENS = 9 * 60;
    private static final int CLOSES = 15 * 60 + 30;

    private final KrxCalendar calendar;

    public KrxSessions(KrxCalendar calendar) {
        this.calendar = calendar;
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return date.isBefore(calendar.firstCoveredDay()) ? isWeekday(date) : calendar.isTradingDay(date);
    }

    @Override
    public int[] minutes(LocalDate date) {
        int opens = calendar.regular(date)
                .map(SessionTimes::open)
                .map(time -> time.toSecondOfDay() / 60)
                .orElse(OPENS);
        int closes = calendar.regular(date)
                .map(SessionTimes::close)
                .map(time -> time.toSecondOfDay() / 60)
                .orElse(CLOSES);
        return IntStream.concat(IntStream.range(opens, closes - CLOSING_AUCTION), IntStream.of(closes))
                .toArray();
    }

    private static boolean isWeekday(LocalDate date) {
        return date.getDayOfWeek() != DayOfWeek.SATURDAY && date.getDayOfWeek() != DayOfWeek.SUNDAY;
    }
}
