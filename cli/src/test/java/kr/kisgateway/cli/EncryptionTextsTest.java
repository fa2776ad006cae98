package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print where encryption is expected and missing, or the other way round. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class EncryptionTextsTest {
    private static final String PASSWORD = "open-sesame";

    private Path folder = Path.of("");
    private ServerSocket encrypted;
    private ServerSocket plain;

    @BeforeAll
    void listen(@TempDir Path temporary) throws Exception {
        folder = temporary;
        var file = temporary.resolve("keys.p12");
        var keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "gateway",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=gateway.example",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString()))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        encrypted = context.getServerSocketFactory().createServerSocket(0);
        plain = new ServerSocket(0);
        Thread.ofVirtual().start(() -> serve(encrypted));
        Thread.ofVirtual().start(() -> serve(plain));
    }

    @AfterAll
    void stop() throws IOException {
        encrypted.close();
        plain.close();
    }

    private static void serve(ServerSocket listener) {
        while (!listener.isClosed()) {
            try (var socket = listener.accept()) {
                if (socket instanceof SSLSocket tls) {
                    tls.startHandshake();
                } else {
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                }
            } catch (IOException e) {
                // the client ended the connection, or the test ended
            }
        }
    }

    @Test
    void https_at_a_port_without_encryption_is_answered_with_the_right_scheme() {
        var result = run("https://localhost:" + plain.getLocalPort());
        assertThat(result.err())
                .contains("if the gateway has no certificate (GATEWAY_TLS_CERT), write http:// instead of https://")
                .doesNotContain("SSL");
    }

    @Test
    void http_at_an_encrypting_port_is_answered_with_the_right_scheme() {
        var result = run("http://localhost:" + encrypted.getLocalPort());
        assertThat(result.err()).contains("its URL begins with https://").doesNotContain("parser", "status line");
    }

    @Test
    void an_untrusted_certificate_is_answered_with_the_setting_that_trusts_it() {
        var result = run("https://localhost:" + encrypted.getLocalPort());
        assertThat(result.err())
                .contains("is not trusted here; set GATEWAY_CA to a file with it")
                .doesNotContain("PKIX", "path");
    }

    @Test
    void a_missing_or_useless_trust_file_is_named_in_a_sentence() throws IOException {
        var missing = Shell.with(Map.of("GATEWAY_CA", "none.pem"), folder).run("alerts");
        assertThat(missing.err()).contains("GATEWAY_CA: there is no file", "none.pem");
        Files.writeString(folder.resolve("empty.pem"), "nothing");
        var useless = Shell.with(Map.of("GATEWAY_CA", "empty.pem"), folder).run("alerts");
        assertThat(useless.err()).contains("empty.pem has no certificate in PEM");
    }

    private Shell.Result run(String url) {
        var result = Shell.with(Map.of(), folder).run("alerts", "--url", url);
        assertThat(result.code()).as(result.toString()).isEqualTo(Kis.NOT_REACHED);
        return result;
    }
}
