package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.TradingDay;

/**
 * Decides when the broker's list of which day of one account is requested. One request at a time; days with an unresolved order are
 * requested after a second and then at growing intervals, open orders are compared at a fixed interval, and an urgent
 * request is sent at once.
 */
final class AccountSchedule {
    /** Minimum age of a request that a list must show. */
    static final Duration LAG = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Duration interval;
    private final Set<TradingDay> pendingDays = new LinkedHashSet<>();
    private boolean begun;
    private boolean requesting;
    private Instant requestedAt = Instant.EPOCH;
    private Optional<Instant> nextDue = Optional.empty();
    private Duration pause = LAG;
    private Optional<Instant> nextRound = Optional.empty();

    /** Days whose list was not read since the start; nothing is sent before it was. */
    private final Set<TradingDay> unread = new LinkedHashSet<>();

    /** Days whose last list could not be read. */
    private final Set<TradingDay> failed = new LinkedHashSet<>();

    /** @param interval between comparisons of open orders with the broker's list */
    AccountSchedule(Duration interval) {
        this.interval = interval;
    }

    /** Schedules the first requests, which must be answered before anything is sent. */
    void start(Collection<TradingDay> days) {
        begun = true;
        pendingDays.addAll(days);
        unread.addAll(days);
    }

    /** Whether all first requests about a market are answered. */
    boolean isStarted(Market market) {
        if (!begun) {
            return false;
        }
        for (TradingDay day : unread) {
            if (day.market().equals(market)) {
                return false;
            }
        }
        return true;
    }

    /** Schedules a request for a day at once. */
    void requestNow(TradingDay day, Instant now) {
        if (pendingDays.add(day) || nextDue.isPresent()) {
            nextDue = Optional.of(now);
        }
        if (requesting) {
            nextDue = Optional.of(now.plus(LAG)); // the list in flight may be older than this request
        }
    }

    /** Schedules a request for a day soon: a notice has time to arrive first. */
    void requestSoon(TradingDay day, Instant now) {
        nextDue = earlier(nextDue, now.plus(LAG));
        pendingDays.add(day);
    }

    /** Restarts the growing pauses from the shortest. */
    void resetPause() {
        pause = LAG;
    }

    /**
     * Records that a list arrived.
     *
     * @return whether the previous one could not be read
     */
    boolean recordArrival(TradingDay day, Instant now) {
        requesting = false;
        // A long list takes many calls: comparing takes a fifth of the time at most.
        Duration minPause = Duration.between(requestedAt, now).multipliedBy(4);
        nextRound = nextRound.map(_ -> now.plus(minPause.compareTo(interval) > 0 ? minPause : interval));
        unread.remove(day);
        return failed.remove(day);
    }

    /** Schedules a retry after a pause: a list did not arrive. */
    void failed(TradingDay day, Instant now) {
        requesting = false;
        pendingDays.add(day);
        failed.add(day);
        pauseBeforeRequest(now);
    }

    /** Schedules another request for these days after a pause; none when nothing is unresolved. */
    void retryDays(Collection<TradingDay> days, Instant now) {
        if (days.isEmpty()) {
            pause = LAG;
            return;
        }
        pendingDays.addAll(days);
        pauseBeforeRequest(now);
    }

    /** Schedules the next comparison at the fixed interval, for {@code days}. */
    void scheduleRound(Collection<TradingDay> days, Instant now) {
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

    /** The day to request now, if any; from here on a request is in flight. */
    Optional<TradingDay> startRequest(Instant now) {
        if (requesting
                || pendingDays.isEmpty()
                || nextDue.filter(at -> at.isAfter(now)).isPresent()) {
            return Optional.empty();
        }
        TradingDay day = pendingDays.iterator().next();
        pendingDays.remove(day);
        nextDue = Optional.empty();
        requesting = true;
        requestedAt = now;
        return Optional.of(day);
    }

    /** When the next request is due. */
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
