package kr.kisgateway.client.token;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.SharedTokenStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The access token on disk, shared by the processes of one user: AES-256-GCM under a key derived from the store key, bound
 * to the app key and the address it belongs to, so that a replaced file is useless. The file is
 * 0600 and replaced atomically. A lock file beside it prevents two processes from calling KIS at the same time.
 */
public final class TokenFile {
    private static final Logger LOG = LoggerFactory.getLogger("kis.token");
    private static final int KEY_BYTES = 32;
    private static final int FILE_BYTES_MAX = 64 * 1024;
    private static final String FORMAT = "kis-token-1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Aead aead;
    private final byte[] associatedData;
    private final Optional<SharedTokenStore> sharedStore;
    private final Aead sharedAead;
    private final InstantSource clock;

    /** @param clock determines the remaining life of a shared token */
    public TokenFile(KisConfig config, InstantSource clock) {
        this.clock = clock;
        this.sharedStore = config.tokens().sharedStore();
        // Another machine has its own store key; the app secret is common to all of them.
        this.sharedAead = aead(config.credentials().appSecret(), "shared access token");
        this.file = config.tokens().file().toAbsolutePath();
        this.associatedData = (FORMAT + "|" + config.environment() + "|" + config.restBase() + "|"
                        + config.credentials().appKey().reveal())
                .getBytes(StandardCharsets.UTF_8);
        this.aead = aead(config.tokens().key(), "access token");
    }

    /** The newest token of the file and of the shared place; empty when there is none for this app key. */
    Optional<TokenCore.Token> read() {
        Optional<TokenCore.Token> localToken = readFile();
        Optional<TokenCore.Token> sharedToken =
                sharedStore.flatMap(SharedTokenStore::read).flatMap(this::unseal);
        return localToken.isEmpty()
                        || sharedToken
                                .filter(it ->
                                        it.issuedAt().isAfter(localToken.get().issuedAt()))
                                .isPresent()
                ? sharedToken.or(() -> localToken)
                : localToken;
    }

    private Optional<TokenCore.Token> unseal(byte[] sealed) {
        try {
            return Optional.of(token(sharedAead.decrypt(sealed, associatedData)));
        } catch (GeneralSecurityException _) {
            return reportUnusable("the shared one is of another secret or address, or damaged");
        } catch (JacksonException | java.time.DateTimeException _) {
            return reportUnusable("the shared one is of another form");
        }
    }

    private static TokenCore.Token token(byte[] clear) {
        JsonNode stored = JSON.readTree(clear);
        return new TokenCore.Token(
                Secret.of(stored.required("token").asString()),
                Instant.parse(stored.required("issued_at").asString()),
                Instant.parse(stored.required("expires_at").asString()));
    }

    private Optional<TokenCore.Token> readFile() {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                return reportUnusable("too large");
            }
            return Optional.of(token(aead.decrypt(Files.readAllBytes(file), associatedData)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException _) {
            return reportUnusable("cannot be read");
        } catch (GeneralSecurityException _) {
            return reportUnusable("of another key or address, or damaged");
        } catch (JacksonException | java.time.DateTimeException _) {
            return reportUnusable("of another form");
        }
    }

    /** Puts a token of the file into the shared place, where that has none as new: this process may have been alone when it got it. */
    void share(TokenCore.Token token) {
        sharedStore.ifPresent(store -> {
            if (store.read()
                    .flatMap(this::unseal)
                    .filter(it -> !it.issuedAt().isBefore(token.issuedAt()))
                    .isEmpty()) {
                try {
                    share(token, clear(token));
                } catch (GeneralSecurityException | JacksonException trouble) {
                    LOG.warn("token_not_shared cause={}", trouble.getClass().getSimpleName());
                }
            }
        });
    }

    private void share(TokenCore.Token token, byte[] clear) throws GeneralSecurityException {
        Duration left = Duration.between(clock.instant(), token.expiresAt());
        if (sharedStore.isPresent() && left.isPositive()) {
            sharedStore.get().write(sharedAead.encrypt(clear, associatedData), left);
        }
    }

    private static byte[] clear(TokenCore.Token token) {
        return JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("token", token.value().reveal())
                .put("issued_at", token.issuedAt().toString())
                .put("expires_at", token.expiresAt().toString()));
    }

    /** Replaces the stored token. A failure costs a token at the next start, no more, and is logged. */
    public void write(TokenCore.Token token) {
        try {
            byte[] clear = clear(token);
            share(token, clear);
            Files.createDirectories(folder());
            Path fresh = Files.createTempFile(folder(), ".token", ".new", ownerOnly());
            try {
                try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(aead.encrypt(clear, associatedData));
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException | GeneralSecurityException | JacksonException trouble) {
            LOG.warn("token_not_stored cause={}", trouble.getClass().getSimpleName());
        }
    }

    /** Deletes the stored token, the shared one too. */
    void delete() {
        sharedStore.ifPresent(SharedTokenStore::delete);
        try {
            Files.deleteIfExists(file);
        } catch (IOException trouble) {
            LOG.warn("token_not_deleted cause={}", trouble.getClass().getSimpleName());
        }
    }

    private Optional<TokenCore.Token> reportUnusable(String why) {
        LOG.warn("token_store_unusable cause=\"{}\"", why);
        return Optional.empty();
    }

    private Path folder() {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    private FileAttribute<?>[] ownerOnly() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static Aead aead(Secret storeKey, String purpose) {
        try {
            byte[] key = Hkdf.computeHkdf(
                    "HMACSHA256",
                    storeKey.reveal().getBytes(StandardCharsets.UTF_8),
                    FORMAT.getBytes(StandardCharsets.UTF_8),
                    purpose.getBytes(StandardCharsets.UTF_8),
                    KEY_BYTES);
            return new AesGcmJce(key);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK has no AES-GCM", impossible);
        }
    }
}
