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

/** Keeps what a client tells and lets a test wait for it. */
class Recorder implements KisListener {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    final List<Trade> trades = new ArrayList<>();
    final List<OrderBook> books = new ArrayList<>();
    final List<ExecutionNotice> notices = new ArrayList<>();
    final List<KisEvent> events = new ArrayList<>();
    final List<RealtimeKey> acked = new ArrayList<>();
    final List<Set<RealtimeKey>> gaps = new ArrayList<>();
    final List<GapRestored> restored = new ArrayList<>();
    final Map<String, UntypedFrame> rows = new HashMap<>();
    long badFrames;
    String badFrame = "";
    int connections;

    /** Waits until {@code condition} holds over what was told; fails after 20 s. */
    void await(String what, BooleanSupplier condition) {
        long nanos = PATIENCE.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (nanos <= 0) {
                    throw new AssertionError("not within " + PATIENCE + ": " + what + "; events " + names());
                }
                nanos = told.awaitNanos(Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(200)))
                        + nanos
                        - Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(200));
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        } finally {
            lock.unlock();
        }
    }

    void awaitEvent(String name) {
        await(name, () -> names().contains(name));
    }

    List<String> names() {
        lock.lock();
        try {
            return events.stream().map(KisEvent::name).toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void trade(Trade trade) {
        keep(() -> trades.add(trade));
    }

    @Override
    public void book(OrderBook book) {
        keep(() -> books.add(book));
    }

    @Override
    public void notice(ExecutionNotice notice) {
        keep(() -> notices.add(notice));
    }

    @Override
    public void rows(UntypedFrame frame) {
        keep(() -> rows.put(frame.trId(), frame));
    }

    @Override
    public void badFrames(long count, String sample) {
        keep(() -> {
            badFrames += count;
            badFrame = sample;
        });
    }

    @Override
    public void gap(Set<RealtimeKey> keys, Instant from, Instant to, String cause) {
        keep(() -> gaps.add(keys));
    }

    @Override
    public void restored(GapRestored it) {
        keep(() -> restored.add(it));
    }

    @Override
    public void connected() {
        keep(() -> connections++);
    }

    @Override
    public void acked(RealtimeKey key) {
        keep(() -> acked.add(key));
    }

    @Override
    public void event(KisEvent event) {
        keep(() -> events.add(event));
    }

    private void keep(Runnable what) {
        lock.lock();
        try {
            what.run();
            told.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
