package kr.kisgateway.gateway.error;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.error.ApiError.BrokerError;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.market.NearestWord;

/**
 * A refusal with its reason and what to do about it.
 *
 * @param code the reason
 * @param message one sentence for a person: what happened and what to do
 * @param details machine-readable facts, possibly empty; values are strings, numbers, booleans or lists of them
 * @param retryAfter how long to wait before a retry, if known
 * @param kis the error of KIS, if there was one
 */
public record Refusal(
        ErrorCode code,
        String message,
        Map<String, Object> details,
        Optional<Duration> retryAfter,
        Optional<BrokerError> kis) {
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    public Refusal {
        details = Map.copyOf(details);
    }

    public static Refusal of(ErrorCode code, String message) {
        return new Refusal(code, message, Map.of(), Optional.empty(), Optional.empty());
    }

    public Refusal with(String detail, Object value) {
        var more = new java.util.HashMap<>(details);
        more.put(detail, value);
        return new Refusal(code, message, more, retryAfter, kis);
    }

    /**
     * The same refusal of the word {@code given} with the accepted word that is probably meant, in the message and as
     * the detail {@code suggestion}; unchanged when none is near.
     */
    public Refusal suggesting(String given, Collection<String> accepted) {
        return NearestWord.of(given, accepted)
                .map(word -> new Refusal(
                                code,
                                (message.endsWith(".") ? message.substring(0, message.length() - 1) : message)
                                        + NearestWord.ending(given, List.of(word)),
                                details,
                                retryAfter,
                                kis)
                        .with("suggestion", word))
                .orElse(this);
    }

    /** A retry after {@code wait}; after a millisecond where that is shorter, because a client would not wait for 0. */
    public Refusal retryAfter(Duration wait) {
        Duration atLeast = wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
        return new Refusal(code, message, details, Optional.of(atLeast), kis);
    }

    public Refusal withBrokerError(BrokerError brokerError) {
        return new Refusal(code, message, details, retryAfter, Optional.of(brokerError));
    }
}
