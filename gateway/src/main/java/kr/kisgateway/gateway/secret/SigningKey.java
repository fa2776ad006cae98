package kr.kisgateway.gateway.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.file.AtomicFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * A key for Ed25519 signatures, in a file whose private part is encrypted under the {@link MasterKey} and bound to the public part:
 * without the master key no other key can take its place.
 */
public final class SigningKey {
    /** Name of the key that signs the audit, in the data folder of an environment. */
    public static final String NAME = "audit.key";

    private static final String ALGORITHM = "Ed25519";
    private static final String PURPOSE = "signatures";
    private static final int FORMAT = 1;
    private static final int FILE_BYTES_MAX = 64 * 1024;
    private static final ObjectMapper JSON = new JsonMapper();

    private final PrivateKey privateKey;
    private final byte[] publicKey;

    private SigningKey(PrivateKey privateKey, byte[] publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * What a file contains.
     *
     * @param wrapped the private part, under each master key while one replaces another
     */
    private record Content(byte[] publicKey, List<byte[]> wrapped) {}

    /**
     * The key in {@code file}; a new one where there is none, or only one of another master key, which then stays beside it as
     * {@code NAME.former}, or {@code NAME.former.2} and so on.
     */
    public static SigningKey open(Path file, MasterKey master, SecureRandom random) throws SecretException {
        var existing = read(file, master);
        return existing.isPresent() ? existing.get() : create(file, master, random);
    }

    /** The key in {@code file}; empty where there is none, or one of another master key. */
    public static Optional<SigningKey> read(Path file, MasterKey master) throws SecretException {
        var content = content(file);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        for (var wrapped : content.get().wrapped()) {
            try {
                var bytes = master.aead(PURPOSE).decrypt(wrapped, content.get().publicKey());
                return Optional.of(new SigningKey(
                        KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(bytes)),
                        content.get().publicKey()));
            } catch (GeneralSecurityException _) {
                // Of another master key, or changed.
            }
        }
        return Optional.empty();
    }

    private static SigningKey create(Path file, MasterKey master, SecureRandom random) throws SecretException {
        try {
            var generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(255, random);
            var pair = generator.generateKeyPair();
            var key = new SigningKey(pair.getPrivate(), pair.getPublic().getEncoded());
            if (Files.exists(file)) {
                AtomicFile.replace(file, formerName(file));
            }
            key.write(file, List.of(master));
            return key;
        } catch (IOException e) {
            throw new SecretException("The signing key " + file + " cannot be written: " + e, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** A name that no former key has: a second start with a wrong master key replaces none of them. */
    private static Path formerName(Path file) {
        var name = file.getFileName() + ".former";
        var former = file.resolveSibling(name);
        for (int n = 2; Files.exists(former); n++) {
            former = file.resolveSibling(name + '.' + n);
        }
        return former;
    }

    /** Encrypts the private part of the key in {@code file}, if there is one of {@code old}, under these master keys. */
    static void wrapAgain(Path file, MasterKey old, List<MasterKey> masters) throws SecretException {
        var key = read(file, old);
        if (key.isEmpty()) {
            return;
        }
        try {
            key.get().write(file, masters);
        } catch (IOException e) {
            throw new SecretException("The signing key " + file + " cannot be written: " + e, e);
        }
    }

    private void write(Path file, List<MasterKey> masters) throws IOException {
        var root = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("public", Base64.getEncoder().encodeToString(publicKey));
        var wrapped = root.putArray("private");
        for (var master : masters) {
            try {
                wrapped.add(Base64.getEncoder()
                        .encodeToString(master.aead(PURPOSE).encrypt(privateKey.getEncoded(), publicKey)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has AES-GCM", e);
            }
        }
        AtomicFile.writeForOwner(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }

    private static Optional<Content> content(Path file) throws SecretException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                return Optional.empty();
            }
            var root = JSON.readTree(Files.readAllBytes(file));
            var wrapped = new ArrayList<byte[]>();
            for (var entry : root.required("private")) {
                wrapped.add(Base64.getDecoder().decode(entry.asString()));
            }
            return Optional.of(new Content(
                    Base64.getDecoder().decode(root.required("public").asString()), List.copyOf(wrapped)));
        } catch (IOException e) {
            throw new SecretException("The signing key " + file + " cannot be read: " + e, e);
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The public part, in X.509 form. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    public byte[] sign(byte[] text) {
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Whether {@code signature} is that of {@code text} by the owner of {@code publicKey}. */
    public static boolean isSigned(byte[] publicKey, byte[] text, byte[] signature) {
        try {
            PublicKey key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(publicKey));
            var verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException _) {
            // No key, or no signature at all.
            return false;
        }
    }

    /** Short name of a public key, for messages. */
    public static String fingerprint(byte[] publicKey) {
        try {
            var hash = java.security.MessageDigest.getInstance("SHA-256").digest(publicKey);
            return new String(Base64.getUrlEncoder().withoutPadding().encode(hash), StandardCharsets.US_ASCII)
                    .substring(0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
