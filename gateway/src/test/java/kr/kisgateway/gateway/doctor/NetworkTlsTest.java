package kr.kisgateway.gateway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.SSLFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check of an encrypted host, against a server with a certificate of thirty days. */
@Tag("slow")
class NetworkTlsTest {
    private static final String PASSWORD = "password";

    @TempDir
    private Path folder;

    private HttpsServer server;
    private X509ExtendedTrustManager trust;
    private URI address;

    @BeforeEach
    void start() throws Exception {
        Path store = folder.resolve("server.p12");
        var tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=A Broker",
                        "-ext",
                        "SAN=dns:localhost",
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(tool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(tool.exitValue())
                .as(Files.readString(folder.resolve("keytool.log")))
                .isZero();
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var context = SSLFactory.builder()
                .withIdentityMaterial(keys, PASSWORD.toCharArray())
                .build()
                .getSslContext();
        trust = SSLFactory.builder()
                .withTrustMaterial(keys.getCertificate("server"))
                .build()
                .getTrustManager()
                .orElseThrow();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.start();
        address = URI.create("https://localhost:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void version_and_end_of_the_certificate_are_shown() {
        var found = NetworkChecks.tls(address, Instant.now(), trust);
        assertThat(found.verdict()).as(found.toString()).isEqualTo(Finding.Verdict.OK);
        assertThat(found.measured().english())
                .startsWith("TLSv1.3, certificate valid until ")
                .contains("(29 days)");
    }

    @Test
    void a_certificate_that_ends_within_two_weeks_is_a_warning() {
        var found = NetworkChecks.tls(address, Instant.now().plus(Duration.ofDays(20)), trust);
        assertThat(found.verdict()).as(found.toString()).isEqualTo(Finding.Verdict.WARNING);
        assertThat(found.measured().english()).contains("(9 days)");
        assertThat(found.fix()).isPresent();
    }

    @Test
    void a_certificate_of_an_unknown_issuer_or_of_another_name_fails_and_its_issuer_is_shown() {
        var unknown = NetworkChecks.tls(address, Instant.now());
        assertThat(unknown.verdict()).isEqualTo(Finding.Verdict.FAIL);
        assertThat(unknown.measured().english()).contains("issued by CN=A Broker");
        var other = URI.create("https://127.0.0.1:" + address.getPort());
        assertThat(NetworkChecks.tls(other, Instant.now(), trust).verdict()).isEqualTo(Finding.Verdict.FAIL);
    }

    @Test
    void a_host_that_speaks_no_tls_fails_within_the_limit() throws IOException {
        try (var silent = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var found =
                    NetworkChecks.tls(URI.create("https://localhost:" + silent.getLocalPort()), Instant.now(), trust);
            assertThat(found.verdict()).isEqualTo(Finding.Verdict.FAIL);
            assertThat(found.measured().english()).contains("SocketTimeoutException");
        }
    }
}
