package kr.kisgateway.gateway.aegis;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;

/** The parameters of a TR: of the query, or members of a body of the same names, where numbers may be numbers or texts. */
final class TrParameters {
    static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuuMMdd");
    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");
    private static final LocalDate EARLIEST = LocalDate.of(1900, 1, 1);

    private final Function<String, Optional<String>> values;

    TrParameters(Function<String, Optional<String>> values) {
        this.values = values;
    }

    /** Those of the query; unknown ones are refused by the route. */
    static TrParameters ofQuery(Call call) {
        return new TrParameters(call::query);
    }

    /** Those of the body, which has no others than {@code names}. */
    static TrParameters ofBody(Call call, List<String> names) {
        var body = call.body().requireOnly(Set.copyOf(names));
        return new TrParameters(name -> body.valueAt("/" + name));
    }

    /** A text; empty when it is absent or blank. */
    Optional<String> text(String name) {
        return values.apply(name).map(String::strip).filter(text -> !text.isEmpty());
    }

    String required(String name) {
        return text(name)
                .orElseThrow(() -> new RefusedException(
                        Refusal.of(ErrorCode.MISSING_FIELD, "The parameter \"" + name + "\" is required.")
                                .with("field", name)));
    }

    /** A whole number from 1 to {@code max}. */
    int number(String name, int preset, int max) {
        var text = text(name);
        if (text.isEmpty()) {
            return preset;
        }
        if (!text.get().matches("[0-9]{1,6}")
                || Integer.parseInt(text.get()) < 1
                || Integer.parseInt(text.get()) > max) {
            throw Call.invalid(name, "must be a whole number from 1 to " + max);
        }
        return Integer.parseInt(text.get());
    }

    /**
     * What one of the numbers in {@code accepted} means.
     *
     * @param preset the number where none is given
     */
    <T> T choice(String name, String preset, Map<String, T> accepted) {
        var text = text(name).orElse(preset);
        return Optional.ofNullable(accepted.get(text))
                .orElseThrow(() -> Call.notOneOf(
                        name,
                        text,
                        accepted.keySet().stream()
                                .sorted(Comparator.comparingInt(Integer::parseInt))
                                .toList()));
    }

    /** A day from 1900 to {@code today}. */
    Optional<LocalDate> day(String name, LocalDate today) {
        var day =
                text(name).map(text -> parse(text, DATE::parse, LocalDate::from, name, "must be a date, as 20261120"));
        day.filter(it -> it.isAfter(today)).ifPresent(_ -> {
            throw Call.invalid(name, "is in the future; today is " + DATE.format(today));
        });
        day.filter(it -> it.isBefore(EARLIEST)).ifPresent(_ -> {
            throw Call.invalid(name, "must not be before 1900");
        });
        return day;
    }

    /** A time of day. */
    Optional<LocalTime> time(String name) {
        return text(name).map(text -> parse(text, TIME::parse, LocalTime::from, name, "must be a time, as 090000"));
    }

    private static <P, T> T parse(
            String text, Function<String, P> parser, Function<P, T> value, String name, String what) {
        try {
            return value.apply(parser.apply(text));
        } catch (DateTimeException _) {
            throw Call.invalid(name, what);
        }
    }
}
