package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files completely or not at all, also on power failure. */
public final class AtomicFile {
    private AtomicFile() {}

    /** Forces {@code part} to disk and renames it to {@code file}, which it replaces. */
    public static void replace(Path part, Path file) throws IOException {
        try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(file);
    }

    /** Forces created and deleted names in the folder of {@code file} to disk. */
    public static void syncFolder(Path file) throws IOException {
        try (var folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
