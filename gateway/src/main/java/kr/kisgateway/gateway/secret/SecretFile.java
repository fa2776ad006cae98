package kr.kisgateway.gateway.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.file.AtomicFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Secrets in {@code secrets.json} of the data folder, under envelope encryption: each value by AES-256-GCM with a data key, which
 * is in the file, too, encrypted with the {@link MasterKey}. A value is bound to its name and dates, so that none can take the
 * place of another. The file is readable by its owner only and replaced completely with each change.
 */
public final class SecretFile {
    /** Its name in the data folder. */
    public static final String NAME = "secrets.json";

    /** Maximum number of secrets. */
    public static final int SECRETS_MAX = 200;

    /** Maximum length of a value, in characters. */
    public static final int VALUE_MAX = 8_192;

    private static final int FORMAT = 1;
    private static final int FILE_BYTES_MAX = 8 * 1024 * 1024;
    private static final int KEY_BYTES = 32;
    private static final String PURPOSE = "secrets";
    private static final byte[] KEY_PLACE = "kis-gateway data key 1".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    /** Empty before the first change. */
    private final Optional<byte[]> dataKey;

    private final Map<String, StoredSecret> byName;

    private SecretFile(Path file, Optional<byte[]> dataKey, Map<String, StoredSecret> byName) {
        this.file = file;
        this.dataKey = dataKey;
        this.byName = Collections.unmodifiableMap(byName);
    }

    /** Whether a folder has secrets. */
    public static boolean existsIn(Path folder) {
        return Files.exists(folder.resolve(NAME));
    }

    /** The secrets of a folder; none when it has no file. */
    public static SecretFile read(Path folder, MasterKey master) throws SecretException {
        var file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return new SecretFile(file, Optional.empty(), Map.of());
        }
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw damaged(file, "it is too large");
            }
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root.required("format").asInt() != FORMAT) {
                throw new SecretException("The secrets in " + file + " are of another release; use that release.");
            }
            byte[] dataKey = unwrap(file, root.required("data_keys"), master);
            var aead = new AesGcmJce(dataKey);
            var byName = new TreeMap<String, StoredSecret>();
            for (var entry : root.required("secrets")) {
                var secret = open(entry, aead);
                byName.put(secret.name(), secret);
            }
            return new SecretFile(file, Optional.of(dataKey), byName);
        } catch (IOException e) {
            throw new SecretException("The secrets in " + file + " cannot be read: " + e, e);
        } catch (GeneralSecurityException e) {
            throw damaged(file, "a value was changed");
        } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
            throw damaged(file, "it has another form");
        }
    }

    private static SecretException damaged(Path file, String why) {
        return new SecretException("The secrets in " + file + " are damaged (" + why
                + "): restore the file from a backup, or delete it and set them again with ./kis secrets set.");
    }

    /** While a master key is replaced, the data key is there under both. */
    private static byte[] unwrap(Path file, JsonNode dataKeys, MasterKey master) throws SecretException {
        for (var wrapped : dataKeys) {
            try {
                return master.aead(PURPOSE).decrypt(Base64.getDecoder().decode(wrapped.asString()), KEY_PLACE);
            } catch (GeneralSecurityException _) {
                // Of the other master key.
            }
        }
        throw new SecretException("The master key does not open the secrets in " + file
                + ": restore the key they were stored with, or delete the file and set them again.");
    }

    private static StoredSecret open(JsonNode entry, Aead aead) throws GeneralSecurityException {
        var name = entry.required("name").asString();
        var setAt = entry.required("set_at").asString();
        var expiresOn = entry.path("expires_on").asString("");
        byte[] value = aead.decrypt(
                Base64.getDecoder().decode(entry.required("value").asString()), place(name, setAt, expiresOn));
        return new StoredSecret(
                name,
                Secret.of(new String(value, StandardCharsets.UTF_8)),
                Instant.parse(setAt),
                expiresOn.isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(expiresOn)));
    }

    private static byte[] place(String name, String setAt, String expiresOn) {
        return String.join("|", name, setAt, expiresOn).getBytes(StandardCharsets.UTF_8);
    }

    /** All secrets by name. */
    public Map<String, StoredSecret> all() {
        return byName;
    }

    /**
     * Changes the secrets of a folder, and returns what is stored then. Concurrent changes are made one after the other.
     *
     * @param change receives all secrets by name and returns those to store
     */
    public static SecretFile change(
            Path folder, MasterKey master, SecureRandom random, UnaryOperator<Map<String, StoredSecret>> change)
            throws SecretException {
        return locked(folder, () -> {
            var before = read(folder, master);
            var key = before.dataKey.orElseGet(() -> newKey(random));
            var after = new SecretFile(
                    before.file, Optional.of(key), new TreeMap<>(change.apply(new TreeMap<>(before.byName))));
            after.write(key, List.of(master));
            return after;
        });
    }

    /** Encrypts all secrets with a new data key. */
    public static SecretFile rotate(Path folder, MasterKey master, SecureRandom random) throws SecretException {
        return locked(folder, () -> {
            var key = newKey(random);
            var after = read(folder, master).with(key);
            after.write(key, List.of(master));
            return after;
        });
    }

    /**
     * Replaces the master key, and encrypts all secrets with a new data key. A crash in between leaves secrets that the old and the
     * new master key open.
     */
    public static SecretFile rotateMaster(Path folder, MasterKeys keys, SecureRandom random) throws SecretException {
        return locked(folder, () -> {
            var old = keys.read();
            var key = newKey(random);
            var after = read(folder, old).with(key);
            var fresh = MasterKey.random(random);
            after.write(key, List.of(old, fresh));
            for (var signing : signingKeys(folder)) {
                SigningKey.wrapAgain(signing, old, List.of(old, fresh));
            }
            keys.replace(fresh, random);
            var replaced = keys.read();
            after.write(key, List.of(replaced));
            for (var signing : signingKeys(folder)) {
                SigningKey.wrapAgain(signing, replaced, List.of(replaced));
            }
            return after;
        });
    }

    /** The keys that sign the audits of the environments. */
    private static List<Path> signingKeys(Path folder) throws SecretException {
        try (var environments = Files.list(folder)) {
            return environments
                    .map(environment -> environment.resolve(SigningKey.NAME))
                    .filter(Files::isRegularFile)
                    .toList();
        } catch (IOException e) {
            throw new SecretException("The folder " + folder + " cannot be read: " + e, e);
        }
    }

    /**
     * Stores the secrets of a backup: as {@code file}, or as {@code other} where {@code file} has others already, which stay.
     *
     * @param content a secret file
     * @return where they are now; empty when {@code file} has the same
     */
    public static Optional<Path> restore(Path content, Path file, Path other) throws SecretException {
        return locked(file.resolveSibling(""), () -> {
            if (Files.size(content) > FILE_BYTES_MAX) {
                throw new SecretException("The secrets of the backup are too large.");
            }
            byte[] restored = Files.readAllBytes(content);
            if (Files.exists(file) && Arrays.equals(restored, Files.readAllBytes(file))) {
                return Optional.empty();
            }
            var target = Files.exists(file) ? other : file;
            AtomicFile.writeForOwner(target, restored);
            return Optional.of(target);
        });
    }

    private static byte[] newKey(SecureRandom random) {
        var key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return key;
    }

    private SecretFile with(byte[] key) {
        return new SecretFile(file, Optional.of(key), byName);
    }

    private interface Change<T> {
        T run() throws SecretException, IOException;
    }

    private static <T> T locked(Path folder, Change<T> change) throws SecretException {
        var lock = folder.resolve(NAME + ".lock");
        try {
            Files.createDirectories(folder);
            try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var held = channel.lock()) {
                if (!held.isValid()) {
                    throw new SecretException("The file " + lock + " cannot be locked.");
                }
                return change.run();
            }
        } catch (IOException e) {
            throw new SecretException("The secrets in " + folder + " cannot be written: " + e, e);
        }
    }

    private void write(byte[] key, List<MasterKey> masters) throws SecretException {
        try {
            var aead = new AesGcmJce(key);
            var root = JSON.createObjectNode().put("format", FORMAT);
            var dataKeys = root.putArray("data_keys");
            for (var master : masters) {
                dataKeys.add(
                        Base64.getEncoder().encodeToString(master.aead(PURPOSE).encrypt(key, KEY_PLACE)));
            }
            var entries = root.putArray("secrets");
            for (var secret : byName.values()) {
                var setAt = secret.setAt().toString();
                var expiresOn = secret.expiresOn().map(LocalDate::toString).orElse("");
                byte[] value = secret.value().reveal().getBytes(StandardCharsets.UTF_8);
                var entry = entries.addObject()
                        .put("name", secret.name())
                        .put("set_at", setAt)
                        .put(
                                "value",
                                Base64.getEncoder()
                                        .encodeToString(aead.encrypt(value, place(secret.name(), setAt, expiresOn))));
                if (!expiresOn.isEmpty()) {
                    entry.put("expires_on", expiresOn);
                }
            }
            AtomicFile.writeForOwner(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        } catch (IOException e) {
            throw new SecretException("The secrets in " + file + " cannot be written: " + e, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }
}
