package kr.kisgateway.cli;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time as {@code 30s}, {@code 10m} or {@code 2h}, at most a day. */
final class TimeSpan implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})([smh])");

    @Override
    public Duration convert(String text) {
        var form = FORM.matcher(text);
        if (form.matches()) {
            long number = Long.parseLong(form.group(1));
            var time = switch (form.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
            if (time.compareTo(Duration.ofDays(1)) <= 0) {
                return time;
            }
        }
        throw new TypeConversionException("is a time as 30s, 10m or 2h, at most 24h: " + text);
    }

    /** {@code 90 s}, {@code 10 min}. */
    static String text(Duration time) {
        return time.toSecondsPart() == 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
}
