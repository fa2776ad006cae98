package kr.kisgateway.simulator.replay;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.spi.TrafficListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the traffic between a broker and its clients, without secrets and identities. Any thread may call it; each line is
 * complete. When the file can no longer be written, or a secret cannot be removed, it logs this once and stops: a recording
 * may end early, but never contains too much.
 */
public final class RecordingWriter implements TrafficListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingWriter.class);

    /** Events reach the file after this time at the latest, once another event follows. */
    private static final Duration FLUSH = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Redactor redactor = new Redactor();
    private final InstantSource clock;
    private final BooleanSupplier hasDiskSpace;
    private final Instant start;
    private final BufferedWriter out;
    private Instant flushed;
    private long lines;
    private long removed;
    private boolean failed;

    private RecordingWriter(InstantSource clock, BooleanSupplier hasDiskSpace, BufferedWriter out) {
        this.clock = clock;
        this.hasDiskSpace = hasDiskSpace;
        this.start = clock.instant();
        this.flushed = start;
        this.out = out;
    }

    /**
     * Starts a recording; an existing file is not overwritten.
     *
     * @throws IllegalArgumentException when the file exists or cannot be created
     */
    public static RecordingWriter open(Path file, InstantSource clock) {
        return open(file, clock, () -> true);
    }

    /**
     * Starts a recording that ends when its disk has too little room for others.
     *
     * @param hasDiskSpace whether more may be written; called once a second
     * @throws IllegalArgumentException when the file exists or cannot be created
     */
    public static RecordingWriter open(Path file, InstantSource clock, BooleanSupplier hasDiskSpace) {
        try {
            BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            RecordingWriter writer = new RecordingWriter(clock, hasDiskSpace, out);
            out.write(RecordingLines.header(writer.start
                    .atZone(TradingCalendar.SEOUL)
                    .toOffsetDateTime()
                    .toString()));
            out.newLine();
            out.flush();
            return writer;
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException("the recording " + file + " is there already", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the recording " + file + " cannot be created: " + e.getMessage(), e);
        }
    }

    /** Records a call; of its headers only {@code tr_id} and {@code tr_cont}. */
    @Override
    public void requestSent(
            long call, String method, String path, Map<String, String> headers, String query, String body) {
        writeEvent(at -> {
            redactor.learnCall(headers, query, body);
            return new Event.Called(
                    at,
                    call,
                    method,
                    redactor.redact(path),
                    redactor.redactQuery(query),
                    redactor.redact(headers.getOrDefault("tr_id", "")),
                    redactor.redact(headers.getOrDefault("tr_cont", "")),
                    redactor.redact(body));
        });
    }

    @Override
    public void responseReceived(long call, int status, String trId, String trCont, String body) {
        writeEvent(at -> {
            redactor.learnBody(body);
            return new Event.Answered(
                    at, call, status, redactor.redact(trId), redactor.redact(trCont), redactor.redact(body));
        });
    }

    @Override
    public void responseLost(long call) {
        writeEvent(at -> new Event.ConnectionReset(at, call));
    }

    @Override
    public void sessionOpened(long session) {
        writeEvent(at -> new Event.Opened(at, session));
    }

    @Override
    public void messageSent(long session, String text) {
        writeEvent(at -> {
            redactor.learnSocket(session, text);
            return new Event.ClientText(
                    at, session, redactor.redactSocketText(session, text).orElse(""));
        });
    }

    @Override
    public void messageReceived(long session, String text) {
        writeEvent(at -> {
            redactor.learnSocket(session, text);
            Optional<String> redacted = redactor.redactSocketText(session, text);
            if (redacted.isEmpty()) {
                removed++;
                return new Event.Removed(at, session, text.split("\\|", 3)[1]);
            }
            return new Event.BrokerText(at, session, redacted.get());
        });
    }

    @Override
    public void sessionEnded(long session, boolean byBroker, int code) {
        writeEvent(at -> {
            redactor.removeSession(session);
            return new Event.Ended(at, session, byBroker, code);
        });
    }

    /** The number of notices that were left out because they could not be cleared. */
    public long removed() {
        lock.lock();
        try {
            return removed;
        } finally {
            lock.unlock();
        }
    }

    private interface EventFactory {
        Event at(long micros);
    }

    private void writeEvent(EventFactory factory) {
        lock.lock();
        try {
            if (failed) {
                return;
            }
            Instant now = clock.instant();
            out.write(RecordingLines.of(
                    factory.at(Math.max(0, Duration.between(start, now).toNanos() / 1_000))));
            out.newLine();
            lines++;
            if (flushed.plus(FLUSH).isBefore(now)) {
                out.flush();
                flushed = now;
                if (!hasDiskSpace.getAsBoolean()) {
                    failed = true;
                    LOG.error("recording_ended the disk has too little room, lines={}", lines);
                }
            }
        } catch (IOException | RuntimeException e) {
            failed = true;
            LOG.error("recording_failed nothing more is recorded, lines={}", lines, e);
        } finally {
            lock.unlock();
        }
    }

    /** @throws UncheckedIOException when the last lines cannot be written */
    @Override
    public void close() {
        lock.lock();
        try {
            failed = true;
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the end of the recording is lost", e);
        } finally {
            lock.unlock();
        }
    }
}
