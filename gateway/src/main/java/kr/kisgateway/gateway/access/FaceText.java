package kr.kisgateway.gateway.access;

import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A virtual app key as its owner has it, in the lengths of KIS.
 *
 * @param appKey 36 letters and digits, of which the third to tenth are the key's id
 * @param appSecret 180 characters of base64
 */
public record FaceText(String appKey, String appSecret) {
    private static final char[] LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".toCharArray();
    private static final String PREFIX = "PS";
    private static final int APP_KEY_LENGTH = 36;
    private static final int RANDOM_LENGTH = 26;
    private static final int SECRET_LENGTH = 180;
    private static final Pattern FORM = Pattern.compile("PS[A-Z2-7]{8}[A-Za-z0-9]{26}");
    /** 135 bytes are 180 characters. */
    private static final int SECRET_BYTES = 135;

    /**
     * @param id of the key
     * @param random a cryptographically strong source
     */
    static FaceText generate(String id, RandomGenerator random) {
        var appKey = new StringBuilder(PREFIX).append(id.toUpperCase(Locale.ROOT));
        while (appKey.length() < APP_KEY_LENGTH) {
            appKey.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return new FaceText(appKey.toString(), secret(random));
    }

    /** The id of the key in an app key; empty for another text. */
    static Optional<String> idOf(String appKey) {
        return FORM.matcher(appKey).matches()
                ? Optional.of(appKey.substring(PREFIX.length(), PREFIX.length() + KeyText.ID_LENGTH)
                        .toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    /** The app key and secret that the gateway's own secret determines. */
    static FaceText derived(String id, BiFunction<String, Integer, String> derive) {
        var letters = new StringBuilder();
        derive.apply("virtual app key " + id, RANDOM_LENGTH)
                .chars()
                .forEach(c -> letters.append(LETTERS[c % LETTERS.length]));
        return new FaceText(
                PREFIX + id.toUpperCase(Locale.ROOT) + letters,
                derive.apply("virtual app secret " + id, SECRET_LENGTH)
                        .replace('-', '+')
                        .replace('_', '/'));
    }

    /** A new app secret. */
    static String secret(RandomGenerator random) {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The secret is shown by its accessor only. */
    @Override
    public String toString() {
        return "FaceText[***]";
    }
}
