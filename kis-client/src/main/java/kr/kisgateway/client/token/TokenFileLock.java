package kr.kisgateway.client.token;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import kr.kisgateway.client.TokenLock;

/**
 * A lock file beside the token's file, for the processes of one machine. The system releases it when one dies.
 *
 * <p>It polls the lock instead of waiting in the system: a thread that waits there cannot be woken,
 * not even by closing the file, if it is a virtual one.
 */
public final class TokenFileLock implements TokenLock {
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /**
     * Acquired within this process before the file is opened. The only object here that lives as long as the process,
     * because its subject does: to POSIX a lock belongs to the process, and closing any channel of the file releases
     * the lock of the entire process.
     */
    private static final Map<Path, ReentrantLock> PROCESS_LOCKS = new ConcurrentHashMap<>();

    private final Path file;
    private final Duration wait;

    public TokenFileLock(Path token) {
        this(token, WAIT);
    }

    /** @param wait how long the lock is polled */
    public TokenFileLock(Path token, Duration wait) {
        this.file = token.resolveSibling(token.getFileName() + ".lock").toAbsolutePath();
        this.wait = wait;
    }

    @Override
    public <T> Optional<T> runLocked(Supplier<T> work) throws IOException {
        Path folder = Files.createDirectories(file.getParent()).toRealPath();
        ReentrantLock processLock =
                PROCESS_LOCKS.computeIfAbsent(folder.resolve(file.getFileName()), _ -> new ReentrantLock());
        try {
            if (!processLock.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Optional<FileLock> lock = lock(channel);
            // Closing the channel releases it.
            return lock.isPresent() ? Optional.of(work.get()) : Optional.empty();
        } finally {
            processLock.unlock();
        }
    }

    private Optional<FileLock> lock(FileChannel channel) throws IOException {
        for (long tries = wait.dividedBy(PAUSE); tries >= 0; tries--) {
            Optional<FileLock> lock = tryLock(channel);
            if (lock.isPresent() || tries == 0) {
                return lock;
            }
            try {
                // The system does not signal when a file's lock is released.
                boolean signalled = new CountDownLatch(1).await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                assert !signalled;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException _) {
            return Optional.empty(); // Another copy of this class, as application servers load them.
        }
    }
}
