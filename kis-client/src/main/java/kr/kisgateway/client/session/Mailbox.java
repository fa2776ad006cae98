package kr.kisgateway.client.session;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import kr.kisgateway.client.GapCause;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.ListenerHandle;
import kr.kisgateway.wire.RealtimeKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener's queue and thread, so that it cannot delay other listeners.
 *
 * <p>Market data are many and each message outdates the one before it: when they fill their room, the oldest is dropped and
 * counted. Notices, events and gaps are few and none may be lost. Their room is so large that only a listener which has stopped
 * fills it; then the whole mailbox is discarded at once and the listener receives a gap in everything registered, which is
 * what it has.
 */
final class Mailbox implements ListenerHandle {
    /** One message to deliver. */
    @FunctionalInterface
    interface Notification {
        void deliverTo(KisListener listener);
    }

    private record Queued(long number, Notification notification) {}

    static final int NOTIFICATIONS_MAX = 10_000;
    private static final int BATCH = 256;
    private static final Logger LOG = LoggerFactory.getLogger("kis.session");

    private final String name;
    private final KisListener listener;
    private final int dataMax;
    private final InstantSource clock;
    private final Supplier<Set<RealtimeKey>> registered;
    private final Runnable onDropped;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final ArrayDeque<Queued> data = new ArrayDeque<>();
    private final ArrayDeque<Queued> urgent = new ArrayDeque<>();
    private final Thread thread;
    private long number;
    private long dropped;
    private long droppedUnreported;
    private boolean ended;
    private Instant takenAt;
    private Optional<Instant> resetFrom = Optional.empty();
    private final ListenerFailures failures;

    /**
     * @param dataMax how many messages of market data may wait
     * @param registered everything currently registered; a listener that was reset has a gap in it
     * @param onDropped called when dropping of market data starts, not again before {@link #takeDropped}; must not block
     */
    Mailbox(
            String name,
            KisListener listener,
            int dataMax,
            InstantSource clock,
            Supplier<Set<RealtimeKey>> registered,
            Runnable onDropped) {
        this.name = name;
        this.failures = new ListenerFailures(name, clock);
        this.listener = listener;
        this.dataMax = dataMax;
        this.clock = clock;
        this.registered = registered;
        this.onDropped = onDropped;
        this.takenAt = clock.instant();
        this.thread = Thread.ofVirtual().name("kis-listener-" + name).unstarted(this::run);
    }

    Mailbox start() {
        thread.start();
        return this;
    }

    /** Market data: may be dropped when newer messages wait. */
    void data(Notification notification) {
        boolean first = false;
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (data.size() == dataMax) {
                data.removeFirst();
                dropped++;
                first = droppedUnreported++ == 0;
            }
            data.addLast(new Queued(++number, notification));
            filled.signal();
        } finally {
            lock.unlock();
        }
        if (first) {
            onDropped.run();
        }
    }

    /** A notice, an event, a gap: never dropped silently. */
    void urgent(Notification notification) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (urgent.size() == NOTIFICATIONS_MAX) {
                resetFrom = resetFrom.or(() -> Optional.of(takenAt));
                urgent.clear();
                data.clear();
            }
            urgent.addLast(new Queued(++number, notification));
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Messages dropped since the last call. */
    long takeDropped() {
        lock.lock();
        try {
            long count = droppedUnreported;
            droppedUnreported = 0;
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Accepts nothing more; delivers what waits, and then the thread ends. */
    void end() {
        lock.lock();
        try {
            ended = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing more will be delivered. */
    boolean isFinished() {
        lock.lock();
        try {
            return ended && data.isEmpty() && urgent.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int waiting() {
        lock.lock();
        try {
            return data.size() + urgent.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long failed() {
        return failures.total();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            data.clear();
            urgent.clear();
            end();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        var batch = new ArrayList<Notification>(BATCH);
        while (takeBatch(batch)) {
            batch.forEach(this::deliver);
            batch.clear();
        }
    }

    /** Waits for messages; false when none will come. */
    private boolean takeBatch(List<Notification> batch) {
        lock.lock();
        try {
            while (data.isEmpty() && urgent.isEmpty()) {
                if (ended) {
                    return false;
                }
                filled.awaitUninterruptibly();
            }
            Instant now = clock.instant();
            resetFrom.ifPresent(from -> batch.add(resetNotification(from, now)));
            resetFrom = Optional.empty();
            takenAt = now;
            while (batch.size() < BATCH && !(data.isEmpty() && urgent.isEmpty())) {
                batch.add(nextQueue().removeFirst().notification());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The queue with the oldest first message. */
    private ArrayDeque<Queued> nextQueue() {
        if (data.isEmpty() || urgent.isEmpty()) {
            return data.isEmpty() ? urgent : data;
        }
        return data.getFirst().number() < urgent.getFirst().number() ? data : urgent;
    }

    private Notification resetNotification(Instant from, Instant now) {
        return to -> {
            LOG.error("listener_reset listener={} from={} to={}", name, from, now);
            to.event(new KisEvent.ListenerReset(name));
            to.gap(
                    registered.get(),
                    from,
                    now,
                    new GapCause(GapCause.Kind.LISTENER_RESET, "the listener had stopped: its mailbox was discarded"));
        };
    }

    private void deliver(Notification notification) {
        try {
            notification.deliverTo(listener);
        } catch (Throwable bug) { // Kotlin throws checked exceptions, too; and a mailbox that ends loses notices.
            failures.add(bug);
        }
    }
}
