package kr.kisgateway.gateway.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import kr.kisgateway.client.setup.StoreKey;
import kr.kisgateway.gateway.file.AtomicFile;

/** The master key in clear in {@code master.key} of the configuration folder, readable by its owner only. */
final class KeyFile implements MasterKeySource {
    private final Path folder;

    KeyFile(Path folder) {
        this.folder = folder;
    }

    boolean exists() {
        return Files.exists(folder.resolve(StoreKey.FILE));
    }

    @Override
    public Optional<MasterKey> read() throws SecretException {
        try {
            return exists() ? Optional.of(new MasterKey(StoreKey.read(folder))) : Optional.empty();
        } catch (IOException e) {
            throw new SecretException("The master key cannot be read: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public void create(MasterKey key, SecureRandom random) throws SecretException {
        try {
            StoreKey.create(folder, key.text());
        } catch (IOException e) {
            throw new SecretException("The master key cannot be written to " + folder + ": " + e, e);
        }
    }

    @Override
    public void replace(MasterKey key, SecureRandom random) throws SecretException {
        try {
            AtomicFile.writeForOwner(
                    folder.resolve(StoreKey.FILE), (key.text().reveal() + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new SecretException("The master key cannot be written to " + folder + ": " + e, e);
        }
    }

    /** Deletes the key, once another place has it. */
    void delete() throws SecretException {
        try {
            Files.deleteIfExists(folder.resolve(StoreKey.FILE));
            AtomicFile.syncFolder(folder.resolve(StoreKey.FILE));
        } catch (IOException e) {
            throw new SecretException("The file " + folder.resolve(StoreKey.FILE) + " cannot be deleted: " + e, e);
        }
    }

    @Override
    public String label() {
        return folder.resolve(StoreKey.FILE).toString();
    }
}
