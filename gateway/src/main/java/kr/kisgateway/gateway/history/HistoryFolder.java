package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.LongSupplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.file.FileLocks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the history's files: in the data folder of this gateway, or on storage that the gateways of a cluster share.
 * Shared, it is written by one gateway at a time: the one with the lock of {@code writer.lock}, which the storage releases when
 * that gateway or its machine ends. What a backfill has fetched and not merged is beside the files there, so that the next owner
 * goes on with it.
 *
 * <p>Weak spot: the lock is taken once and not checked again. Storage that gives it to another gateway while this one is only
 * cut off from it (NFS, after its own lease) lets both write; each file stays complete, and days of one of them may be missing
 * from the coverage, so that they are fetched again.
 */
public final class HistoryFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");
    private static final String LOCK = "writer.lock";

    private final Path folder;
    private final Path work;
    private final Path spill;
    private final Path state;
    private final LongSupplier freeBytes;
    private final long minimumBytes;
    private final boolean shared;
    /** Guards the lock's file. */
    private final Object lock = new Object();

    private Optional<FileChannel> held = Optional.empty();
    private volatile boolean writer;

    private HistoryFolder(
            Path folder, Path work, Path spill, Path state, LongSupplier freeBytes, long minimumBytes, boolean shared) {
        this.folder = folder;
        this.work = work;
        this.spill = spill;
        this.state = state;
        this.freeBytes = freeBytes;
        this.minimumBytes = minimumBytes;
        this.shared = shared;
        this.writer = !shared;
    }

    /**
     * The history in {@code data}, which no other gateway writes.
     *
     * @param freeBytes of its disk; throws {@link UncheckedIOException} when unknown
     * @param minimumBytes below which no file of the history is written
     */
    public static HistoryFolder own(Path data, LongSupplier freeBytes, long minimumBytes) {
        var work = data.resolve("history-work");
        return new HistoryFolder(
                data.resolve("history"), work, work.resolve("spill"), data, freeBytes, minimumBytes, false);
    }

    /**
     * The history in {@code folder}, which other gateways read and one of them may write.
     *
     * @param data for what is of this gateway alone
     * @param freeBytes of the storage; throws {@link UncheckedIOException} when unknown
     */
    public static HistoryFolder shared(Path folder, Path data, LongSupplier freeBytes, long minimumBytes) {
        return new HistoryFolder(
                folder,
                folder.resolve("work"),
                data.resolve("history-work").resolve("spill"),
                folder,
                freeBytes,
                minimumBytes,
                true);
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

    /** Makes this gateway the writer, if no other is; it stays it until {@link #close}. Returns whether it is. */
    public boolean becomeWriter() {
        synchronized (lock) {
            if (writer) {
                return true;
            }
            try {
                if (!Files.isDirectory(folder)) {
                    Files.createDirectory(folder);
                }
                var channel =
                        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (FileLocks.tryLock(channel).isPresent()) {
                    held = Optional.of(channel);
                    writer = true;
                } else {
                    channel.close();
                }
            } catch (IOException e) {
                LOG.warn("history_not_writable folder={} cause=\"{}\"", folder, e.toString());
            }
            return writer;
        }
    }

    /** Why no file can be written now; empty when it can. Callable from any thread. */
    public Optional<Refusal> obstacle() {
        if (!writer) {
            return Optional.of(Refusal.of(
                    ErrorCode.HISTORY_UNAVAILABLE,
                    Files.exists(folder.resolve(LOCK)) && Files.isWritable(folder)
                            ? "Another gateway still writes the history in HISTORY_URL; this one does when that has ended."
                            : "The folder of HISTORY_URL cannot be written; mount it."));
        }
        try {
            return freeBytes.getAsLong() < minimumBytes
                    ? Optional.of(Refusal.of(
                            ErrorCode.DISK_LOW,
                            shared
                                    ? "The storage of HISTORY_URL has less than " + minimumBytes
                                            + " bytes free. Free some."
                                    : "The disk has less than " + minimumBytes
                                            + " bytes free, which orders need. Free some."))
                    : Optional.empty();
        } catch (UncheckedIOException e) {
            return Optional.of(Refusal.of(
                    ErrorCode.HISTORY_UNAVAILABLE,
                    "The folder of the history cannot be read: " + e.getMessage() + "."));
        }
    }

    /** Lets another gateway write. Nothing may be written any more. */
    @Override
    public void close() {
        synchronized (lock) {
            if (held.isPresent()) {
                writer = false;
                try {
                    held.get().close();
                } catch (IOException e) {
                    LOG.warn("history_lock_not_released cause=\"{}\"", e.toString());
                }
                held = Optional.empty();
            }
        }
    }
}
