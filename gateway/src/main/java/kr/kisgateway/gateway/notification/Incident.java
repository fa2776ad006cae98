package kr.kisgateway.gateway.notification;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.alert.Acknowledgement;
import kr.kisgateway.gateway.notification.Notification.About;

/**
 * A condition that an alert was raised about.
 *
 * @param about the alert that raised it last, of those that were or will be sent
 * @param open whether the condition persists
 * @param since when it began
 * @param sentAt when its beginning was sent last, or is sent as soon as its channels deliver
 * @param repeats how often it was raised since
 * @param channels informed, or about to be
 * @param held whether nothing was sent of it, because of its hours or of a silence
 * @param acknowledgement by an operator
 */
record Incident(
        About about,
        boolean open,
        Instant since,
        Instant sentAt,
        int repeats,
        Set<String> channels,
        boolean held,
        Optional<Acknowledgement> acknowledgement) {
    Incident {
        channels = Set.copyOf(channels);
    }

    Incident repeated() {
        return new Incident(about, true, since, sentAt, repeats + 1, channels, held, acknowledgement);
    }

    /** Whether it returned so soon that it is sent only if it persists. */
    boolean isPostponed() {
        return about.at().isAfter(sentAt);
    }

    Incident sentAgain(Instant at) {
        return new Incident(about, open, since, at, repeats, channels, false, acknowledgement);
    }

    Incident closed() {
        return new Incident(about, false, since, sentAt, repeats, channels, held, Optional.empty());
    }

    Incident acknowledged(Acknowledgement by) {
        return new Incident(about, open, since, sentAt, repeats, channels, held, Optional.of(by));
    }

    Incident alsoTo(Set<String> further) {
        var all = new HashSet<>(channels);
        all.addAll(further);
        return new Incident(about, open, since, sentAt, repeats, all, held, acknowledgement);
    }
}
