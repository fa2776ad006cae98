package kr.kisgateway.client;

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
import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.client.core.TokenCore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The access token on disk, shared by the processes of one user: AES-256-GCM under a key derived from the store key, bound
 * to the app key and the address it belongs to, so that a file put in another's place is as good as none. The file is
 * 0600 and replaced whole. A lock file beside it keeps two processes from asking KIS at the same time.
 */
final class TokenFile {
    private static final Logger LOG = LoggerFactory.getLogger("kis.token");
    private static final int KEY_BYTES = 32;
    private static final int FILE_BYTES_MAX = 64 * 1024;
    private static final String FORMAT = "kis-token-1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Aead aead;
    private final byte[] boundTo;

    TokenFile(KisConfig config) {
        this.file = config.tokens().file().toAbsolutePath();
        this.boundTo = (FORMAT + "|" + config.environment() + "|" + config.restBase() + "|"
                        + config.credentials().appKey().reveal())
                .getBytes(StandardCharsets.UTF_8);
        this.aead = aead(config.tokens().key());
    }

    /** The stored token; empty when there is none, or none that this app key can use. */
    Optional<TokenCore.Token> read() {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                return unusable("too large");
            }
            JsonNode stored = JSON.readTree(aead.decrypt(Files.readAllBytes(file), boundTo));
            return Optional.of(new TokenCore.Token(
                    Secret.of(stored.required("token").asString()),
                    Instant.parse(stored.required("issued_at").asString()),
                    Instant.parse(stored.required("expires_at").asString())));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException _) {
            return unusable("cannot be read");
        } catch (GeneralSecurityException _) {
            return unusable("of another key or address, or damaged");
        } catch (JacksonException | java.time.DateTimeException _) {
            return unusable("of another form");
        }
    }

    /** Replaces the stored token. A failure costs a token at the next start, no more, and is logged. */
    void write(TokenCore.Token token) {
        try {
            byte[] clear = JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("token", token.value().reveal())
                    .put("issued_at", token.issuedAt().toString())
                    .put("expires_at", token.expiresAt().toString()));
            Files.createDirectories(folder());
            Path fresh = Files.createTempFile(folder(), ".token", ".new", ownerOnly());
            try {
                try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(aead.encrypt(clear, boundTo));
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

    /** Forgets the stored token. */
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException trouble) {
            LOG.warn("token_not_deleted cause={}", trouble.getClass().getSimpleName());
        }
    }

    private Optional<TokenCore.Token> unusable(String why) {
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

    private static Aead aead(Secret storeKey) {
        try {
            byte[] key = Hkdf.computeHkdf(
                    "HMACSHA256",
                    storeKey.reveal().getBytes(StandardCharsets.UTF_8),
                    FORMAT.getBytes(StandardCharsets.UTF_8),
                    "access token".getBytes(StandardCharsets.UTF_8),
                    KEY_BYTES);
            return new AesGcmJce(key);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK lacks AES-GCM", impossible);
        }
    }
}
