package kr.kisgateway.client;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock file beside the token's file, for the processes of one machine. The system lets go of it when one dies. */
final class FileLockBesideToken implements TokenLock {
    private static final Logger LOG = LoggerFactory.getLogger("kis.token");
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final Path file;
    private final InstantSource clock;
    private final Timer timer;

    FileLockBesideToken(Path token, InstantSource clock, Timer timer) {
        this.file = token.resolveSibling(token.getFileName() + ".lock");
        this.clock = clock;
        this.timer = timer;
    }

    @Override
    public <T> Optional<T> whileHeld(Supplier<T> work) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Closing the channel is the only way to end a wait for the lock.
            Timer.Handle alarm = timer.at(clock.instant().plus(WAIT), () -> closeQuietly(channel));
            try (FileLock lock = channel.lock()) {
                alarm.cancel();
                return lock.isValid() ? Optional.of(work.get()) : Optional.empty();
            } catch (OverlappingFileLockException | ClosedChannelException _) {
                return Optional.empty();
            } finally {
                alarm.cancel();
            }
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException trouble) {
            LOG.warn("token_lock_not_closed cause={}", trouble.getClass().getSimpleName());
        }
    }
}
