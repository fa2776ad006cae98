package kr.kisgateway.gateway.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import kr.kisgateway.client.Secret;

/** A hardware security module (HSM), or a program that behaves as one, by PKCS#11: AES-GCM with a key that it holds. */
final class HsmWrapper implements KeyWrapper {
    static final String SCHEME = "pkcs11:";

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern SLOT = Pattern.compile("[0-9]{1,10}");

    private final String uri;
    private final Path module;
    private final String slot;
    private final String object;
    private final Secret pin;

    private HsmWrapper(String uri, Path module, String slot, String object, Secret pin) {
        this.uri = uri;
        this.module = module;
        this.slot = slot;
        this.object = object;
        this.pin = pin;
    }

    /**
     * The key that {@code uri} names, in the form of RFC 7512: {@code
     * pkcs11:slot-id=0;object=kis-gateway?module-path=/usr/lib/softhsm/libsofthsm2.so}.
     */
    static HsmWrapper of(String uri, Optional<Secret> pin) throws SecretException {
        var parts = new HashMap<String, String>();
        for (var part : uri.substring(SCHEME.length()).split("[;?&]")) {
            int equals = part.indexOf('=');
            if (equals < 1 || parts.put(part.substring(0, equals), part.substring(equals + 1)) != null) {
                throw wrongForm();
            }
        }
        if (!parts.keySet()
                        .equals(Map.of("slot-id", "", "object", "", "module-path", "")
                                .keySet())
                || !SLOT.matcher(parts.getOrDefault("slot-id", "")).matches()
                || parts.getOrDefault("object", "").isEmpty()) {
            throw wrongForm();
        }
        if (pin.isEmpty()) {
            throw new SecretException("MASTER_KEY_SOURCE is " + SCHEME + ", and MASTER_KEY_PIN is not set.");
        }
        var module = Path.of(parts.getOrDefault("module-path", ""));
        if (!module.isAbsolute() || !Files.isRegularFile(module)) {
            throw new SecretException("There is no PKCS#11 library " + module + " (module-path of MASTER_KEY_SOURCE).");
        }
        return new HsmWrapper(
                uri, module, parts.getOrDefault("slot-id", ""), parts.getOrDefault("object", ""), pin.get());
    }

    private static SecretException wrongForm() {
        return new SecretException("MASTER_KEY_SOURCE of a PKCS#11 module must be"
                + " pkcs11:slot-id=NUMBER;object=LABEL?module-path=/path/of/library.so.");
    }

    @Override
    public byte[] wrap(byte[] clear, SecureRandom random) throws SecretException {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] ciphertext = run(Cipher.ENCRYPT_MODE, nonce, clear);
        byte[] wrapped = Arrays.copyOf(nonce, NONCE_BYTES + ciphertext.length);
        System.arraycopy(ciphertext, 0, wrapped, NONCE_BYTES, ciphertext.length);
        return wrapped;
    }

    @Override
    public byte[] unwrap(byte[] wrapped) throws SecretException {
        if (wrapped.length <= NONCE_BYTES) {
            throw new SecretException("The wrapped master key is too short; restore its file.");
        }
        return run(
                Cipher.DECRYPT_MODE,
                Arrays.copyOf(wrapped, NONCE_BYTES),
                Arrays.copyOfRange(wrapped, NONCE_BYTES, wrapped.length));
    }

    private byte[] run(int mode, byte[] nonce, byte[] input) throws SecretException {
        var password = pin.reveal().toCharArray();
        try {
            Provider provider = provider();
            var keys = KeyStore.getInstance("PKCS11", provider);
            keys.load(null, password);
            Key key = keys.getKey(object, password);
            if (key == null) {
                throw new SecretException("The PKCS#11 token in slot " + slot + " has no key with the label " + object
                        + "; create an AES-256 key of this label, or change the label.");
            }
            var cipher = Cipher.getInstance(CIPHER, provider);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException | ProviderException | IOException e) {
            throw new SecretException(
                    "The PKCS#11 module " + module + " did not answer for slot " + slot + " and key " + object + ": "
                            + rootMessage(e) + ". Check the slot, MASTER_KEY_PIN and the key.",
                    e);
        } finally {
            Arrays.fill(password, ' ');
        }
    }

    private Provider provider() {
        // "--" marks a configuration in place of the name of its file.
        return Security.getProvider("SunPKCS11")
                .configure("--name=KisGateway\nlibrary=\"" + module + "\"\nslot=" + slot + "\n");
    }

    private static String rootMessage(Throwable e) {
        var cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    @Override
    public String label() {
        return uri;
    }
}
