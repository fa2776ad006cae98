package kr.kisgateway.gateway.notification;

import java.time.Instant;
import java.util.Optional;

/**
 * One alert for one channel.
 *
 * @param id ascending
 * @param channel name of the channel
 * @param about the alert, as it was then
 * @param due when it may be sent
 * @param repeats how often the alert was raised besides since the last one that was sent
 * @param maybeSent whether an earlier attempt may have reached the channel, as the gateway ended during it
 */
record Notification(long id, String channel, Kind kind, About about, Instant due, int repeats, boolean maybeSent) {
    enum Kind {
        /** The condition began, or something happened. */
        RAISED,
        /** The condition was not acknowledged in time. */
        ESCALATED,
        /** An operator has taken note of the condition. */
        ACKNOWLEDGED,
        /** Orders were filled. */
        FILL,
        /** How a trading day was. */
        DAILY_SUMMARY,
        /** An operator tests a channel. */
        TEST,
        /** The condition is over. */
        RESOLVED,
        /** The condition was not found any more after a restart. */
        RESOLVED_BY_RESTART
    }

    /**
     * What a message says of an alert.
     *
     * @param event its word
     * @param subject what it is about
     * @param at when it was raised
     * @param orderId the order it is about
     */
    record About(String event, String subject, String level, String message, Instant at, Optional<String> orderId) {
        /** Identifies the condition, for receivers that join its messages. */
        String key() {
            return key(event, subject);
        }

        static String key(String event, String subject) {
            return event + ':' + subject;
        }
    }

    /** The same with a further alert of the condition. */
    Notification replacedBy(About further) {
        return new Notification(id, channel, kind, further, due, repeats + 1, maybeSent);
    }

    Notification markedMaybeSent() {
        return new Notification(id, channel, kind, about, due, repeats, true);
    }
}
