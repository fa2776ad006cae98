package kr.kisgateway.gateway.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** One TLS handshake, verified as every call is; nothing is sent over the connection. */
public final class TlsProbe {
    private static final int HTTPS = 443;

    private TlsProbe() {}

    /**
     * What the handshake showed.
     *
     * @param protocol as TLSv1.3; empty when it failed
     * @param certificate of the host, also of a refused handshake; empty where none was received
     * @param refusal why it failed; empty when it succeeded
     */
    public record Result(Optional<String> protocol, Optional<X509Certificate> certificate, Optional<String> refusal) {}

    /** The authorities that the Java machine trusts. */
    public static X509ExtendedTrustManager machineTrust() throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("the Java machine has no trust manager"));
    }

    /** Connects to {@code address}, and waits {@code limit} at most for the connection and for each answer. */
    public static Result probe(URI address, X509ExtendedTrustManager trust, Duration limit) {
        var seen = new AtomicReference<Optional<X509Certificate>>(Optional.empty());
        int millis = (int) limit.toMillis();
        int port = address.getPort() < 0 ? HTTPS : address.getPort();
        try (var plain = new Socket()) {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Recording(trust, seen)}, null);
            plain.connect(new InetSocketAddress(address.getHost(), port), millis);
            plain.setSoTimeout(millis);
            try (var socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, address.getHost(), port, true)) {
                socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
                var parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                return new Result(Optional.of(socket.getSession().getProtocol()), seen.get(), Optional.empty());
            }
        } catch (IOException | GeneralSecurityException e) {
            return new Result(Optional.empty(), seen.get(), Optional.of(reason(e)));
        }
    }

    private static String reason(Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName()
                + (cause.getMessage() == null
                        ? ""
                        : ": " + cause.getMessage().lines().findFirst().orElse(""));
    }

    /** Leaves the decision to another manager, and records the certificate that it decides on. */
    private static final class Recording extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager trust;
        private final AtomicReference<Optional<X509Certificate>> seen;

        Recording(X509ExtendedTrustManager trust, AtomicReference<Optional<X509Certificate>> seen) {
            this.trust = trust;
            this.seen = seen;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            seen.set(Arrays.stream(chain).findFirst());
            trust.checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            seen.set(Arrays.stream(chain).findFirst());
            trust.checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            seen.set(Arrays.stream(chain).findFirst());
            trust.checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
                throws CertificateException {
            throw new CertificateException("a client accepts no clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("a client accepts no clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("a client accepts no clients");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trust.getAcceptedIssuers();
        }
    }
}
