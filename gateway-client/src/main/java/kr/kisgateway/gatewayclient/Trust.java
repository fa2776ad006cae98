package kr.kisgateway.gatewayclient;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trust in certificates without a public authority, as of a gateway in a private network. */
public final class Trust {
    private Trust() {}

    /**
     * Trusts only the certificates of a PEM file.
     *
     * @throws GatewayException when the file cannot be read or has none
     */
    public static SSLContext in(Path pem) {
        try (var file = Files.newInputStream(pem)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                store.setCertificateEntry("trusted-" + count++, certificate);
            }
            if (count == 0) {
                throw new GatewayException(pem + " has no certificate in PEM", new IOException("none found"));
            }
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (NoSuchFileException e) {
            throw new GatewayException("there is no file " + pem, e);
        } catch (AccessDeniedException e) {
            throw new GatewayException("this user may not read " + pem, e);
        } catch (IOException | GeneralSecurityException e) {
            throw new GatewayException(pem + " has no certificate in PEM that can be read", e);
        }
    }
}
