package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.file.FileLocks;
import kr.kisgateway.gateway.file.OwnerOnly;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the history's files: in the data folder of this gateway, or on storage that the gateways of a cluster share.
 * Shared, it is written by one gateway at a time: the one with the lock of {@code writer.lock}, which the storage releases when
 * that gateway or its machine ends. What a backfill has fetched and not merged is beside the files there, so that the next owner
 * goes on with it.
 *
 * <p>Shared storage may hang. {@link #check} alone touches it, on a task of its own; {@link #obstacle} only reads what that found.
 *
 * <p>Weak spots: the lock is not checked again once it is held, so storage that gives it to another gateway while this one is only
 * cut off (NFS, after its own lease) lets both write, and one may replace a file without the rows of the other. The lock is
 * released when the history is closed, also if a write that hangs has not ended by then.
 */
public final class HistoryFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");
    private static final String LOCK = "writer.lock";

    /** From here on storage that does not answer a check counts as away. */
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(10);

    private static final Refusal NOT_OPENED = unavailable("The folder of HISTORY_URL is being opened.");

    private final Path folder;
    private final Path work;
    private final Path spill;
    private final Path state;
    private final LongSupplier freeBytes;
    private final long minimumBytes;
    private final Optional<InstantSource> sharedClock;

    // Of a shared folder.
    private volatile Optional<Refusal> found = Optional.of(NOT_OPENED);
    private volatile Instant checkedAt = Instant.MIN;
    private volatile boolean ready;
    private Optional<FileChannel> held = Optional.empty();
    private volatile boolean closed;

    private HistoryFolder(
            Path folder,
            Path work,
            Path spill,
            Path state,
            LongSupplier freeBytes,
            long minimumBytes,
            Optional<InstantSource> sharedClock) {
        this.folder = folder;
        this.work = work;
        this.spill = spill;
        this.state = state;
        this.freeBytes = freeBytes;
        this.minimumBytes = minimumBytes;
        this.sharedClock = sharedClock;
    }

    /**
     * The history in {@code data}, which no other gateway writes.
     *
     * @param freeBytes of its disk, without asking the disk
     * @param minimumBytes below which no file of the history is written
     */
    public static HistoryFolder own(Path data, LongSupplier freeBytes, long minimumBytes) {
        var work = data.resolve("history-work");
        return new HistoryFolder(
                data.resolve("history"), work, work.resolve("spill"), data, freeBytes, minimumBytes, Optional.empty());
    }

    /**
     * The history in {@code folder}, which other gateways may write. It can be written after {@link #check} and {@link #ready}.
     *
     * @param data for what is of this gateway alone
     * @param freeBytes of the storage; throws {@link UncheckedIOException} when unknown
     */
    public static HistoryFolder shared(
            Path folder, Path data, LongSupplier freeBytes, long minimumBytes, InstantSource clock) {
        return new HistoryFolder(
                folder,
                folder.resolve("work"),
                data.resolve("history-work").resolve("spill"),
                folder,
                freeBytes,
                minimumBytes,
                Optional.of(clock));
    }

    /** Whether other gateways may write it. */
    public boolean isShared() {
        return sharedClock.isPresent();
    }

    /** The files. */
    public Path folder() {
        return folder;
    }

    /** For files that are not finished, on the same storage. */
    public Path work() {
        return work;
    }

    /** For data beyond DuckDB's memory, on a disk of this machine. */
    public Path spill() {
        return spill;
    }

    /** A file about the history, as the list of recordings. */
    public Path file(String name) {
        return state.resolve(name);
    }

    /**
     * Makes this gateway the writer of a shared folder, if no other is, until {@link #close}, and looks for the free space. Called
     * by one thread; it waits as long as the storage does.
     *
     * @return whether this gateway is the writer
     */
    public boolean check() {
        if (closed) {
            return false;
        }
        Optional<Refusal> obstacle = isHeld() ? Optional.empty() : lock();
        found = obstacle.or(this::spaceObstacle);
        sharedClock.ifPresent(clock -> checkedAt = clock.instant());
        return isHeld();
    }

    /** The writer has prepared the folder: from now on its files may be changed. */
    public void ready() {
        ready = true;
    }

    /** Why no file can be written now; empty when it can. It does not wait; callable from any thread. */
    public Optional<Refusal> obstacle() {
        if (sharedClock.isEmpty()) {
            return spaceObstacle();
        }
        if (closed) {
            return Optional.of(unavailable("The history is closed."));
        }
        if (checkedAt.isBefore(sharedClock.get().instant().minus(CHECK_LIMIT)) && checkedAt.isAfter(Instant.MIN)) {
            return Optional.of(unavailable("The storage of HISTORY_URL does not answer."));
        }
        return found.or(() -> ready ? Optional.empty() : Optional.of(NOT_OPENED));
    }

    /** Lets another gateway write. Nothing may be written any more. */
    @Override
    public synchronized void close() {
        closed = true;
        held.ifPresent(HistoryFolder::release);
        held = Optional.empty();
    }

    private synchronized boolean isHeld() {
        return held.isPresent();
    }

    /** @return false after {@link #close} */
    private synchronized boolean hold(FileChannel channel) {
        if (!closed) {
            held = Optional.of(channel);
        }
        return !closed;
    }

    /** Takes the lock; returns why not. */
    private Optional<Refusal> lock() {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(folder, OwnerOnly.folder(folder));
            }
            var channel = FileChannel.open(
                    folder.resolve(LOCK),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    OwnerOnly.file(folder));
            boolean kept = false;
            try {
                // Only a channel that holds the lock stays open: closing another one of the file would release it.
                kept = FileLocks.tryLock(channel).isPresent() && hold(channel);
            } finally {
                if (!kept) {
                    release(channel);
                }
            }
            return kept
                    ? Optional.empty()
                    : Optional.of(
                            unavailable(
                                    "Another gateway still writes the history in HISTORY_URL; this one does when that has ended."));
        } catch (IOException e) {
            return Optional.of(
                    unavailable("The folder of HISTORY_URL cannot be written: " + reason(e) + ". Mount it."));
        }
    }

    private Optional<Refusal> spaceObstacle() {
        try {
            return freeBytes.getAsLong() < minimumBytes
                    ? Optional.of(Refusal.of(
                            ErrorCode.DISK_LOW,
                            isShared()
                                    ? "The storage of HISTORY_URL has less than " + minimumBytes
                                            + " bytes free. Free some."
                                    : "The disk has less than " + minimumBytes
                                            + " bytes free, which orders need. Free some."))
                    : Optional.empty();
        } catch (UncheckedIOException e) {
            return Optional.of(unavailable("The folder of the history cannot be read: " + e.getMessage() + "."));
        }
    }

    private static Refusal unavailable(String message) {
        return Refusal.of(ErrorCode.HISTORY_UNAVAILABLE, message);
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }

    private static void release(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("history_lock_not_released cause=\"{}\"", e.toString());
        }
    }
}
