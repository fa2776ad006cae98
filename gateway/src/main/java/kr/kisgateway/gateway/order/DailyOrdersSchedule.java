package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * When the broker is asked for its list of which day. One question at a time; whoever is in trouble is asked about after
 * a second and then ever more rarely, open orders are compared at a fixed pace, and what somebody wants at once is asked
 * at once.
 */
final class DailyOrdersSchedule {
    /** How old a list has to be, at least, to show what a request did. */
    static final Duration LAG = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Duration interval;
    private final Set<LocalDate> pendingDays = new LinkedHashSet<>();
    private boolean requesting;
    private Instant requestedAt = Instant.EPOCH;
    private Optional<Instant> nextDue = Optional.empty();
    private Duration pause = LAG;
    private Optional<Instant> nextRound = Optional.empty();

    /** Days whose list was not read since the start; nothing is sent before. */
    private final Set<LocalDate> unread = new LinkedHashSet<>();

    /** Days whose last list could not be read. */
    private final Set<LocalDate> failed = new LinkedHashSet<>();

    /** @param interval how often open orders are compared with the broker's list */
    DailyOrdersSchedule(Duration interval) {
        this.interval = interval;
    }

    /** The first questions, which have to be answered before anything is sent. */
    void start(Collection<LocalDate> days) {
        pendingDays.addAll(days);
        unread.addAll(days);
    }

    /** Whether all first questions are answered. */
    boolean isStarted() {
        return unread.isEmpty();
    }

    /** Asks about a day at once. */
    void requestNow(LocalDate day, Instant now) {
        if (pendingDays.add(day) || nextDue.isPresent()) {
            nextDue = Optional.of(now);
        }
        if (requesting) {
            nextDue = Optional.of(now.plus(LAG)); // the list on its way may be older than this wish
        }
    }

    /** Asks about a day soon: a notice is left the time to arrive first. */
    void requestSoon(LocalDate day, Instant now) {
        nextDue = earlier(nextDue, now.plus(LAG));
        pendingDays.add(day);
    }

    /** Trouble is new again: the pauses begin with the shortest. */
    void resetPause() {
        pause = LAG;
    }

    /**
     * A list arrived.
     *
     * @return whether the one before could not be read
     */
    boolean recordArrival(LocalDate day, Instant now) {
        requesting = false;
        // A long list costs many calls: comparing takes a fifth of the time at most.
        Duration minPause = Duration.between(requestedAt, now).multipliedBy(4);
        nextRound = nextRound.map(_ -> now.plus(minPause.compareTo(interval) > 0 ? minPause : interval));
        unread.remove(day);
        return failed.remove(day);
    }

    /** A list did not arrive: it is asked for again after a pause. */
    void failed(LocalDate day, Instant now) {
        requesting = false;
        pendingDays.add(day);
        failed.add(day);
        pauseBeforeRequest(now);
    }

    /** These days are asked about again, after a pause; none means that all is well. */
    void retryDays(Collection<LocalDate> days, Instant now) {
        if (days.isEmpty()) {
            pause = LAG;
            return;
        }
        pendingDays.addAll(days);
        pauseBeforeRequest(now);
    }

    /** Keeps the fixed pace: {@code days} have something to compare. */
    void scheduleRound(Collection<LocalDate> days, Instant now) {
        if (days.isEmpty()) {
            nextRound = Optional.empty();
            return;
        }
        Instant due = nextRound.orElseGet(() -> now.plus(interval));
        nextRound = Optional.of(due);
        if (due.isAfter(now)) {
            return;
        }
        nextRound = Optional.of(now.plus(interval));
        if (!requesting) {
            pendingDays.addAll(days);
            nextDue = Optional.of(now);
        }
    }

    /** The day to ask about now, if any; from here on a question is on its way. */
    Optional<LocalDate> startRequest(Instant now) {
        if (requesting
                || pendingDays.isEmpty()
                || nextDue.filter(at -> at.isAfter(now)).isPresent()) {
            return Optional.empty();
        }
        LocalDate day = pendingDays.iterator().next();
        pendingDays.remove(day);
        nextDue = Optional.empty();
        requesting = true;
        requestedAt = now;
        return Optional.of(day);
    }

    /** When the next question is due. */
    Optional<Instant> nextRequestAt() {
        if (requesting) {
            return nextRound;
        }
        Optional<Instant> earliest = pendingDays.isEmpty() ? Optional.empty() : nextDue;
        return earliest.isPresent() && nextRound.isPresent()
                ? Optional.of(earliest.get().isBefore(nextRound.get()) ? earliest.get() : nextRound.get())
                : earliest.or(() -> nextRound);
    }

    private void pauseBeforeRequest(Instant now) {
        nextDue = Optional.of(now.plus(pause));
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private static Optional<Instant> earlier(Optional<Instant> one, Instant other) {
        return one.filter(o -> o.isBefore(other)).or(() -> Optional.of(other));
    }
}
