package kr.kisgateway.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A random name in a file of the data folder: generated once, and the same from then on. */
final class RandomName {
    private static final int BYTES = 16;

    private RandomName() {}

    /** A new one, 32 hexadecimal digits. */
    static String of(SecureRandom random) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * The name in {@code file}, 32 hexadecimal digits.
     *
     * @param remedy what to do about a damaged file, as the end of a sentence
     */
    static String in(Path file, SecureRandom random, String remedy) {
        try {
            if (Files.notExists(file)) {
                Files.writeString(file, of(random) + "\n", StandardOpenOption.CREATE_NEW);
            }
            // Any bytes decode as text here; an invalid name is reported as damage.
            var name = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (!name.matches("[0-9a-f]{32}")) {
                throw new StartException("The file " + file + " is damaged" + remedy);
            }
            return name;
        } catch (IOException e) {
            throw new StartException("The file " + file + " cannot be read: " + e.getMessage());
        }
    }
}
