package kr.kisgateway.client.master;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good copy of a master file on disk, unpacked. Its time of modification is when it was downloaded, so bytes and
 * age change together in one rename, and a file put there by hand has its age too.
 */
final class MasterFileStore {
    private static final Logger LOG = LoggerFactory.getLogger(MasterFileStore.class);

    private final MasterFile file;
    private final Path folder;
    private final int bytesMax;

    MasterFileStore(MasterFile file, Path folder, int bytesMax) {
        this.file = file;
        this.folder = folder;
        this.bytesMax = bytesMax;
    }

    /** The stored copy; empty when there is none, or no trustworthy one. */
    Optional<MasterCopy> read() {
        Path path = path();
        try {
            if (Files.size(path) > bytesMax) {
                return unusable("too large");
            }
            MasterTable table = MasterTable.parse(file, Files.readAllBytes(path));
            return table.isTrustworthy()
                    ? Optional.of(new MasterCopy(
                            table, Files.getLastModifiedTime(path).toInstant(), Optional.empty()))
                    : unusable("too many bad lines");
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException trouble) {
            return unusable(trouble.getClass().getSimpleName());
        }
    }

    /** Replaces the stored copy atomically. */
    void write(byte[] bytes, Instant fetchedAt) throws IOException {
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(folder, "." + file.fileName(), ".new");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(bytes);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.setLastModifiedTime(fresh, FileTime.from(fetchedAt));
            Files.move(fresh, path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    Path path() {
        return folder.resolve(file.fileName());
    }

    private Optional<MasterCopy> unusable(String why) {
        LOG.warn("master_copy_unusable file={} cause=\"{}\"", file.fileName(), why);
        return Optional.empty();
    }
}
