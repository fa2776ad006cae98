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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.recording.Tick.BookTick;
import kr.kisgateway.gateway.recording.Tick.Mark;
import kr.kisgateway.gateway.recording.Tick.TradeTick;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.DeliveryMode;
import kr.kisgateway.gateway.stream.FeedTap;
import kr.kisgateway.gateway.stream.MarketDataSupply;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.market.MarketSymbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the ticks of the requested symbols. The feed's threads put ticks into a bounded queue and return; the thread
 * {@code tick-recorder} writes them to files every {@link #WRITE_EVERY}, so that is what a kill loses at most. When they
 * cannot be written all recordings stop, an alert is raised, and nothing else of the gateway is affected.
 */
public final class TickRecorder implements FeedTap, AutoCloseable {
    /** Maximum loss at a kill, without the time of one write. */
    public static final Duration WRITE_EVERY = Duration.ofSeconds(10);
    /** Ticks queued in memory; a book takes some 500 bytes. */
    static final int WAITING_MAX = 100_000;
    /** Consecutive failed writes, a minute of them, before the recordings stop. */
    static final int ATTEMPTS_MAX = 6;

    /** Ticks that are written without waiting for {@link #WRITE_EVERY}. */
    static final int WRITE_THRESHOLD = 20_000;
    /** Maximum number of recordings. */
    public static final int RECORDINGS_MAX = 50;
    /** Maximum of symbols times kinds of all recordings together. */
    public static final int SERIES_MAX = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.recording");
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    /** Subject of its alerts. */
    private static final String ALERT_SUBJECT = "recordings";

    /**
     * Components of the gateway that the recorder uses.
     *
     * @param obstacle why no file can be written now; empty when it can
     */
    public record Environment(
            MarketDataSupply supply,
            Supplier<Optional<Refusal>> obstacle,
            AlertSource unreadable,
            AlertSource stopped,
            Supplier<String> ids) {}

    private final TickStore store;
    private final RecordingStore file;
    private final Environment environment;
    private final InstantSource clock;
    private final int waitingMax;
    private final ArrayBlockingQueue<Tick> waiting;
    /** Rows of a failed write; both fields under {@link #writeLock}. */
    private List<Tick> unwritten = List.of();

    private int failures;
    private final Map<MarketSymbol, TickSeries> trades = new ConcurrentHashMap<>();
    private final Map<MarketSymbol, TickSeries> books = new ConcurrentHashMap<>();
    /** Guards the recordings and their demands; never taken by a thread of the feed. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Recording> recordings = new LinkedHashMap<>();
    /** One write at a time: the task's, or the last one of a stop. */
    private final ReentrantLock writeLock = new ReentrantLock();

    private volatile Optional<TaskRunner.Task> task = Optional.empty();
    private final AtomicLong sequence;
    private final LongAdder dropped = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final LongAdder filesWritten = new LongAdder();
    private final LongAdder stops = new LongAdder();
    private volatile long lastWriteMs;

    /**
     * Records nothing before {@link #start}.
     *
     * @param file stores the recordings across restarts
     */
    public TickRecorder(TickStore store, RecordingStore file, Environment environment, InstantSource clock) {
        this(store, file, environment, clock, WAITING_MAX);
    }

    TickRecorder(TickStore store, RecordingStore file, Environment environment, InstantSource clock, int waitingMax) {
        this.store = store;
        this.file = file;
        this.environment = environment;
        this.clock = clock;
        this.waitingMax = waitingMax;
        this.waiting = new ArrayBlockingQueue<>(waitingMax);
        this.sequence = new AtomicLong(Math.multiplyExact(clock.millis(), 1_000));
        this.lastWriteMs = clock.millis();
    }

    /** Resumes the recordings that were active at the last stop. */
    public TickRecorder start(TaskRunner tasks) {
        resume();
        task = Optional.of(tasks.every("tick-recorder", CHECK_INTERVAL, this::writeIfDue));
        return this;
    }

    void resume() {
        var stored = file.read();
        stored.problem().ifPresent(problem -> {
            LOG.error("recordings_unreadable cause=\"{}\"", problem);
            environment
                    .unreadable()
                    .raise(ALERT_SUBJECT, "No ticks are recorded: " + problem + ". Start the recordings again.");
        });
        lock.lock();
        try {
            long now = clock.millis();
            for (Recording recording : stored.recordings()) {
                recordings.put(recording.id(), recording);
                if (recording.isActive()) {
                    LOG.info(
                            "recording_resumed id={} symbols={}",
                            recording.id(),
                            recording.symbols().size());
                    subscribe(recording, Mark.GATEWAY_AWAY, stored.writtenMs(), now);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    // Called by the feed's threads.

    @Override
    public void trade(LastTick last) {
        var tickSeries = trades.get(last.trade().symbol());
        if (tickSeries != null) {
            tickSeries.add(new TradeTick(last.trade(), last.feed(), last.tradeAtMs(), sequence.incrementAndGet()));
        }
    }

    @Override
    public void book(LastBook last) {
        var tickSeries = books.get(last.book().symbol());
        if (tickSeries != null) {
            tickSeries.add(new BookTick(
                    last.book(), last.feed(), tickSeries.isPushed(), last.atMs(), sequence.incrementAndGet()));
        }
    }

    @Override
    public void gap(Channel channel, MarketSymbol symbol, GapCause cause) {
        findSeries(channel, symbol).ifPresent(tickSeries -> tickSeries.markMissed(cause.name(), clock.millis()));
    }

    @Override
    public void deliveryChanged(Channel channel, MarketSymbol symbol, DeliveryMode delivery) {
        findSeries(channel, symbol)
                .ifPresent(tickSeries -> tickSeries.setPushed(delivery instanceof DeliveryMode.Push));
    }

    private Optional<TickSeries> findSeries(Channel channel, MarketSymbol symbol) {
        return TickKind.of(channel).map(kind -> seriesOf(kind).get(symbol));
    }

    private Map<MarketSymbol, TickSeries> seriesOf(TickKind kind) {
        return switch (kind) {
            case TRADES -> trades;
            case BOOKS -> books;
        };
    }

    // Called for requests.

    /** Starts a recording, durable when this returns. */
    public Recording startRecording(List<MarketSymbol> symbols, List<TickKind> kinds, String startedBy) {
        lock.lock();
        try {
            var recording = new Recording(
                    environment.ids().get(),
                    symbols,
                    kinds,
                    startedBy,
                    clock.instant().truncatedTo(ChronoUnit.MILLIS),
                    Optional.empty());
            int seriesInUse = recordings.values().stream()
                    .mapToInt(Recording::seriesCount)
                    .sum();
            if (recordings.size() >= RECORDINGS_MAX || seriesInUse + recording.seriesCount() > SERIES_MAX) {
                throw new RefusedException(Refusal.of(
                        ErrorCode.QUOTA_EXCEEDED,
                        "At most " + RECORDINGS_MAX + " recordings with " + SERIES_MAX
                                + " symbols times channels together are allowed; delete one."));
            }
            environment.obstacle().get().ifPresent(refusal -> {
                throw new RefusedException(refusal);
            });
            recordings.put(recording.id(), recording);
            boolean stored = false;
            try {
                persist();
                stored = true;
            } finally {
                if (!stored) {
                    recordings.remove(recording.id());
                }
            }
            long now = clock.millis();
            subscribe(recording, Mark.STARTED, now, now);
            environment.unreadable().settle(ALERT_SUBJECT);
            environment.stopped().settle(ALERT_SUBJECT);
            LOG.info("recording_started id={} symbols={} by={}", recording.id(), symbols.size(), startedBy);
            return recording;
        } finally {
            lock.unlock();
        }
    }

    /** Stops a recording; its files stay. */
    public Optional<Recording> stopRecording(String id) {
        lock.lock();
        try {
            var recording = recordings.remove(id);
            if (recording == null) {
                return Optional.empty();
            }
            if (recording.isActive()) {
                unsubscribe(recording, Optional.of(Mark.ENDED));
            }
            persist();
            LOG.info("recording_ended id={}", id);
            return Optional.of(recording);
        } finally {
            lock.unlock();
        }
    }

    /** All recordings, oldest first. */
    public List<Recording> all() {
        lock.lock();
        try {
            return List.copyOf(recordings.values());
        } finally {
            lock.unlock();
        }
    }

    /** Registers the meters of recordings. */
    public void bindTo(Meters meters) {
        meters.gauge(
                "recording.active",
                "recordings",
                "Active recordings",
                () -> all().stream().filter(Recording::isActive).count());
        meters.gauge(
                "recording.series",
                "series",
                "Channels of symbols that are recorded",
                () -> trades.size() + books.size());
        meters.counter("recording.ticks.written", "rows", "Rows written to the files", written::sum);
        meters.gauge("recording.ticks.waiting", "rows", "Rows in memory that are not written yet", waiting::size);
        meters.queue("recorded_ticks", waiting::size, waiting.size() + waiting.remainingCapacity());
        meters.counter("recording.ticks.dropped", "ticks", "Ticks dropped because the queue was full", dropped::sum);
        meters.counter("recording.files", "files", "Files of ticks written", filesWritten::sum);
        meters.counter(
                "recording.stops", "times", "Times that all recordings stopped: no file could be written", stops::sum);
    }

    /** Call under the lock. */
    private void subscribe(Recording recording, Mark mark, long sinceMs, long nowMs) {
        for (MarketSymbol symbol : recording.symbols()) {
            for (TickKind kind : recording.kinds()) {
                var tickSeries = seriesOf(kind)
                        .computeIfAbsent(symbol, _ -> new TickSeries(symbol, kind, waiting, dropped, nowMs));
                if (tickSeries.recordingCount++ == 0) {
                    tickSeries.mark(mark.name(), sinceMs, nowMs);
                }
                if (environment.supply().acquire(kind.channel(), symbol, Optional.empty())
                        instanceof DeliveryMode.Push) {
                    tickSeries.setPushed(true);
                }
            }
        }
    }

    /** Call under the lock. */
    private void unsubscribe(Recording recording, Optional<Mark> mark) {
        for (MarketSymbol symbol : recording.symbols()) {
            for (TickKind kind : recording.kinds()) {
                environment.supply().release(kind.channel(), symbol, Optional.empty());
                var tickSeries = seriesOf(kind).get(symbol);
                if (tickSeries != null && --tickSeries.recordingCount == 0) {
                    long now = clock.millis();
                    mark.ifPresent(it -> {
                        tickSeries.markIfPolled(now, true);
                        tickSeries.mark(it.name(), now, now);
                    });
                    seriesOf(kind).remove(symbol);
                }
            }
        }
    }

    /** Call under the lock. */
    private void persist() {
        file.write(List.copyOf(recordings.values()), lastWriteMs);
    }

    // Called by the recorder's task.

    /** Writes the queue, when it is time. */
    void writeIfDue() {
        if (waiting.size() >= WRITE_THRESHOLD || clock.millis() - lastWriteMs >= WRITE_EVERY.toMillis()) {
            write();
        }
    }

    private void write() {
        writeLock.lock();
        try {
            long now = clock.millis();
            boolean isRecording = !trades.isEmpty() || !books.isEmpty();
            trades.values().forEach(tickSeries -> tickSeries.markIfPolled(now, false));
            var rows = new ArrayList<>(unwritten);
            waiting.drainTo(rows);
            unwritten = List.of();
            lastWriteMs = now;
            if (!isRecording && rows.isEmpty()) {
                return;
            }
            Optional<Refusal> obstacle = environment.obstacle().get();
            if (obstacle.isPresent()) {
                String cause = obstacle.get().message().replaceFirst("\\.$", "");
                if (obstacle.get().code() == ErrorCode.DISK_LOW) {
                    stopAll(cause, rows.size());
                } else {
                    retryOrStop(cause, rows);
                }
                return;
            }
            try {
                filesWritten.add(store.write(rows, now));
                failures = 0;
                written.add(rows.size());
                lock.lock();
                try {
                    persist();
                } finally {
                    lock.unlock();
                }
            } catch (RuntimeException e) {
                retryOrStop(String.valueOf(e.getMessage()), rows);
            }
        } finally {
            writeLock.unlock();
        }
    }

    /** A failed write may succeed later: too many open files, a folder that is unavailable. */
    private void retryOrStop(String cause, List<Tick> rows) {
        failures++;
        if (failures < ATTEMPTS_MAX && rows.size() <= waitingMax) {
            LOG.warn("recording_write_failed rows={} attempts={} cause=\"{}\"", rows.size(), failures, cause);
            unwritten = rows;
        } else {
            failures = 0;
            stopAll(cause, rows.size());
        }
    }

    /** Stops all recordings because nothing can be written, and raises an alert. */
    private void stopAll(String cause, int lost) {
        stops.increment();
        LOG.error("recording_stopped lost={} cause=\"{}\"", lost, cause);
        lock.lock();
        try {
            recordings.replaceAll((_, recording) -> {
                if (!recording.isActive()) {
                    return recording;
                }
                unsubscribe(recording, Optional.empty());
                return recording.stoppedBecause(cause);
            });
            waiting.clear();
            try {
                persist();
            } catch (RuntimeException e) {
                // The recordings resume at the next start, and stop again if the disk is still full.
                LOG.warn("recordings_store_failed cause=\"{}\"", e.getMessage());
            }
        } finally {
            lock.unlock();
        }
        environment
                .stopped()
                .raise(
                        ALERT_SUBJECT,
                        "Recording of ticks has stopped: " + cause
                                + ". When files can be written again, delete the recordings and start them again"
                                + " (./kis ticks list).");
    }

    /** Writes the queue. Active recordings resume at the next start. */
    @Override
    public void close() {
        task.ifPresent(running -> {
            running.close();
            if (!running.awaitEnd(CLOSE_LIMIT)) {
                LOG.warn("recorder_close_timed_out");
            }
        });
        trades.values().forEach(tickSeries -> tickSeries.markIfPolled(clock.millis(), true));
        write();
        store.close();
    }
}
