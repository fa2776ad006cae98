package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.gatewayclient.Trust;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway on an address that other machines can reach: encrypted, and only for callers with a key. */
@Requirement("A-17")
@Tag("slow")
class EncryptionTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    @Test
    @Requirement(value = "A-17", clause = "tls")
    void the_encrypted_port_accepts_only_tls_1_3_and_requires_keys() throws Exception {
        var certificate = selfSigned();
        var launch = Programs.gateway(folder)
                .withEnvironment("GATEWAY_BIND", "0.0.0.0")
                .withEnvironment("GATEWAY_TLS_CERT", certificate.toString())
                .withEnvironment("GATEWAY_TLS_KEY", folder.resolve("key.pem").toString());
        String key = Programs.key(folder, "create", "me", "--role", "trade");
        try (var program = LocalProgram.start(launch, Programs.START_TIMEOUT)) {
            var base = URI.create("https://localhost:" + program.gatewayPort());
            var trust = Trust.in(certificate);
            try (var plain = GatewayClient.at(base, Programs.SHORT_TIMEOUT);
                    var keyless = plain.trusting(trust);
                    var client = keyless.withKey(key)) {
                assertThatThrownBy(() -> plain.get("/health/live"))
                        .isInstanceOf(GatewayException.class)
                        .hasRootCauseInstanceOf(Exception.class)
                        .hasStackTraceContaining("SSLHandshakeException");
                assertThat(keyless.get("/health/live").ok()).isTrue();
                assertThat(keyless.get("/v1/quotes/005930").code()).isEqualTo("UNAUTHENTICATED");
                Eventually.await("a quote", Programs.SHORT_TIMEOUT, () -> client.get("/v1/quotes/005930"), Answer::ok);
                try (var stream = client.stream()) {
                    stream.await("the hello", m -> m.path("op").asString("").equals("hello"), Programs.SHORT_TIMEOUT);
                    stream.send(
                            "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"005930\"],\"id\":\"1\"}");
                    stream.await("a trade", m -> m.path("ch").asString("").equals("trades"), Programs.SHORT_TIMEOUT);
                }
                assertThatThrownBy(keyless::stream).isInstanceOf(GatewayException.class);
            }
            assertThatThrownBy(() -> handshake(program.gatewayPort(), "TLSv1.2", trust))
                    .isInstanceOf(SSLException.class);
            handshake(program.gatewayPort(), "TLSv1.3", trust);
            assertThat(answerHead(program.gatewayPort(), "gateway.example", trust))
                    .contains("Strict-Transport-Security: max-age=31536000\r\n")
                    .contains("X-Content-Type-Options: nosniff\r\n");
            // Browsers apply it to all ports of a name.
            assertThat(answerHead(program.gatewayPort(), "localhost", trust))
                    .doesNotContain("Strict-Transport-Security");
        }
    }

    @Test
    void an_unusable_certificate_stops_the_start_with_one_sentence_that_reveals_none_of_its_content() throws Exception {
        Files.writeString(folder.resolve("cert.pem"), "not a certificate, but perhaps a secret");
        Files.writeString(folder.resolve("key.pem"), "perhaps a secret");
        try (var program = LocalProgram.startWithoutWaiting(Programs.gateway(folder)
                .withEnvironment("GATEWAY_TLS_CERT", "cert.pem")
                .withEnvironment("GATEWAY_TLS_KEY", "key.pem"))) {
            assertThat(program.awaitExit(Programs.START_TIMEOUT)).hasValue(2);
            assertThat(program.output())
                    .anyMatch(line -> line.contains("no certificate and private key in PEM"))
                    .noneMatch(line -> line.contains("perhaps"));
        }
    }

    private static void handshake(int port, String protocol, SSLContext trust) throws IOException {
        try (var socket = (SSLSocket) trust.getSocketFactory().createSocket("localhost", port)) {
            socket.setSoTimeout((int) Programs.SHORT_TIMEOUT.toMillis());
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
        }
    }

    private static String answerHead(int port, String host, SSLContext trust) throws IOException {
        try (var socket = trust.getSocketFactory().createSocket("localhost", port)) {
            socket.setSoTimeout((int) Programs.SHORT_TIMEOUT.toMillis());
            socket.getOutputStream()
                    .write(("GET /health/live HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 200");
            return answer.substring(0, answer.indexOf("\r\n\r\n") + 4);
        }
    }

    /** {@code cert.pem} and {@code key.pem} for localhost, made by the JDK's own tool. */
    private Path selfSigned() throws IOException, InterruptedException, GeneralSecurityException {
        var store = folder.resolve("store.p12");
        var tool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "gateway",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        assertThat(tool.waitFor(Duration.ofSeconds(30).toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, PASSWORD.toCharArray());
        }
        var certificate = folder.resolve("cert.pem");
        Files.writeString(
                certificate, pem("CERTIFICATE", keys.getCertificate("gateway").getEncoded()));
        Files.writeString(
                folder.resolve("key.pem"),
                pem(
                        "PRIVATE KEY",
                        keys.getKey("gateway", PASSWORD.toCharArray()).getEncoded()));
        return certificate;
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + kind + "-----\n";
    }
}
