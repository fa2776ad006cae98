package kr.kisgateway.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of one notice registration, sent with its acknowledgement: AES-256-CBC with PKCS#7 padding, the
 * ASCII characters themselves being the bytes, cipher text in base64. It expires with the connection.
 *
 * @param key 32 ASCII characters
 * @param iv 16 ASCII characters
 */
public record NoticeKey(String key, String iv) {
    private static final int KEY_LENGTH = 32;
    private static final int IV_LENGTH = 16;

    public NoticeKey {
        if (!isValid(key, KEY_LENGTH) || !isValid(iv, IV_LENGTH)) {
            throw new IllegalArgumentException("a notice key is 32 and its iv 16 ASCII characters");
        }
    }

    /** The key of {@code key} and {@code iv}, or empty when a length or a character is wrong. */
    public static Optional<NoticeKey> of(String key, String iv) {
        return isValid(key, KEY_LENGTH) && isValid(iv, IV_LENGTH)
                ? Optional.of(new NoticeKey(key, iv))
                : Optional.empty();
    }

    /**
     * A new key of lower-case letters, as KIS sends them.
     *
     * @param random a cryptographically strong source
     */
    public static NoticeKey random(RandomGenerator random) {
        return new NoticeKey(letters(KEY_LENGTH, random), letters(IV_LENGTH, random));
    }

    private static String letters(int count, RandomGenerator random) {
        var out = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            out.append((char) ('a' + random.nextInt(26)));
        }
        return out.toString();
    }

    /** As {@link NoticeDecryptor#decrypt}, for one notice. */
    public Optional<String> decrypt(String base64) {
        return new NoticeDecryptor(this).decrypt(base64);
    }

    /** {@code text} encrypted as by KIS under this key. */
    public String encrypt(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(cipher(Cipher.ENCRYPT_MODE).doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK has no AES/CBC", impossible);
        }
    }

    @Override
    public String toString() {
        return "NoticeKey[***]";
    }

    /** A cipher of this key. */
    Cipher cipher(int mode) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding"); // the JDK's name for PKCS#7
        cipher.init(
                mode,
                new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "AES"),
                new IvParameterSpec(iv.getBytes(StandardCharsets.US_ASCII)));
        return cipher;
    }

    private static boolean isValid(String text, int length) {
        return text.length() == length && text.chars().allMatch(c -> c > ' ' && c < 127);
    }
}
