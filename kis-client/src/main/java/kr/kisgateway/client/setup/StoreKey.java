package kr.kisgateway.client.setup;

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
    /** Its file. */
    public static final String FILE = "master.key";

    private static final int LENGTH_MIN = 32;
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private StoreKey() {}

    /**
     * Reads the key, or creates it at the first start, readable by its owner only.
     *
     * @throws IOException when the file cannot be read or created, or is damaged; in a sentence
     */
    public static Secret open(Path folder, RandomGenerator random) throws IOException {
        Files.createDirectories(folder, ownerOnly(folder, "rwx------"));
        if (!Files.exists(folder.resolve(FILE))) {
            var bytes = new byte[32];
            random.nextBytes(bytes);
            create(folder, Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
        }
        return read(folder);
    }

    /**
     * Reads the key.
     *
     * @throws IOException when there is none, or as by {@link #open}
     */
    public static Secret read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
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

    /** Stores {@code key} where there is none yet; one that exists stays. */
    public static void create(Path folder, Secret key) throws IOException {
        Path file = folder.resolve(FILE);
        // Atomically: another program that starts now must not read half a key.
        Path draft =
                Files.createTempFile(file.toAbsolutePath().getParent(), "master", ".key", ownerOnly(file, "rw-------"));
        try {
            Files.writeString(draft, key.reveal() + "\n");
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
