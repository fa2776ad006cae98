package kr.kisgateway.gateway.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.Optional;

/** Locks of files between processes, which the system releases when their process ends. */
public final class FileLocks {
    private FileLocks() {}

    /** Locks the whole file; empty when another process, or another gateway in this one, has it. */
    public static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        return tryLock(channel, false);
    }

    /** @param shared whether others may have a shared lock beside it */
    public static Optional<FileLock> tryLock(FileChannel channel, boolean shared) throws IOException {
        return tryLock(channel, 0, Long.MAX_VALUE, shared);
    }

    /** Locks one byte, which need not exist. */
    public static Optional<FileLock> tryLock(FileChannel channel, long position) throws IOException {
        return tryLock(channel, position, 1, false);
    }

    private static Optional<FileLock> tryLock(FileChannel channel, long position, long size, boolean shared)
            throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock(position, size, shared));
        } catch (OverlappingFileLockException e) {
            // The other gateway runs in this process, as in tests.
            return Optional.empty();
        }
    }
}
