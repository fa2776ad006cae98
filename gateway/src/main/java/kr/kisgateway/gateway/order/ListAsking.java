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
final class ListAsking {
    /** How old a list has to be, at least, to show what a request did. */
    static final Duration LAG = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Duration pace;
    private final Set<LocalDate> wanted = new LinkedHashSet<>();
    private boolean asking;
    private Instant askedAt = Instant.EPOCH;
    private Optional<Instant> next = Optional.empty();
    private Duration pause = LAG;
    private Optional<Instant> nextRound = Optional.empty();

    /** Days whose list was not read since the start; nothing is sent before. */
    private final Set<LocalDate> unread = new LinkedHashSet<>();

    /** Days whose last list could not be read. */
    private final Set<LocalDate> failed = new LinkedHashSet<>();

    /** @param pace how often open orders are compared with the broker's list */
    ListAsking(Duration pace) {
        this.pace = pace;
    }

    /** The first questions, which have to be answered before anything is sent. */
    void start(Collection<LocalDate> days) {
        wanted.addAll(days);
        unread.addAll(days);
    }

    /** Whether all first questions are answered. */
    boolean started() {
        return unread.isEmpty();
    }

    /** Asks about a day at once. */
    void want(LocalDate day, Instant now) {
        if (wanted.add(day) || next.isPresent()) {
            next = Optional.of(now);
        }
        if (asking) {
            next = Optional.of(now.plus(LAG)); // the list on its way may be older than this wish
        }
    }

    /** Asks about a day soon: a notice is left the time to arrive first. */
    void wantSoon(LocalDate day, Instant now) {
        next = earlier(next, now.plus(LAG));
        wanted.add(day);
    }

    /** Trouble is new again: the pauses begin with the shortest. */
    void freshTrouble() {
        pause = LAG;
    }

    /**
     * A list arrived.
     *
     * @return whether the one before could not be read
     */
    boolean arrived(LocalDate day, Instant now) {
        asking = false;
        // A long list costs many calls: comparing takes a fifth of the time at most.
        Duration took = Duration.between(askedAt, now).multipliedBy(4);
        nextRound = nextRound.map(_ -> now.plus(took.compareTo(pace) > 0 ? took : pace));
        unread.remove(day);
        return failed.remove(day);
    }

    /** A list did not arrive: it is asked for again after a pause. */
    void failed(LocalDate day, Instant now) {
        asking = false;
        wanted.add(day);
        failed.add(day);
        pauseBeforeAsking(now);
    }

    /** These days are asked about again, after a pause; none means that all is well. */
    void again(Collection<LocalDate> days, Instant now) {
        if (days.isEmpty()) {
            pause = LAG;
            return;
        }
        wanted.addAll(days);
        pauseBeforeAsking(now);
    }

    /** Keeps the fixed pace: {@code days} have something to compare. */
    void keepPace(Collection<LocalDate> days, Instant now) {
        if (days.isEmpty()) {
            nextRound = Optional.empty();
            return;
        }
        Instant due = nextRound.orElseGet(() -> now.plus(pace));
        nextRound = Optional.of(due);
        if (due.isAfter(now)) {
            return;
        }
        nextRound = Optional.of(now.plus(pace));
        if (!asking) {
            wanted.addAll(days);
            next = Optional.of(now);
        }
    }

    /** The day to ask about now, if any; from here on a question is on its way. */
    Optional<LocalDate> ask(Instant now) {
        if (asking || wanted.isEmpty() || next.filter(at -> at.isAfter(now)).isPresent()) {
            return Optional.empty();
        }
        LocalDate day = wanted.iterator().next();
        wanted.remove(day);
        next = Optional.empty();
        asking = true;
        askedAt = now;
        return Optional.of(day);
    }

    /** When the next question is due. */
    Optional<Instant> nextAsk() {
        if (asking) {
            return nextRound;
        }
        Optional<Instant> wish = wanted.isEmpty() ? Optional.empty() : next;
        return wish.isPresent() && nextRound.isPresent()
                ? Optional.of(wish.get().isBefore(nextRound.get()) ? wish.get() : nextRound.get())
                : wish.or(() -> nextRound);
    }

    private void pauseBeforeAsking(Instant now) {
        next = Optional.of(now.plus(pause));
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private static Optional<Instant> earlier(Optional<Instant> one, Instant other) {
        return one.filter(o -> o.isBefore(other)).or(() -> Optional.of(other));
    }
}
