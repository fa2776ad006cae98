package kr.kisgateway.gateway.http;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.gateway.error.Refusal;

/** The common form of every refusal: see "Common" in the API reference. */
public final class ErrorAnswer {
    /** The header of every answer with the id of its trace. */
    public static final String TRACE_HEADER = "X-Trace-Id";

    /** A field name at the beginning of a message, which must not be capitalized. */
    private static final Pattern FIELD_NAME = Pattern.compile("[a-z]+(?:[_.][a-z0-9]+)+\\b");

    private ErrorAnswer() {}

    /** The error object. */
    public static ApiError of(Refusal refusal, String traceId) {
        return new ApiError(
                refusal.code().name(),
                sentence(refusal.message()),
                refusal.code().retryable(),
                refusal.retryAfter()
                        .map(wait -> OptionalLong.of(wait.toMillis()))
                        .orElse(OptionalLong.empty()),
                traceId,
                Optional.of(details(refusal)).filter(details -> !details.isEmpty()),
                refusal.kis(),
                refusal.code().name());
    }

    /** The facts of {@code refusal} in the order of their names, so that equal refusals give equal text. */
    public static Map<String, Object> details(Refusal refusal) {
        return sorted(refusal.details());
    }

    private static Map<String, Object> sorted(Map<?, ?> facts) {
        var sorted = new TreeMap<String, Object>();
        facts.forEach((name, value) -> sorted.put(String.valueOf(name), plain(value)));
        return sorted;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Map<?, ?> map -> sorted(map);
            case List<?> list -> list.stream().map(ErrorAnswer::plain).toList();
            case Boolean _, Integer _, Long _, BigDecimal _ -> value;
            default -> value.toString();
        };
    }

    /** The text as a sentence: capitalized, with a full stop. */
    public static String sentence(String text) {
        if (text.isEmpty()) {
            return text;
        }
        boolean isName = FIELD_NAME.matcher(text).lookingAt();
        String capitalized = isName ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
        return ".!?".indexOf(capitalized.charAt(capitalized.length() - 1)) >= 0 ? capitalized : capitalized + ".";
    }

    /** Seconds for the {@code Retry-After} header, rounded up, at least one. */
    static long retryAfterSeconds(Refusal refusal) {
        return refusal.retryAfter()
                .map(wait -> Math.max(1, (wait.toMillis() + 999) / 1000))
                .orElse(1L);
    }
}
