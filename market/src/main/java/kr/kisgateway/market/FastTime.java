package kr.kisgateway.market;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a fast clock starts and how fast it runs: {@code xN@2026-11-20T08:55}, and where programs share it or start again,
 * {@code xN@2026-11-20T08:55/2026-11-28T16:00:00Z}.
 *
 * @param speed as a multiple of real time, from 1 to {@link FastClock#MAX_SPEED}
 * @param start in Korea, on a day of the holiday calendar
 * @param origin the real time at which it is {@code start}; absent, the program's own start
 */
public record FastTime(int speed, LocalDateTime start, Optional<Instant> origin) {
    private static final Pattern FORM = Pattern.compile("[xX]([0-9]{1,4})@([^/]+)(?:/(.+))?");

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
        return new FastTime(speed, start, Optional.ofNullable(form.group(3)).map(origin -> origin(name, origin)));
    }

    /** A clock of this time. */
    public FastClock from(InstantSource real) {
        return new FastClock(
                real,
                origin.orElseGet(real::instant),
                speed,
                start.atZone(TradingCalendar.SEOUL).toInstant());
    }

    private static LocalDateTime start(String name, String text) {
        try {
            return LocalDateTime.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    name + " starts at a Korean time such as 2026-11-20T08:55, not " + text, e);
        }
    }

    private static Instant origin(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    name + " has a real time such as 2026-11-28T16:00:00Z after its slash, not " + text, e);
        }
    }
}
