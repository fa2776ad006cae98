package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that only occupies space, deleted when the disk is almost full and created again when there is plenty. Its bytes
 * are written, not only its length set: a file with holes occupies no space. One thread at a time.
 */
final class DiskReserve {
    /** Space for some hundred commits of cancels. */
    private static final long BYTES_MAX = 8L << 20;

    private static final String NAME = "disk.reserve";
    private static final Logger LOG = LoggerFactory.getLogger("gateway.journal");

    private final Path file;
    private final long size;
    private volatile boolean allocated;
    private boolean failed;

    private DiskReserve(Path file, long size) {
        this.file = file;
        this.size = size;
        this.allocated = Files.isRegularFile(file);
    }

    /** A reserve in {@code folder}, a quarter of {@code limit} and at most {@value #BYTES_MAX} bytes; none when the limit is 0. */
    static Optional<DiskReserve> in(Path folder, long limit) {
        long size = Math.min(BYTES_MAX, limit / 4);
        return size == 0 ? Optional.empty() : Optional.of(new DiskReserve(folder.resolve(NAME), size));
    }

    /** Bytes reserved now. */
    long bytes() {
        return allocated ? size : 0;
    }

    /** @param plenty free bytes above which the reserve is created again */
    void update(long free, long plenty) {
        if (allocated && free < size / 2) {
            release(free);
        } else if (!allocated && free >= plenty + size) {
            allocate();
        }
    }

    private void release(long free) {
        try {
            Files.deleteIfExists(file);
            allocated = false;
            LOG.error(
                    "disk_reserve_released free_bytes={} reserve_bytes={} action=\"the disk is full; the rest is for"
                            + " cancels; free disk space\"",
                    free,
                    size);
        } catch (IOException e) {
            LOG.error("disk_reserve_not_released cause=\"{}\"", e.getMessage());
        }
    }

    private void allocate() {
        Path part = file.resolveSibling("." + NAME + ".new");
        try {
            try (var channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                var block = ByteBuffer.allocate(1 << 16);
                for (long left = size; left > 0; left -= block.limit()) {
                    block.clear().limit((int) Math.min(block.capacity(), left));
                    while (block.hasRemaining()) {
                        channel.write(block);
                    }
                }
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            allocated = true;
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("disk_reserve_not_allocated cause=\"{}\"", e.getMessage());
            }
            failed = true;
        }
    }
}
