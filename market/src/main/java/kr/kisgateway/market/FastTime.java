package kr.kisgateway.market;

import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a fast clock starts and how fast it runs: {@code xN@2026-11-20T08:55}.
 *
 * @param speed as a multiple of real time, from 1 to {@link FastClock#MAX_SPEED}
 * @param start in Korea, on a day of the holiday calendar
 */
public record FastTime(int speed, LocalDateTime start) {
    private static final Pattern FORM = Pattern.compile("[xX]([0-9]{1,4})@(.+)");

    /** Whether {@code text} is meant as one, also where it is incomplete. */
    public static boolean resembles(String text) {
        return text.matches("[xX][0-9].*");
    }

    /**
     * @param name of the option or setting
     * @throws IllegalArgumentException with a sentence for its author
     */
    public static FastTime parse(String name, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(name
                    + " is open, open-fixed or real, or a speed and a start such as x10@2026-11-20T08:55, not " + text);
        }
        int speed = Integer.parseInt(form.group(1));
        if (speed < 1 || speed > FastClock.MAX_SPEED) {
            throw new IllegalArgumentException(
                    name + " runs 1 to " + FastClock.MAX_SPEED + " times as fast as real time, not " + speed);
        }
        LocalDateTime start = start(name, form.group(2));
        KrxCalendar calendar = new KrxCalendar();
        if (start.toLocalDate().isBefore(calendar.firstCoveredDay())
                || start.toLocalDate().isAfter(calendar.lastCoveredDay())) {
            throw new IllegalArgumentException(name + " starts on a day of the holiday calendar, from "
                    + calendar.firstCoveredDay() + " to " + calendar.lastCoveredDay() + ", not " + start.toLocalDate());
        }
        return new FastTime(speed, start);
    }

    /** A clock that starts now. */
    public FastClock from(InstantSource real) {
        return new FastClock(real, speed, start.atZone(TradingCalendar.SEOUL).toInstant());
    }

    private static LocalDateTime start(String name, String text) {
        try {
            return LocalDateTime.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    name + " starts at a Korean time such as 2026-11-20T08:55, not " + text, e);
        }
    }
}
