package kr.kisgateway.gateway.access;

import java.util.Base64;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A key as its owner has it: {@code kgw_} and eight public characters, {@code _} and 43 secret ones.
 *
 * @param id the public part
 * @param secret 256 random bits in base64url
 */
public record KeyText(String id, String secret) {
    /** What every key begins with. */
    public static final String PREFIX = "kgw_";

    private static final Pattern FORM = Pattern.compile(PREFIX + "([a-z2-7]{8})_([A-Za-z0-9_-]{43})");
    private static final char[] BASE32 = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();
    static final int ID_LENGTH = 8;
    private static final int SECRET_BYTES = 32;
    private static final int SECRET_LENGTH = 43;

    /** @param random a cryptographically strong source */
    static KeyText generate(RandomGenerator random) {
        var id = new char[ID_LENGTH];
        for (int i = 0; i < ID_LENGTH; i++) {
            id[i] = BASE32[random.nextInt(BASE32.length)];
        }
        return new KeyText(new String(id), secret(random));
    }

    /** The key that the gateway's own secret determines. */
    static KeyText derived(String name, BiFunction<String, Integer, String> derive) {
        var id = new StringBuilder();
        derive.apply("id of key " + name, ID_LENGTH).chars().forEach(c -> id.append(BASE32[c % BASE32.length]));
        return new KeyText(id.toString(), derive.apply("secret of key " + name, SECRET_LENGTH));
    }

    /** The same key with another secret. */
    static KeyText withNewSecret(String id, RandomGenerator random) {
        return new KeyText(id, secret(random));
    }

    static String secret(RandomGenerator random) {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The key with this text; empty for a text that is none. */
    public static Optional<KeyText> parse(String text) {
        var match = FORM.matcher(text);
        return match.matches() ? Optional.of(new KeyText(match.group(1), match.group(2))) : Optional.empty();
    }

    SecretHash hash() {
        return SecretHash.of(secret);
    }

    /** The full text, for the one moment in which it is displayed. */
    public String reveal() {
        return "kgw_" + id + "_" + secret;
    }

    @Override
    public String toString() {
        return "kgw_" + id + "_***";
    }
}
