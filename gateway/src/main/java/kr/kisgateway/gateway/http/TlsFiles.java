package kr.kisgateway.gateway.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.task.TaskRunner;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.exception.GenericException;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.SSLFactoryUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificate and key of the gateway from two PEM files or a PKCS#12 file, and the authorities of its callers' certificates, where it asks
 * for them. They are checked once a minute and reloaded when they changed and are readable, so a renewed certificate needs no
 * restart; open connections continue with the previous one.
 */
public final class TlsFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");
    private static final Duration CHECK_INTERVAL = Duration.ofMinutes(1);

    private final Source source;
    private final Optional<Path> authorities;
    private final SSLFactory factory;
    private volatile Optional<TaskRunner.Task> task = Optional.empty();
    private List<FileTime> lastModified;

    /** Where certificate and key are. */
    public sealed interface Source {
        /** Both in PEM; the key is not encrypted. */
        record Pem(Path certificate, Path key) implements Source {}

        /** Both in one file, which has a password. */
        record Pkcs12(Path file, Secret password) implements Source {}
    }

    /** The files are not usable; the message names them and gives the reason. */
    public static final class TlsFilesException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TlsFilesException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private TlsFiles(Source source, Optional<Path> authorities) {
        this.source = source;
        this.authorities = authorities;
        this.lastModified = readModificationTimes();
        this.factory = read();
    }

    /**
     * Reads the files.
     *
     * @param authorities PEM file of those of whom callers need a certificate; absent where they need none
     * @throws TlsFilesException when they cannot be read or do not match
     */
    public static TlsFiles open(Source source, Optional<Path> authorities) {
        return new TlsFiles(source, authorities);
    }

    /**
     * For calls of other gateways of the same cluster: trusts the machine's authorities, those of the callers, and the certificates
     * of the own file, and shows the own certificate where one is asked for.
     *
     * @throws TlsFilesException as {@link #open}
     */
    public static SSLContext clientContext(Source source, Optional<Path> authorities) {
        var builder = SSLFactory.builder().withProtocols("TLSv1.3").withDefaultTrustMaterial();
        switch (source) {
            case Source.Pem(Path certificate, Path key) ->
                builder.withIdentityMaterial(readPem(certificate, key)).withTrustMaterial(readAuthorities(certificate));
            case Source.Pkcs12(Path file, Secret password) -> {
                readPkcs12(builder, file, password);
                readCertificates(builder, file, password);
            }
        }
        authorities.ifPresent(file -> builder.withTrustMaterial(readAuthorities(file)));
        return builder.build().getSslContext();
    }

    private static void readCertificates(SSLFactory.Builder builder, Path file, Secret password) {
        try (var in = Files.newInputStream(file)) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, password.reveal().toCharArray());
            for (String alias : Collections.list(store.aliases())) {
                @Nullable Certificate @Nullable [] chain = store.getCertificateChain(alias);
                if (chain != null) {
                    builder.withTrustMaterial(Arrays.stream(chain)
                            .map(certificate -> (X509Certificate) Objects.requireNonNull(certificate))
                            .toList());
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsFilesException("The TLS file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reloads the files from now on when they change. */
    public TlsFiles watch(TaskRunner tasks) {
        task = Optional.of(tasks.every("tls-files", CHECK_INTERVAL, this::reloadIfChanged));
        return this;
    }

    /** Uses the newest certificate for each new connection. */
    public Encryption encryption() {
        return new Encryption(factory.getSslContext(), authorities.isPresent());
    }

    /** Reloads changed files. Never throws: an unreadable certificate leaves the previous one in use. */
    void reloadIfChanged() {
        try {
            var now = readModificationTimes();
            if (now.equals(lastModified)) {
                return;
            }
            lastModified = now;
            SSLFactoryUtils.reload(factory, read());
            LOG.info("tls_certificate_reloaded file={}", files().getFirst());
        } catch (TlsFilesException e) {
            LOG.error("tls_certificate_unusable cause=\"{}\"", e.getMessage());
        }
    }

    @Override
    public void close() {
        task.ifPresent(TaskRunner.Task::close);
    }

    private SSLFactory read() {
        var builder = SSLFactory.builder().withSwappableIdentityMaterial().withProtocols("TLSv1.3");
        switch (source) {
            case Source.Pem(Path certificate, Path key) -> builder.withIdentityMaterial(readPem(certificate, key));
            case Source.Pkcs12(Path file, Secret password) -> readPkcs12(builder, file, password);
        }
        authorities.ifPresent(file -> builder.withSwappableTrustMaterial().withTrustMaterial(readAuthorities(file)));
        try {
            return builder.build();
        } catch (GenericException | IllegalArgumentException e) {
            throw new TlsFilesException("The TLS files " + files() + " cannot be used together.", e);
        }
    }

    private static X509ExtendedKeyManager readPem(Path certificate, Path key) {
        try (var chain = Files.newInputStream(certificate);
                var secret = Files.newInputStream(key)) {
            return Objects.requireNonNull(PemUtils.loadIdentityMaterial(chain, secret));
        } catch (IOException e) {
            throw new TlsFilesException(
                    "The TLS files " + certificate + " and " + key + " cannot be read: " + e.getMessage(), e);
        } catch (GenericException | IllegalArgumentException e) {
            // The library's message may quote the file's content.
            throw new TlsFilesException(
                    "The TLS files " + certificate + " and " + key
                            + " are no certificate and private key in PEM that belong together.",
                    e);
        }
    }

    private static void readPkcs12(SSLFactory.Builder builder, Path file, Secret password) {
        try (var in = Files.newInputStream(file)) {
            builder.withIdentityMaterial(in, password.reveal().toCharArray(), "PKCS12");
        } catch (IOException e) {
            throw new TlsFilesException("The TLS file " + file + " cannot be read: " + e.getMessage(), e);
        } catch (GenericException | IllegalArgumentException e) {
            throw new TlsFilesException(
                    "The TLS file " + file
                            + " is no PKCS#12 file with a certificate and its key, or GATEWAY_TLS_PASSWORD is"
                            + " not its password.",
                    e);
        }
    }

    private static X509ExtendedTrustManager readAuthorities(Path file) {
        try (var in = Files.newInputStream(file)) {
            return Objects.requireNonNull(PemUtils.loadTrustMaterial(in));
        } catch (IOException e) {
            throw new TlsFilesException("The file " + file + " of authorities cannot be read: " + e.getMessage(), e);
        } catch (GenericException | IllegalArgumentException e) {
            throw new TlsFilesException("The file " + file + " of authorities has no certificate in PEM.", e);
        }
    }

    private List<Path> files() {
        var files = new ArrayList<Path>();
        switch (source) {
            case Source.Pem(Path certificate, Path key) -> files.addAll(List.of(certificate, key));
            case Source.Pkcs12(Path file, Secret _) -> files.add(file);
        }
        authorities.ifPresent(files::add);
        return files;
    }

    private List<FileTime> readModificationTimes() {
        var times = new ArrayList<FileTime>();
        for (Path file : files()) {
            try {
                times.add(Files.getLastModifiedTime(file));
            } catch (IOException e) {
                throw new TlsFilesException("The TLS file " + e.getMessage() + " cannot be read.", e);
            }
        }
        return times;
    }
}
