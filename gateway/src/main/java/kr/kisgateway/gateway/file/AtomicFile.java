package kr.kisgateway.gateway.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
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

    /** Replaces {@code file} by {@code content}, which only the owner of the process may read. */
    public static void writeForOwner(Path file, byte[] content) throws IOException {
        var part = ownerPart(file, content);
        try {
            replace(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** As {@link #writeForOwner}, where there is no {@code file} yet; returns false when another process created one. */
    public static boolean createForOwner(Path file, byte[] content) throws IOException {
        var part = ownerPart(file, content);
        try {
            Files.createLink(file, part);
            syncFolder(file);
            return true;
        } catch (FileAlreadyExistsException _) {
            return false;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Path ownerPart(Path file, byte[] content) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        var part = Files.createTempFile(folder, ".part", ".new", OwnerOnly.file(file));
        Files.write(part, content);
        try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return part;
    }

    /** Forces created and deleted names in the folder of {@code file} to disk. */
    public static void syncFolder(Path file) throws IOException {
        try (var folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
