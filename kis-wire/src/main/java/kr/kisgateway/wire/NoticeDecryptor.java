package kr.kisgateway.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;

/** Decrypts the notices of one key with one cipher: to look one up and to expand the key costs more than a notice. For one thread. */
public final class NoticeDecryptor {
    private final NoticeKey key;
    private Optional<Cipher> cipher = Optional.empty();

    public NoticeDecryptor(NoticeKey key) {
        this.key = key;
    }

    /** Whether it decrypts what {@code other} encrypts. */
    public boolean isOf(NoticeKey other) {
        return key.equals(other);
    }

    /** The decrypted text of {@code base64}, or empty when it is no base64, was made with another key, or is no UTF-8. */
    public Optional<String> decrypt(String base64) {
        if (base64.isEmpty()) {
            return Optional.empty(); // the JDK takes no bytes for a message of no bytes, padding or not
        }
        try {
            byte[] encrypted = Base64.getDecoder().decode(base64);
            Cipher used = cipher.isPresent() ? cipher.get() : key.cipher(Cipher.DECRYPT_MODE);
            // After a failure a cipher must not be used again; after a message it begins with the key's vector again.
            cipher = Optional.empty();
            byte[] clear = used.doFinal(encrypted);
            cipher = Optional.of(used);
            // A strict decoder, because a wrong key can end in valid padding by chance (1 in 256) and then yields
            // noise.
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(clear))
                    .toString());
        } catch (GeneralSecurityException | IllegalArgumentException | CharacterCodingException wrongKeyOrText) {
            return Optional.empty();
        }
    }
}
