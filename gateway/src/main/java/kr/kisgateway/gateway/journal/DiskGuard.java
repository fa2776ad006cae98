package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.task.TaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the free space of the journal's disk and refuses new orders when it is too small, before the disk is full
 * and not even a cancel could be recorded. It releases itself at an eighth above the limit, so that a disk
 * at the limit does not toggle between refusing and accepting with every file that is written.
 *
 * <p>Other programs ignore the limit and may fill the disk completely. Therefore a {@linkplain DiskReserve reserve}
 * is allocated while there is plenty: it is released when the disk is almost full, so that cancels and fills can be
 * recorded, and without it no new order is accepted.
 *
 * <p>Weak spot: between two checks, {@value #CHECK_MILLIS} ms, another program can fill the disk. Then a commit fails, the
 * journal is as safe as after any failed commit, and the reserve is released before it is opened again. A program that
 * continues to fill the disk takes the released space too.
 */
public final class DiskGuard implements DiskRoom, AutoCloseable {
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger("gateway.journal");

    private final LongSupplier free;
    private final long limit;
    private final Optional<DiskReserve> reserve;
    private volatile Optional<TaskRunner.Task> task = Optional.empty();
    private volatile boolean low;
    private volatile long freeBytes;
    private boolean freeUnknown;
    private Consumer<Boolean> change = _ -> {};

    /**
     * Checks once. {@link #check} checks again; {@link #start} creates a guard that checks periodically.
     *
     * @param free bytes that may still be written; throws {@link UncheckedIOException} when unknown
     * @param limit bytes below which no order is accepted; 0 disables the limit
     */
    DiskGuard(LongSupplier free, long limit) {
        this(free, limit, Optional.empty());
    }

    DiskGuard(LongSupplier free, long limit, Optional<DiskReserve> reserve) {
        this.free = free;
        this.limit = limit;
        this.reserve = reserve;
        check();
    }

    /** Guards the disk of {@code folder} until it is closed, with a reserve unless the limit is 0. */
    public static DiskGuard start(Path folder, long limit, TaskRunner tasks) {
        var guard = new DiskGuard(() -> usable(folder), limit, DiskReserve.in(folder, limit));
        guard.task = Optional.of(tasks.every("disk-guard", CHECK_INTERVAL, guard::check));
        return guard;
    }

    /** Bytes that may still be written to the disk of {@code folder}. */
    public static long usable(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reports to {@code listener} whether the disk is low: now, if it is, and at every change. It must not block. */
    public synchronized void onChange(Consumer<Boolean> listener) {
        change = listener;
        if (low) {
            listener.accept(true);
        }
    }

    /** Checks now, and releases the reserve when the disk is almost full. */
    public synchronized void check() {
        long now;
        try {
            now = free.getAsLong();
            freeUnknown = false;
        } catch (UncheckedIOException e) {
            if (!freeUnknown) {
                LOG.warn("disk_space_unknown cause={} low={}", e.getMessage(), low);
            }
            freeUnknown = true; // the last value stays in force: the journal itself reports when it cannot be written
            return;
        }
        freeBytes = now;
        long recoveryBytes = recoveryBytes();
        reserve.ifPresent(it -> it.update(now, recoveryBytes));
        if (!low && now < limit) {
            low = true;
            change.accept(true);
            LOG.error(
                    "disk_low free_bytes={} limit_bytes={} action=\"no new orders are accepted; free disk space\"",
                    now,
                    limit);
        } else if (low && now >= recoveryBytes) {
            low = false;
            change.accept(false);
            LOG.info("disk_space_recovered free_bytes={} limit_bytes={}", now, limit);
        }
    }

    @Override
    public Optional<Refusal> refusal() {
        return low
                ? Optional.of(Refusal.of(
                                ErrorCode.DISK_LOW,
                                "the journal's disk has less free space than JOURNAL_DISK_LOW, so no new order is accepted and"
                                        + " nothing was recorded; free disk space, cancels still pass")
                        .with("free_bytes", freeBytes)
                        .with("limit_bytes", limit)
                        .retryAfter(RETRY))
                : Optional.empty();
    }

    /** Writable bytes at the last check. */
    public long freeBytes() {
        return freeBytes;
    }

    /** Bytes reserved so that cancels can be recorded on a full disk; 0 while released. */
    public long reserveBytes() {
        return reserve.map(DiskReserve::bytes).orElse(0L);
    }

    /** Bytes below which no deferrable files (past bars and ticks) are written: they stop long before orders are refused. */
    public long historyMinimumBytes() {
        return 2 * limit;
    }

    /** Bytes that the disk needs now so that orders are accepted: more than the limit until it has recovered. */
    public long neededBytes() {
        return low ? recoveryBytes() : limit;
    }

    private long recoveryBytes() {
        return limit + limit / 8;
    }

    /** Bytes below which no order is accepted. */
    public long limitBytes() {
        return limit;
    }

    @Override
    public void close() {
        task.ifPresent(TaskRunner.Task::close);
    }
}
