package kr.kisgateway.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two gateways of this machine's user from owning one app key, whatever their data folders: KIS gives a key one
 * WebSocket session, and the second would steal it from the first.
 */
final class AppKeyLock implements AutoCloseable {
    private static final int NAME_BYTES = 16;

    private final FileChannel channel;
    private final FileLock lock;

    private AppKeyLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes {@code appKey}; the file's name is a hash of it.
     *
     * @throws StartException when another process has it
     */
    static AppKeyLock take(Path configDir, String appKey) {
        var folder = configDir.resolve("locks");
        try {
            Files.createDirectories(folder, DataFolder.OWNER_ONLY);
            var channel =
                    FileChannel.open(folder.resolve(name(appKey)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new StartException("Another gateway of yours uses this KIS app key; KIS allows a key one session."
                        + " Stop it, or give this one another app key.");
            }
            return new AppKeyLock(channel, lock);
        } catch (IOException e) {
            throw new StartException("The folder " + folder + " cannot be written: " + e.getMessage());
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String name(String appKey) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(appKey.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
