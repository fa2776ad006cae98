package kr.kisgateway.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Identity of the gateway towards its simulator when none is configured: generated at random once per data folder. The
 * folder stores a random name only; key and secret are derived from it and the master key, so the data contain no
 * secret.
 */
record SimIdentity(String appKey, String appSecret, String cano, String htsId) {
    private static final int KEY_LENGTH = 36;
    private static final int SECRET_LENGTH = 180;

    static SimIdentity of(Path file, MasterKey master, SecureRandom random) {
        return of("", file, master, random);
    }

    /** A further app key {@code id} of the same identity. */
    static SimIdentity ofFurtherKey(String id, Path file, MasterKey master, SecureRandom random) {
        return of(id + " ", file, master, random);
    }

    /** The account {@code alias} beside that of the identity, with a number of its own. */
    static SimIdentity ofFurtherAccount(String alias, Path file, MasterKey master, SecureRandom random) {
        var first = of(file, master, random);
        var number = Long.parseUnsignedLong(
                AppKeyLock.hash(first.cano() + " account " + alias).substring(0, 12), 16);
        return new SimIdentity(
                first.appKey(), first.appSecret(), "%08d".formatted(number % 100_000_000), first.htsId());
    }

    /** The seed of the folder's market: other folders have other markets, and a restart continues this one. */
    static long seed(Path file, SecureRandom random) {
        return Long.parseUnsignedLong(readName(file, random).substring(16), 16);
    }

    private static SimIdentity of(String keyPrefix, Path file, MasterKey master, SecureRandom random) {
        var name = readName(file, random);
        var digits = HexFormat.fromHexDigits(name.substring(0, 7)) % 100_000_000;
        return new SimIdentity(
                derive(master, keyPrefix + "app key of " + name, KEY_LENGTH),
                derive(master, keyPrefix + "app secret of " + name, SECRET_LENGTH),
                "%08d".formatted(digits),
                "sim" + name.substring(0, 8));
    }

    private static String readName(Path file, SecureRandom random) {
        try {
            if (!Files.exists(file)) {
                var bytes = new byte[16];
                random.nextBytes(bytes);
                Files.writeString(file, HexFormat.of().formatHex(bytes) + "\n", StandardOpenOption.CREATE_NEW);
            }
            // Any bytes decode as text here; an invalid name is reported as damage.
            var name = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (!name.matches("[0-9a-f]{32}")) {
                throw new StartException(
                        "The file " + file + " is damaged; restore it from a copy of the data folder.");
            }
            return name;
        } catch (IOException e) {
            throw new StartException("The file " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static String derive(MasterKey master, String purpose, int length) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(master.text().getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            var text = new StringBuilder();
            for (var part = 0; text.length() < length; part++) {
                var block = mac.doFinal((purpose + " part " + part).getBytes(StandardCharsets.UTF_8));
                text.append(Base64.getUrlEncoder().withoutPadding().encodeToString(block));
            }
            return text.substring(0, length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    @Override
    public String toString() {
        return "SimIdentity[***]";
    }

    /** The secret outside the data folder that protects copies of it. */
    record MasterKey(String text) {
        /** A secret for one purpose, the same at every start, in letters, digits, hyphens and underscores. */
        String derive(String purpose, int length) {
            return SimIdentity.derive(this, purpose, length);
        }

        /** Reads {@code master.key}, or creates it at the first start, readable by its owner only. */
        static MasterKey open(Path configDir, SecureRandom random) {
            var file = configDir.resolve("master.key");
            try {
                Files.createDirectories(configDir, DataFolder.OWNER_ONLY);
                if (!Files.exists(file)) {
                    create(file, random);
                }
                var text = Files.readString(file).strip();
                if (text.length() < 32) {
                    throw new StartException(
                            "The file " + file + " is damaged; restore it, or remove it to create a new"
                                    + " one (tokens are then requested again).");
                }
                return new MasterKey(text);
            } catch (IOException e) {
                throw new StartException("The key file " + file + " cannot be read: " + e.getMessage());
            }
        }

        private static void create(Path file, SecureRandom random) throws IOException {
            var bytes = new byte[32];
            random.nextBytes(bytes);
            // Written atomically: another gateway that starts now must not read half a key.
            var draft = Files.createTempFile(
                    file.toAbsolutePath().getParent(),
                    "master",
                    ".key",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(draft, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n");
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException e) {
                // Another process created the key first; it is equivalent.
                return;
            } finally {
                Files.deleteIfExists(draft);
            }
        }

        @Override
        public String toString() {
            return "***";
        }
    }
}
