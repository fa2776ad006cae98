package kr.kisgateway.gateway.recording;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.recording.Tick.Booked;
import kr.kisgateway.gateway.recording.Tick.Mark;
import kr.kisgateway.gateway.recording.Tick.Traded;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.FeedTap;
import kr.kisgateway.gateway.stream.GapCause;
import kr.kisgateway.gateway.stream.Served;
import kr.kisgateway.gateway.stream.Supply;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what comes of the symbols that somebody wants recorded. The feed's threads put ticks into a bounded queue and go on; the
 * thread {@code tick-recorder} writes them to files every {@link #WRITE_EVERY}, so that is what a kill loses at most. When
 * they cannot be written all recordings stop, somebody is told, and nothing else of the gateway notices.
 */
public final class TickRecorder implements FeedTap, AutoCloseable {
    /** What a kill loses at most, but for the time of one write. */
    public static final Duration WRITE_EVERY = Duration.ofSeconds(10);
    /** Ticks that wait in memory; a book takes some 500 bytes. */
    static final int WAITING_MAX = 100_000;
    /** Writes that may fail one after the other, a minute of them, before the recordings stop. */
    static final int TRIES = 6;

    /** So many are written without waiting for the time. */
    static final int WRITE_AT = 20_000;
    /** Recordings. */
    public static final int RECORDINGS_MAX = 50;
    /** Symbols times kinds of all recordings together. */
    public static final int SERIES_MAX = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.recording");
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** What its alerts are about. */
    private static final String ALL = "recordings";

    /** What the recorder needs of the gateway. */
    public record World(
            Supply supply,
            LongSupplier freeBytes,
            long floorBytes,
            AlertSource unreadable,
            AlertSource stopped,
            Supplier<String> ids) {}

    private final TickStore store;
    private final RecordingStore file;
    private final World world;
    private final InstantSource clock;
    private final int waitingMax;
    private final ArrayBlockingQueue<Tick> waiting;
    /** What a write that failed left; both under the lock of writing. */
    private List<Tick> unwritten = List.of();

    private int failures;
    private final Map<String, TickSeries> trades = new ConcurrentHashMap<>();
    private final Map<String, TickSeries> books = new ConcurrentHashMap<>();
    /** Guards the recordings, and what is asked of the supply for them; held by no thread of the feed. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Recording> recordings = new LinkedHashMap<>();
    /** One write at a time: the thread's, or the last one of a stop. */
    private final ReentrantLock writing = new ReentrantLock();

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private final AtomicLong numbers;
    private final LongAdder dropped = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final LongAdder parts = new LongAdder();
    private final LongAdder stops = new LongAdder();
    private volatile long wroteMs;

    /**
     * Hears nothing before {@link #start}.
     *
     * @param file where the recordings are kept over a restart
     */
    public TickRecorder(TickStore store, RecordingStore file, World world, InstantSource clock) {
        this(store, file, world, clock, WAITING_MAX);
    }

    TickRecorder(TickStore store, RecordingStore file, World world, InstantSource clock, int waitingMax) {
        this.store = store;
        this.file = file;
        this.world = world;
        this.clock = clock;
        this.waitingMax = waitingMax;
        this.waiting = new ArrayBlockingQueue<>(waitingMax);
        this.numbers = new AtomicLong(Math.multiplyExact(clock.millis(), 1_000));
        this.wroteMs = clock.millis();
        this.thread = Thread.ofPlatform().name("tick-recorder").daemon().unstarted(this::run);
    }

    /** Goes on with the recordings that had not ended. */
    public TickRecorder start() {
        resume();
        thread.start();
        return this;
    }

    void resume() {
        var kept = file.read();
        kept.trouble().ifPresent(trouble -> {
            LOG.error("recordings_unreadable cause=\"{}\"", trouble);
            world.unreadable().raise(ALL, "No ticks are recorded: " + trouble + ". Begin the recordings again.");
        });
        lock.lock();
        try {
            long now = clock.millis();
            for (Recording recording : kept.recordings()) {
                recordings.put(recording.id(), recording);
                if (recording.runs()) {
                    LOG.info(
                            "recording_resumed id={} symbols={}",
                            recording.id(),
                            recording.symbols().size());
                    hear(recording, Mark.GATEWAY_AWAY, kept.writtenMs(), now);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    // The feed's threads.

    @Override
    public void trade(LastTick last) {
        var one = trades.get(last.trade().symbol().code());
        if (one != null) {
            one.add(new Traded(last.trade(), last.tradeAtMs(), numbers.incrementAndGet()));
        }
    }

    @Override
    public void book(OrderBook book, long atMs) {
        var one = books.get(book.symbol().code());
        if (one != null) {
            one.add(new Booked(book, one.isPushed(), atMs, numbers.incrementAndGet()));
        }
    }

    @Override
    public void gap(Channel channel, MarketSymbol symbol, GapCause cause) {
        find(channel, symbol).ifPresent(one -> one.missed(cause.name(), clock.millis()));
    }

    @Override
    public void served(Channel channel, MarketSymbol symbol, Served served) {
        find(channel, symbol).ifPresent(one -> one.served(served instanceof Served.Push));
    }

    private Optional<TickSeries> find(Channel channel, MarketSymbol symbol) {
        return TickKind.of(channel).map(kind -> of(kind).get(symbol.code()));
    }

    private Map<String, TickSeries> of(TickKind kind) {
        return switch (kind) {
            case TRADES -> trades;
            case BOOKS -> books;
        };
    }

    // Whoever wants something recorded.

    /** Begins a recording, durable when this returns. */
    public Recording begin(List<Symbol> symbols, List<TickKind> kinds, String by) {
        lock.lock();
        try {
            var recording = new Recording(
                    world.ids().get(),
                    symbols,
                    kinds,
                    by,
                    clock.instant().truncatedTo(ChronoUnit.MILLIS),
                    Optional.empty());
            int taken = recordings.values().stream().mapToInt(Recording::series).sum();
            if (recordings.size() >= RECORDINGS_MAX || taken + recording.series() > SERIES_MAX) {
                throw new RefusedException(Refusal.of(
                        ErrorCode.QUOTA_EXCEEDED,
                        "There can be " + RECORDINGS_MAX + " recordings, of " + SERIES_MAX
                                + " symbols times channels together; delete one."));
            }
            requireRoom();
            recordings.put(recording.id(), recording);
            boolean kept = false;
            try {
                keep();
                kept = true;
            } finally {
                if (!kept) {
                    recordings.remove(recording.id());
                }
            }
            long now = clock.millis();
            hear(recording, Mark.STARTED, now, now);
            world.unreadable().settle(ALL);
            world.stopped().settle(ALL);
            LOG.info("recording_started id={} symbols={} by={}", recording.id(), symbols.size(), by);
            return recording;
        } finally {
            lock.unlock();
        }
    }

    private void requireRoom() {
        if (world.freeBytes().getAsLong() < world.floorBytes()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.DISK_LOW,
                    "The disk has too little room to record ticks; orders need the rest. Free some."));
        }
    }

    /** Ends one; what it wrote stays. */
    public Optional<Recording> end(String id) {
        lock.lock();
        try {
            var recording = recordings.remove(id);
            if (recording == null) {
                return Optional.empty();
            }
            if (recording.runs()) {
                leave(recording, Optional.of(Mark.ENDED));
            }
            keep();
            LOG.info("recording_ended id={}", id);
            return Optional.of(recording);
        } finally {
            lock.unlock();
        }
    }

    /** All of them, the oldest first. */
    public List<Recording> all() {
        lock.lock();
        try {
            return List.copyOf(recordings.values());
        } finally {
            lock.unlock();
        }
    }

    /** What it did since the start. */
    public Counts counts() {
        return new Counts(
                all().stream().filter(Recording::runs).count(),
                trades.size() + books.size(),
                written.sum(),
                waiting.size(),
                dropped.sum(),
                parts.sum(),
                stops.sum());
    }

    /**
     * @param running recordings
     * @param series kinds of symbols that are recorded
     * @param rows written
     * @param waiting rows in memory
     * @param dropped ticks that found no room in memory; each series' gap is marked
     * @param parts files written
     * @param stops how often all recordings had to stop
     */
    public record Counts(long running, int series, long rows, int waiting, long dropped, long parts, long stops) {}

    /** Under the lock. */
    private void hear(Recording recording, Mark mark, long sinceMs, long nowMs) {
        for (Symbol symbol : recording.symbols()) {
            for (TickKind kind : recording.kinds()) {
                var one = of(kind).computeIfAbsent(
                                symbol.code(), code -> new TickSeries(code, kind, waiting, dropped, nowMs));
                if (one.wanted++ == 0) {
                    one.mark(mark.name(), sinceMs, nowMs);
                }
                if (world.supply().acquire(kind.channel(), symbol, Optional.empty()) instanceof Served.Push) {
                    one.served(true);
                }
            }
        }
    }

    /** Under the lock. */
    private void leave(Recording recording, Optional<Mark> mark) {
        for (Symbol symbol : recording.symbols()) {
            for (TickKind kind : recording.kinds()) {
                world.supply().release(kind.channel(), symbol, Optional.empty());
                var one = of(kind).get(symbol.code());
                if (one != null && --one.wanted == 0) {
                    long now = clock.millis();
                    mark.ifPresent(it -> {
                        one.look(now, true);
                        one.mark(it.name(), now, now);
                    });
                    of(kind).remove(symbol.code());
                }
            }
        }
    }

    /** Under the lock. */
    private void keep() {
        file.write(List.copyOf(recordings.values()), wroteMs);
    }

    // The recorder's thread.

    private void run() {
        try {
            while (!closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                beat();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes, when it is time. */
    void beat() {
        if (waiting.size() >= WRITE_AT || clock.millis() - wroteMs >= WRITE_EVERY.toMillis()) {
            write();
        }
    }

    private void write() {
        writing.lock();
        try {
            long now = clock.millis();
            boolean records = !trades.isEmpty() || !books.isEmpty();
            trades.values().forEach(one -> one.look(now, false));
            var rows = new ArrayList<>(unwritten);
            waiting.drainTo(rows);
            unwritten = List.of();
            wroteMs = now;
            if (!records && rows.isEmpty()) {
                return;
            }
            if (world.freeBytes().getAsLong() < world.floorBytes()) {
                stopAll("the disk has less than " + world.floorBytes() + " bytes left", rows.size());
                return;
            }
            try {
                parts.add(store.write(rows, now));
                failures = 0;
                written.add(rows.size());
                lock.lock();
                try {
                    keep();
                } finally {
                    lock.unlock();
                }
            } catch (RuntimeException e) {
                failed(String.valueOf(e.getMessage()), rows);
            }
        } finally {
            writing.unlock();
        }
    }

    /** What did not go now may go in a moment: too many open files, a folder that is away. */
    private void failed(String cause, List<Tick> rows) {
        failures++;
        if (failures < TRIES && rows.size() <= waitingMax) {
            LOG.warn("recording_not_written rows={} tries={} cause=\"{}\"", rows.size(), failures, cause);
            unwritten = rows;
        } else {
            failures = 0;
            stopAll(cause, rows.size());
        }
    }

    /** Nothing can be written: it is told, and nothing is gathered any more. */
    private void stopAll(String cause, int lost) {
        stops.increment();
        LOG.error("recording_stopped lost={} cause=\"{}\"", lost, cause);
        lock.lock();
        try {
            recordings.replaceAll((_, recording) -> {
                if (!recording.runs()) {
                    return recording;
                }
                leave(recording, Optional.empty());
                return recording.stoppedFor(cause);
            });
            waiting.clear();
            try {
                keep();
            } catch (RuntimeException e) {
                // Then they begin again at the next start, and stop again if the disk is still full.
                LOG.warn("recordings_not_kept cause=\"{}\"", e.getMessage());
            }
        } finally {
            lock.unlock();
        }
        world.stopped()
                .raise(
                        ALL,
                        "Ticks are recorded no longer: " + cause
                                + ". Free some room, delete the recordings and begin them again (./kis ticks list).");
    }

    /** Writes what waits. The recordings go on after the next start. */
    @Override
    public void close() {
        closing.countDown();
        try {
            if (thread.isAlive() && !thread.join(Duration.ofSeconds(10))) {
                LOG.warn("recorder_still_writing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        trades.values().forEach(one -> one.look(clock.millis(), true));
        write();
        store.close();
    }
}
