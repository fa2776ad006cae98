package kr.kisgateway.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The folder of one gateway's files, held by a lock so that two gateways never write the same ones. */
final class DataFolder implements AutoCloseable {
    /** What a new folder allows: other users of the machine need not read what somebody orders and owns. */
    static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Makes the folder and takes it.
     *
     * @throws StartException when it cannot be written or another gateway has it
     */
    static DataFolder open(Path path) {
        try {
            Files.createDirectories(path, OWNER_ONLY);
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                // Orders and balances are nobody else's business on a machine with several users.
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
            var channel =
                    FileChannel.open(path.resolve("gateway.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new StartException("Another gateway uses the data folder " + path
                        + "; stop it, or give this one another GATEWAY_DATA_DIR.");
            }
            return new DataFolder(path, channel, lock);
        } catch (IOException e) {
            throw new StartException("The data folder " + path + " cannot be written: " + e.getMessage());
        }
    }

    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // The other gateway runs in this very process, as in tests.
            return null;
        }
    }

    Path file(String name) {
        return path.resolve(name);
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
