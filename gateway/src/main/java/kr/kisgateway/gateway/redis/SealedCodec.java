package kr.kisgateway.gateway.redis;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import kr.kisgateway.client.Secret;

/**
 * Another codec's fields as one encrypted field: AES-256-GCM under a key that only gateways with the same app secret can
 * derive. For data of one customer alone. Sealed with its place: a writer to Redis cannot pass one account's value off as
 * another's, nor an old one as a new one.
 */
final class SealedCodec<V> implements Codec<V> {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final Codec<V> plain;
    private final SecretKey key;
    private final SecureRandom random;
    private final byte[] place;

    /**
     * @param appSecret shared by every gateway that may read the values
     * @param purpose of the derived key; one for each kind
     */
    SealedCodec(Codec<V> plain, Secret appSecret, String purpose, SecureRandom random) {
        this.plain = plain;
        this.random = random;
        this.place = new byte[0];
        try {
            this.key = KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "AES",
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(appSecret.reveal().getBytes(StandardCharsets.UTF_8))
                                    .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private SealedCodec(SealedCodec<V> other, String place) {
        this.plain = other.plain;
        this.key = other.key;
        this.random = other.random;
        this.place = place.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Codec<V> boundTo(String newPlace) {
        return new SealedCodec<>(this, newPlace);
    }

    @Override
    public void write(FieldWriter fields, V value) {
        var inner = new FieldWriter();
        plain.write(inner, value);
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(place);
            var ciphertext = cipher.doFinal(inner.toString().getBytes(StandardCharsets.UTF_8));
            var nonceAndCiphertext = Arrays.copyOf(nonce, nonce.length + ciphertext.length);
            System.arraycopy(ciphertext, 0, nonceAndCiphertext, nonce.length, ciphertext.length);
            fields.text(Base64.getEncoder().encodeToString(nonceAndCiphertext));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public V read(FieldReader fields) {
        var nonceAndCiphertext = Base64.getDecoder().decode(fields.text());
        try {
            var cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonceAndCiphertext, 0, NONCE_BYTES));
            cipher.updateAAD(place);
            var inner = new FieldReader(new String(
                    cipher.doFinal(nonceAndCiphertext, NONCE_BYTES, nonceAndCiphertext.length - NONCE_BYTES),
                    StandardCharsets.UTF_8));
            var value = plain.read(inner);
            if (!inner.isAtEnd()) {
                throw new IllegalArgumentException("more fields than one value has");
            }
            return value;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("of another secret or place, or damaged", e);
        }
    }
}
