package kr.kisgateway.gateway.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and folders that other users of the machine can neither read nor list, where the file system has POSIX permissions: on
 * others the folder's own rules apply.
 */
public final class OwnerOnly {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private OwnerOnly() {}

    /** For the methods of {@link Files} that create {@code file}: it is never readable by others, not even at first. */
    public static FileAttribute<?>[] file(Path file) {
        return attributes(file, FILE);
    }

    /** As {@link #file}, for a folder. */
    public static FileAttribute<?>[] folder(Path folder) {
        return attributes(folder, FOLDER);
    }

    /** Creates an empty {@code file} where there is none; refuses a link to a file that does not exist. */
    public static void createFileIfAbsent(Path file) throws IOException {
        try {
            Files.createFile(file, file(file));
        } catch (FileAlreadyExistsException e) {
            if (Files.notExists(file)) {
                throw e;
            }
        }
    }

    /** Creates {@code folder} and those above it, and takes the permissions of others from one that exists. */
    public static void createFolder(Path folder) throws IOException {
        Files.createDirectories(folder, folder(folder));
        if (isPosix(folder)) {
            Files.setPosixFilePermissions(folder, FOLDER);
        }
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
