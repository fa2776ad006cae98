package kr.kisgateway.gateway.alert;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A condition that an operator has to be informed of.
 *
 * @param level {@code P1}: money may be at risk, act now; {@code P2}: something is wrong and is being handled;
 *     {@code P3}: for information
 * @param kind what happened
 * @param subject what it is about: an app key, a symbol or an order; with {@code kind} it identifies the alert when it settles
 * @param message what happened and what to do
 * @param orderId the order it is about
 * @param by name of the API key that caused it, or of the order it is about
 * @param settledAt when its condition was over, if known
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
    /** An unsettled alert that no API key caused. */
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

    /** The name of its kind. */
    public String event() {
        return kind.publicName();
    }

    boolean isOpen(AlertEvent of, String about) {
        return settledAt.isEmpty() && kind == of && subject.equals(about);
    }

    Alert withLevel(String other) {
        return new Alert(at, other, kind, subject, message, orderId, by, settledAt);
    }

    /** The alert settled at {@code when}. */
    Alert settled(Instant when) {
        return new Alert(at, level, kind, subject, message, orderId, by, Optional.of(when));
    }
}
