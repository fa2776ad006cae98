package kr.kisgateway.gateway.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.file.OwnerOnly;

/**
 * Opens the master key at its configured place.
 *
 * @param folder the configuration folder
 * @param source {@code MASTER_KEY_SOURCE}: file, env, keyring, aws-kms://KEY or a PKCS#11 URI
 * @param key {@code MASTER_KEY}
 * @param pin {@code MASTER_KEY_PIN}
 */
public record MasterKeys(Path folder, String source, Optional<Secret> key, Optional<Secret> pin) {
    private static final String FILE = "file";

    /** The key in {@code master.key} of a folder. */
    public static MasterKeys inFile(Path folder) {
        return new MasterKeys(folder, FILE, Optional.empty(), Optional.empty());
    }

    /** Reads the key, or creates it at the first start. */
    public MasterKey open(SecureRandom random) throws SecretException {
        createFolder();
        var place = place();
        var existing = place.read();
        if (existing.isPresent()) {
            return existing.get();
        }
        var file = new KeyFile(folder);
        if (!(place instanceof KeyFile) && file.exists()) {
            throw new SecretException("The master key is in " + file.label() + ", and MASTER_KEY_SOURCE is "
                    + place.label() + ": move it with ./kis secrets move-master-key --from=file.");
        }
        place.create(MasterKey.random(random), random);
        return place.read()
                .orElseThrow(() -> new SecretException(
                        "The master key was stored at " + place.label() + ", which does not return it."));
    }

    /** Reads the key; refuses when there is none. */
    public MasterKey read() throws SecretException {
        var place = place();
        return place.read()
                .orElseThrow(() -> new SecretException("There is no master key at " + place.label()
                        + "; restore it, or set MASTER_KEY_SOURCE to its place."));
    }

    /** Copies the key from another place to this one, which must have none; a file is deleted afterwards. */
    public void moveFrom(MasterKeys other, SecureRandom random) throws SecretException {
        createFolder();
        var from = other.place();
        var to = place();
        var key = other.read();
        if (to.read().isPresent()) {
            throw new SecretException("There is a master key at " + to.label() + " already; nothing was changed.");
        }
        to.create(key, random);
        if (!to.read().equals(Optional.of(key))) {
            throw new SecretException(
                    to.label() + " does not return the key that was stored; it is still at " + from.label() + ".");
        }
        if (from instanceof KeyFile file) {
            file.delete();
        }
    }

    /** Stores {@code fresh} in place of the present key. */
    void replace(MasterKey fresh, SecureRandom random) throws SecretException {
        place().replace(fresh, random);
    }

    /** Refuses an invalid source. */
    public void check() throws SecretException {
        place().label();
    }

    /** The place, for messages. */
    public String label() {
        return source.equals(FILE) ? new KeyFile(folder).label() : source;
    }

    private MasterKeySource place() throws SecretException {
        return switch (source) {
            case FILE -> new KeyFile(folder);
            case "env" -> new KeyVariable(key);
            case "keyring" -> new OsKeyring(System.getProperty("os.name"));
            case String text
            when text.startsWith(KmsWrapper.SCHEME) && text.length() > KmsWrapper.SCHEME.length() ->
                new WrappedKey(folder, new KmsWrapper(text.substring(KmsWrapper.SCHEME.length())));
            case String text
            when text.startsWith(HsmWrapper.SCHEME) -> new WrappedKey(folder, HsmWrapper.of(text, pin));
            default ->
                throw new SecretException("MASTER_KEY_SOURCE must be file, env, keyring, aws-kms://KEY, or"
                        + " pkcs11:slot-id=NUMBER;object=LABEL?module-path=LIBRARY.");
        };
    }

    private void createFolder() throws SecretException {
        try {
            Files.createDirectories(folder, OwnerOnly.folder(folder));
        } catch (IOException e) {
            throw new SecretException("The folder " + folder + " cannot be created: " + e, e);
        }
    }
}
