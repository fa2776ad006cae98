package kr.kisgateway.gateway.notification;

import java.time.Instant;
import java.util.Set;
import kr.kisgateway.gateway.notification.Notification.About;

/**
 * A condition that channels were or will be informed of.
 *
 * @param about the alert that raised it last
 * @param open whether the condition persists
 * @param sentAt when its beginning was sent last, or is sent as soon as its channels deliver
 * @param repeats how often it was raised since
 * @param channels informed, or about to be
 */
record Incident(About about, boolean open, Instant sentAt, int repeats, Set<String> channels) {
    Incident {
        channels = Set.copyOf(channels);
    }

    Incident repeated() {
        return new Incident(about, true, sentAt, repeats + 1, channels);
    }

    /** Whether it returned so soon that it is sent only if it persists. */
    boolean isPostponed() {
        return about.at().isAfter(sentAt);
    }

    Incident sentAgain(Instant at) {
        return new Incident(about, open, at, repeats, channels);
    }

    Incident closed() {
        return new Incident(about, false, sentAt, repeats, channels);
    }
}
