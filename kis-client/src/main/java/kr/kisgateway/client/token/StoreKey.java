package kr.kisgateway.client.token;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Set;
import java.util.random.RandomGenerator;
import kr.kisgateway.client.Secret;

/**
 * The user's key that encrypts stored tokens: {@code master.key} in the user's folder of settings, shared with the
 * gateway. It is outside the folder of the tokens, so that a copy of them is useless.
 */
public final class StoreKey {
    private static final int LENGTH_MIN = 32;
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private StoreKey() {}

    /**
     * Reads the key, or creates it at the first start, readable by its owner only.
     *
     * @throws IOException when the file cannot be read or created, or is damaged; in a sentence
     */
    public static Secret open(Path folder, RandomGenerator random) throws IOException {
        Path file = folder.resolve("master.key");
        Files.createDirectories(folder, ownerOnly(folder, "rwx------"));
        if (!Files.exists(file)) {
            create(file, random);
        }
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            throw new IOException("The file " + file + " can be read or written by others; make it yours alone"
                    + " (chmod 600), or remove it to make a new one");
        }
        String text = Files.readString(file).strip();
        if (text.length() < LENGTH_MIN) {
            throw new IOException("The file " + file + " is damaged; restore it, or remove it to make a new one (stored"
                    + " tokens are then requested again)");
        }
        return Secret.of(text);
    }

    private static void create(Path file, RandomGenerator random) throws IOException {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        // Atomically: another program that starts now must not read half a key.
        Path draft =
                Files.createTempFile(file.toAbsolutePath().getParent(), "master", ".key", ownerOnly(file, "rw-------"));
        try {
            Files.writeString(draft, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n");
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException _) {
            // The other process was faster; its key is as good.
            return;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path place, String permissions) {
        return place.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
