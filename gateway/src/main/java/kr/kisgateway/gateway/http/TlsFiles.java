package kr.kisgateway.gateway.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import kr.kisgateway.gateway.task.TaskRunner;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.exception.GenericException;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.SSLFactoryUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificate and key of the gateway from two PEM files. They are checked once a minute and reloaded when they changed
 * and are readable, so a renewed certificate needs no restart; open connections continue with the previous one.
 */
public final class TlsFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");
    private static final Duration CHECK_INTERVAL = Duration.ofMinutes(1);

    private final Path certificate;
    private final Path key;
    private final SSLFactory factory;
    private volatile Optional<TaskRunner.Task> task = Optional.empty();
    private List<FileTime> lastModified;

    /** The files are not usable; the message names them and gives the reason. */
    public static final class TlsFilesException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TlsFilesException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private TlsFiles(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
        this.lastModified = readModificationTimes();
        this.factory = read(certificate, key);
    }

    /**
     * Reads both files and watches them.
     *
     * @throws TlsFilesException when they cannot be read or do not match
     */
    public static TlsFiles openAndWatch(Path certificate, Path key, TaskRunner tasks) {
        var files = new TlsFiles(certificate, key);
        files.task = Optional.of(tasks.every("tls-files", CHECK_INTERVAL, files::reloadIfChanged));
        return files;
    }

    /** Uses the newest certificate for each new connection. */
    public SSLContext context() {
        return factory.getSslContext();
    }

    /** Reloads changed files. Never throws: an unreadable certificate leaves the previous one in use. */
    void reloadIfChanged() {
        try {
            var now = readModificationTimes();
            if (now.equals(lastModified)) {
                return;
            }
            lastModified = now;
            SSLFactoryUtils.reload(factory, read(certificate, key));
            LOG.info("tls_certificate_reloaded file={}", certificate);
        } catch (TlsFilesException e) {
            LOG.error("tls_certificate_unusable cause=\"{}\"", e.getMessage());
        }
    }

    @Override
    public void close() {
        task.ifPresent(TaskRunner.Task::close);
    }

    private static SSLFactory read(Path certificate, Path key) {
        try (var chain = Files.newInputStream(certificate);
                var secret = Files.newInputStream(key)) {
            return SSLFactory.builder()
                    .withSwappableIdentityMaterial()
                    .withIdentityMaterial(Objects.requireNonNull(PemUtils.loadIdentityMaterial(chain, secret)))
                    .withProtocols("TLSv1.3")
                    .build();
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

    private List<FileTime> readModificationTimes() {
        try {
            return List.of(Files.getLastModifiedTime(certificate), Files.getLastModifiedTime(key));
        } catch (IOException e) {
            throw new TlsFilesException("The TLS file " + e.getMessage() + " cannot be read.", e);
        }
    }
}
