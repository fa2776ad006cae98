package kr.kisgateway.client;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The certificates of encrypted test servers; nothing trusts them by itself. */
public final class TestTls {
    /** For {@code localhost}. */
    public static final String LOCALHOST = "/untrusted.p12";
    /** For a server of another name. */
    public static final String ELSEWHERE = "/elsewhere.p12";

    private static final String PASSWORD = "testonly";
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String TRUST_PASSWORD = "javax.net.ssl.trustStorePassword";

    private TestTls() {}

    /** The context of a server that is {@code localhost}. */
    public static SSLContext context() {
        return context(LOCALHOST);
    }

    /** The context of a server with that certificate. */
    static SSLContext context(String certificate) {
        try (var in = TestTls.class.getResourceAsStream(certificate)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD.toCharArray());
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(keys.getKeyManagers(), null, null);
            return tls;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets clients that are opened from now on in this process trust the certificate for {@code localhost}. */
    public static AutoCloseable trusted() {
        return trusted(LOCALHOST);
    }

    /** Lets clients that are opened from now on in this process trust that certificate. */
    public static AutoCloseable trusted(String certificate) {
        System.setProperty(
                TRUST_STORE,
                Objects.requireNonNull(TestTls.class.getResource(certificate)).getPath());
        System.setProperty(TRUST_PASSWORD, PASSWORD);
        return () -> {
            System.clearProperty(TRUST_STORE);
            System.clearProperty(TRUST_PASSWORD);
        };
    }
}
