package kr.kisgateway.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import kr.kisgateway.gateway.file.FileLocks;
import kr.kisgateway.gateway.file.OwnerOnly;

/**
 * Prevents two gateways of this machine from using one app key: KIS allows one session per key, and each would end the
 * other's. The file name is a hash and does not contain the key.
 */
final class AppKeyLock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private AppKeyLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * @param id name of the app key for the message
     * @param shared whether other gateways of this machine may use the key too, because a lease in their database decides which
     * @throws StartException when another gateway uses the key
     */
    static AppKeyLock take(Path configDir, String id, String appKey, boolean shared) {
        var folder = configDir.resolve("locks");
        try {
            Files.createDirectories(folder, OwnerOnly.folder(folder));
            var channel = FileChannel.open(
                    folder.resolve(hash(appKey)),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            Optional<FileLock> lock = FileLocks.tryLock(channel, shared);
            if (lock.isEmpty()) {
                channel.close();
                throw new StartException(
                        "Another gateway on this machine uses the app key " + id
                                + ", and KIS allows one session per key; stop that gateway, or set another app key for this one.");
            }
            return new AppKeyLock(channel, lock.get());
        } catch (IOException e) {
            throw new StartException("The folder " + folder + " cannot be written: " + e.getMessage());
        }
    }

    /** A file name for {@code appKey} that does not reveal it. */
    static String hash(String appKey) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(appKey.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
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
