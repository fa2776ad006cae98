package kr.kisgateway.gateway.checklist;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gateway.broker.BrokerObserver;
import kr.kisgateway.market.TradingCalendar;

/**
 * Counts the calls to the broker and the disconnects of the present day in Seoul. In memory: a restart begins again, and {@link
 * Figures#since} says when.
 */
public final class DayFigures implements BrokerObserver {
    private final InstantSource clock;
    /** Guards the counts, for some additions. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Integer> disconnects = new HashMap<>();
    private LocalDate day;
    private Instant since;
    private long calls;
    private long failed;
    private long refused;
    private long nanos;

    /**
     * The counts of a day.
     *
     * @param since the beginning of the day, or of this object if later
     * @param calls all calls to the broker, tokens included; each retry is one
     * @param failed of these without a usable answer, or refused for the call rate
     * @param refused of these refused for another reason: answers
     * @param time of all calls together, without their waits for the call budget
     * @param disconnects by app key; one without any is missing
     */
    public record Figures(
            LocalDate day,
            Instant since,
            long calls,
            long failed,
            long refused,
            Duration time,
            Map<String, Integer> disconnects) {
        public Figures {
            disconnects = Map.copyOf(disconnects);
        }
    }

    /** Counts from now on. */
    public DayFigures(InstantSource clock) {
        this.clock = clock;
        this.since = clock.instant();
        this.day = dayOf(since);
    }

    private static LocalDate dayOf(Instant at) {
        return LocalDate.ofInstant(at, TradingCalendar.SEOUL);
    }

    /** A clock that was set back begins no new day. */
    private void beginDay() {
        var today = dayOf(clock.instant());
        if (today.isAfter(day)) {
            day = today;
            since = today.atStartOfDay(TradingCalendar.SEOUL).toInstant();
            calls = 0;
            failed = 0;
            refused = 0;
            nanos = 0;
            disconnects.clear();
        }
    }

    @Override
    public void callEnded(String call, CallResult result, String code, Duration took) {
        lock.lock();
        try {
            beginDay();
            calls++;
            nanos += took.toNanos();
            switch (result) {
                case FAILED, RATE_LIMITED -> failed++;
                case REFUSED -> refused++;
                case DONE -> {
                    // counted as a call
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void connected(String appKey) {
        // only the ends of connections are counted
    }

    @Override
    public void disconnected(String appKey, String cause) {
        lock.lock();
        try {
            beginDay();
            disconnects.merge(appKey, 1, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void breakerChanged(String appKey, String ofCalls, String state) {
        // the failures that open a breaker are counted
    }

    /** The counts of today. */
    public Figures today() {
        lock.lock();
        try {
            beginDay();
            return new Figures(day, since, calls, failed, refused, Duration.ofNanos(nanos), disconnects);
        } finally {
            lock.unlock();
        }
    }
}
