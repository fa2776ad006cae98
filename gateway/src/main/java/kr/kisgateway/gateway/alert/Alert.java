package kr.kisgateway.gateway.alert;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Something that an operator has to know of.
 *
 * @param level {@code P1}: money may be at risk, look now; {@code P2}: something is wrong and is being worked on;
 *     {@code P3}: worth knowing
 * @param kind what happened
 * @param subject what it is about, as an app key, a symbol or an order; with {@code kind} it finds the alert when it is over
 * @param message what happened and what to do
 * @param orderId the order it is about
 * @param by name of the key that did it, or whose order it is about
 * @param settledAt when what it is about was over, where that is known
 */
public record Alert(
        Instant at,
        String level,
        AlertEvent kind,
        String subject,
        String message,
        Optional<String> orderId,
        Optional<String> by,
        Optional<Instant> settledAt) {
    /** One that is not settled, about something that no key did. */
    public static Alert of(Instant at, String level, AlertEvent kind, String subject, String message) {
        return new Alert(
                at.truncatedTo(ChronoUnit.MILLIS),
                level,
                kind,
                subject,
                message,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The word of its kind. */
    public String event() {
        return kind.publicName();
    }

    boolean isOpen(AlertEvent of, String about) {
        return settledAt.isEmpty() && kind == of && subject.equals(about);
    }

    /** The same, over since {@code when}. */
    Alert settled(Instant when) {
        return new Alert(at, level, kind, subject, message, orderId, by, Optional.of(when));
    }
}
