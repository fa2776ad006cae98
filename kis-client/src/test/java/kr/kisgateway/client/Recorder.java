package kr.kisgateway.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.UntypedFrame;

/** Records a client's messages and lets a test wait for them. */
public class Recorder implements KisListener {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    public final List<Trade> trades = new ArrayList<>();
    public final List<OrderBook> books = new ArrayList<>();
    public final List<ExecutionNotice> notices = new ArrayList<>();
    public final List<KisEvent> events = new ArrayList<>();
    public final List<RealtimeKey> acked = new ArrayList<>();
    public final List<Set<RealtimeKey>> gaps = new ArrayList<>();
    public final List<GapRestored> restored = new ArrayList<>();
    public final Map<String, UntypedFrame> rows = new HashMap<>();
    public long badFrames;
    String badFrame = "";
    int connections;

    /** Waits until {@code condition} holds for the recorded messages; fails after 20 s. */
    public void await(String what, BooleanSupplier condition) {
        long nanos = TIMEOUT.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (nanos <= 0) {
                    throw new AssertionError("not within " + TIMEOUT + ": " + what + "; events " + names());
                }
                nanos = changed.awaitNanos(Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(200)))
                        + nanos
                        - Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(200));
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        } finally {
            lock.unlock();
        }
    }

    public void awaitEvent(String name) {
        await(name, () -> names().contains(name));
    }

    public List<String> names() {
        lock.lock();
        try {
            return events.stream().map(KisEvent::name).toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void trade(Trade trade) {
        update(() -> trades.add(trade));
    }

    @Override
    public void book(OrderBook book) {
        update(() -> books.add(book));
    }

    @Override
    public void notice(ExecutionNotice notice) {
        update(() -> notices.add(notice));
    }

    @Override
    public void rows(UntypedFrame frame) {
        update(() -> rows.put(frame.trId(), frame));
    }

    @Override
    public void badFrames(long count, String sample) {
        update(() -> {
            badFrames += count;
            badFrame = sample;
        });
    }

    @Override
    public void gap(Set<RealtimeKey> keys, Instant from, Instant to, GapCause cause) {
        update(() -> gaps.add(keys));
    }

    @Override
    public void restored(GapRestored it) {
        update(() -> restored.add(it));
    }

    @Override
    public void connected() {
        update(() -> connections++);
    }

    @Override
    public void acked(RealtimeKey key) {
        update(() -> acked.add(key));
    }

    @Override
    public void event(KisEvent event) {
        update(() -> events.add(event));
    }

    private void update(Runnable what) {
        lock.lock();
        try {
            what.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
