package kr.kisgateway.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time as {@code 30s}, {@code 10m} or {@code 2h}, at most a day. */
final class TimeSpan implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})([smh])");

    @Override
    public Duration convert(String text) {
        return read(text, "smh")
                .orElseThrow(() -> new TypeConversionException("is a time as 30s, 10m or 2h, at most 24h: " + text));
    }

    /** The same in minutes, where seconds mean nothing. */
    static final class Minutes implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return read(text, "mh")
                    .map(time -> (int) time.toMinutes())
                    .orElseThrow(() -> new TypeConversionException("is a time as 30m or 2h, at most 24h: " + text));
        }
    }

    private static Optional<Duration> read(String text, String units) {
        var form = FORM.matcher(text);
        if (!form.matches() || !units.contains(form.group(2))) {
            return Optional.empty();
        }

        long number = Long.parseLong(form.group(1));
        var time = switch (form.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
        return Optional.of(time).filter(it -> it.compareTo(Duration.ofDays(1)) <= 0);
    }

    /** {@code 90 s}, {@code 10 min}. */
    static String text(Duration time) {
        return time.toSecondsPart() == 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
}
