package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the free room of the journal's disk and says when it is too little for new orders, before the disk is full
 * and not even a cancel could be recorded. It lifts itself when there is an eighth more than the limit, so that a disk
 * at the limit does not open and close the door with every file that is written.
 *
 * <p>Weak spot: between two looks, {@value #LOOK_MILLIS} ms, somebody else can fill the disk. Then a commit fails, and
 * the journal is as safe as after any failed commit.
 */
public final class DiskGuard implements DiskRoom, AutoCloseable {
    private static final long LOOK_MILLIS = 250;
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger("journal");

    private final LongSupplier free;
    private final long limit;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean low;
    private volatile long freeBytes;
    private boolean blind;

    /**
     * Looks once. {@link #look} looks again; {@link #watching} makes a guard that does so by itself.
     *
     * @param free bytes that may still be written; throws {@link UncheckedIOException} when that cannot be said
     * @param limit bytes below which no order is taken; 0 never minds
     */
    DiskGuard(LongSupplier free, long limit) {
        this.free = free;
        this.limit = limit;
        look();
    }

    /** Guards the disk of {@code folder} until it is closed. */
    public static DiskGuard watching(Path folder, long limit) {
        var guard = new DiskGuard(() -> usable(folder), limit);
        Thread.ofPlatform().name("disk-guard").daemon().start(guard::watch);
        return guard;
    }

    private static long usable(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void watch() {
        try {
            while (!closing.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks now. One thread at a time. */
    void look() {
        long now;
        try {
            now = free.getAsLong();
            blind = false;
        } catch (UncheckedIOException e) {
            if (!blind) {
                LOG.warn("disk_room_unknown cause={} low={}", e.getMessage(), low);
            }
            blind = true; // what was known last still holds: the journal itself says when it cannot be written
            return;
        }
        freeBytes = now;
        if (!low && now < limit) {
            low = true;
            LOG.error(
                    "disk_low free_bytes={} limit_bytes={} action=\"no new orders are taken; free some room\"",
                    now,
                    limit);
        } else if (low && now >= limit + limit / 8) {
            low = false;
            LOG.info("disk_room_again free_bytes={} limit_bytes={}", now, limit);
        }
    }

    @Override
    public Optional<Refusal> refusal() {
        return low
                ? Optional.of(Refusal.of(
                                ErrorCode.DISK_LOW,
                                "the journal's disk has less room than JOURNAL_DISK_LOW, so no new order is taken and"
                                        + " nothing was recorded; free some room, cancels still pass")
                        .with("free_bytes", freeBytes)
                        .with("limit_bytes", limit)
                        .retryAfter(RETRY))
                : Optional.empty();
    }

    /** Bytes that could be written when it was looked last. */
    public long freeBytes() {
        return freeBytes;
    }

    /** Bytes below which no order is taken. */
    public long limitBytes() {
        return limit;
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
