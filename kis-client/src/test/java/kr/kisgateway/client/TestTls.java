package kr.kisgateway.client;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The certificate of encrypted test servers, for {@code localhost}; nothing trusts it by itself. */
public final class TestTls {
    private static final String FILE = "/untrusted.p12";
    private static final String PASSWORD = "testonly";
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String TRUST_PASSWORD = "javax.net.ssl.trustStorePassword";

    private TestTls() {}

    /** The context of a server. */
    public static SSLContext context() {
        try (var in = TestTls.class.getResourceAsStream(FILE)) {
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

    /** Lets clients that are opened from now on in this process trust the certificate. */
    public static AutoCloseable trusted() {
        System.setProperty(
                TRUST_STORE,
                Objects.requireNonNull(TestTls.class.getResource(FILE)).getPath());
        System.setProperty(TRUST_PASSWORD, PASSWORD);
        return () -> {
            System.clearProperty(TRUST_STORE);
            System.clearProperty(TRUST_PASSWORD);
        };
    }
}
