package kr.kisgateway.market;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The text form of calendar days, for the module's own days and operators' overrides. One day per line,
 * parted by blanks: date, what happens, and the reason up to the line's end. Empty lines and lines that begin with
 ** {@code #} are ignored.
 *
 * <pre>
 * # date     what         reason
 * 2026-11-19 10:00-16:30  college entrance examination
 * 2026-12-30 closed       mourning
 * 2026-12-31 open         the exchange trades this year
 * </pre>
 *
 * Times are KST and those of the regular session, closing auction included; the other sessions of the day move with
 * them. {@code open} means the usual times.
 */
public final class CalendarFile {
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern TIMES = Pattern.compile("([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})");
    /** The closing auction takes the last 10 minutes; a shorter session than this is a typing error. */
    private static final Duration SHORTEST = Duration.ofMinutes(30);

    private CalendarFile() {}

    /** Result of {@link #parse}. */
    public sealed interface Parsed {}

    /** Every line is valid. */
    public record Days(List<CalendarDay> days) implements Parsed {
        public Days {
            days = List.copyOf(days);
        }
    }

    /**
     * The first invalid line.
     *
     * @param line its number, from 1
     * @param problem one sentence with line, text and the expected form
     */
    public record Unreadable(int line, String problem) implements Parsed {}

    /** Parses a complete file. Nothing is guessed: the first bad line makes the file unreadable. */
    public static Parsed parse(String text) {
        var days = new ArrayList<CalendarDay>();
        var dates = new HashSet<LocalDate>();
        int number = 0;
        for (var line : text.lines().toList()) {
            number++;
            var trimmed = line.strip();
            if (trimmed.isEmpty() || trimmed.startsWith("#")) {
                continue;
            }
            try {
                var day = day(trimmed);
                if (!dates.add(day.date())) {
                    throw new IllegalArgumentException(day.date() + " is repeated");
                }
                days.add(day);
            } catch (DateTimeException | IllegalArgumentException e) {
                return new Unreadable(number, "line " + number + " (" + trimmed + "): " + e.getMessage());
            }
        }
        return new Days(days);
    }

    private static CalendarDay day(String line) {
        var fields = BLANKS.split(line, 3);
        var date = LocalDate.parse(fields[0]);
        var reason = fields.length > 2 ? fields[2] : "";
        return switch (fields.length > 1 ? fields[1] : "") {
            case "closed" -> new CalendarDay.Closed(date, reason);
            case "open" -> new CalendarDay.Usual(date, reason);
            case String times -> new CalendarDay.Moved(date, times(times), reason);
        };
    }

    private static SessionTimes times(String text) {
        var matcher = TIMES.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("after the date comes closed, open or HH:mm-HH:mm");
        }
        var times = new SessionTimes(LocalTime.parse(matcher.group(1)), LocalTime.parse(matcher.group(2)));
        if (Duration.between(times.open(), times.close()).compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("a session lasts " + SHORTEST.toMinutes() + " minutes at least");
        }
        return times;
    }
}
