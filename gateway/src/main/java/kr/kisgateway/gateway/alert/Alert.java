package kr.kisgateway.gateway.alert;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that somebody has to know of.
 *
 * @param level {@code P1}: money may be at risk, look now; {@code P2}: something is wrong and is being worked on;
 *     {@code P3}: worth knowing
 * @param event what kind of thing, in the word that the log uses
 * @param message what happened and what to do
 * @param orderId the order it is about
 * @param by name of the key that did it, or whose order it is about
 * @param settledAt when what it is about was over, where that is known
 */
public record Alert(
        Instant at,
        String level,
        String event,
        String message,
        Optional<String> orderId,
        Optional<String> by,
        Optional<Instant> settledAt) {
    /** One about something that no key did, and that is not settled. */
    public Alert(Instant at, String level, String event, String message, Optional<String> orderId) {
        this(at, level, event, message, orderId, Optional.empty(), Optional.empty());
    }

    /** The same, over since {@code when}. */
    Alert settled(Instant when) {
        return new Alert(at, level, event, message, orderId, by, Optional.of(when));
    }
}
