package kr.kisgateway.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The messages of {@code src/test/resources/golden}, written by hand from the protocol notes. */
public final class Golden {
    public static final NoticeKey KEY = new NoticeKey("abcdefghijklmnopqrstuvwxyzabcdef", "0123456789abcdef");

    private Golden() {}

    public static String text(String name) {
        try (InputStream in = Objects.requireNonNull(Golden.class.getResourceAsStream("/golden/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
