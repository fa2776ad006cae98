package kr.kisgateway.gateway.alert;

import java.time.Instant;
import java.util.Optional;

/**
 * Alerts that are not sent for a while.
 *
 * @param id ascending
 * @param subject that it is restricted to; empty for all of the event
 * @param from when it was created
 * @param until when it ends
 * @param by name of the API key
 */
public record Silence(
        long id, AlertEvent event, Optional<String> subject, Instant from, Instant until, String reason, String by) {
    /** Whether it covers an alert at {@code now}. */
    public boolean covers(AlertEvent of, String about, Instant now) {
        return event == of
                && now.isBefore(until)
                && subject.filter(it -> !it.equals(about)).isEmpty();
    }

    /** The same with another number. */
    public Silence withId(long other) {
        return new Silence(other, event, subject, from, until, reason, by);
    }

    /** Whether it is for the same alerts. */
    public boolean isForSame(Silence other) {
        return event == other.event && subject.equals(other.subject);
    }
}
