package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.requirement.Requirement;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.pem.util.PemUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kis tls}, and the ports of a gateway with what it makes. */
@Requirement("A-17")
@Tag("slow")
class TlsCommandTest {
    @TempDir
    private Path folder;

    private record Result(int code, String out, String err) {}

    private Result run(Instant now, Map<String, String> variables, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = new HashMap<>(variables);
        all.put("KIS_COLUMNS", "300");
        int code = new Main(new CommandEnvironment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(Reader.nullReader()),
                        InstantSource.fixed(now),
                        all,
                        folder,
                        folder.resolve("home")))
                .run(Stream.concat(Stream.of("tls"), Stream.of(arguments)).toList());
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Result run(String... arguments) {
        return run(Instant.now(), Map.of(), arguments);
    }

    private Map<String, String> selfSigned(String out) {
        var made = run("self-signed", "--out", out, "--days", "30");
        assertThat(made.code()).as(made.err()).isZero();
        var variables = new HashMap<String, String>();
        made.out().lines().map(line -> line.split("=", 2)).forEach(it -> variables.put(it[0], it[1]));
        return variables;
    }

    /** A client that trusts the certificate of {@code server}, and shows that of {@code own}. */
    private HttpClient client(String server, Optional<String> own) throws IOException {
        var trust = SSLFactory.builder()
                .withTrustMaterial(PemUtils.loadTrustMaterial(folder.resolve(server + "/cert.pem")));
        own.ifPresent(name -> trust.withIdentityMaterial(
                PemUtils.loadIdentityMaterial(folder.resolve(name + "/cert.pem"), folder.resolve(name + "/key.pem"))));
        SSLContext context = trust.build().getSslContext();
        return HttpClient.newBuilder()
                .sslContext(context)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    private Gateway start(Map<String, String> variables) {
        var all = new HashMap<>(Map.of("GATEWAY_PORT", "0", "SIMULATOR_PORT", "0"));
        all.putAll(variables);
        return switch (SettingsLoader.load(
                List.of(), all, folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)))) {
            case SettingsResult.Loaded(Settings settings) -> Gateway.start(settings);
            case SettingsResult.Problems(List<String> sentences) -> throw new AssertionError(sentences);
        };
    }

    private static InputStream mcp(HttpClient client, int port, String tool, String arguments) throws Exception {
        var body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + "}}";
        var request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/mcp"))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .header("Mcp-Session-Id", "asking")
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofInputStream()).body();
    }

    /** Whether a question was asked, on a connection that stays open. */
    private static boolean isAsked(InputStream answer) throws IOException {
        return new String(answer.readNBytes(6), StandardCharsets.UTF_8).equals("event:");
    }

    @Test
    void a_question_of_an_agent_ends_with_its_encrypted_connection() throws Exception {
        var variables = selfSigned("tls");
        variables.put("MCP_TRADING", "true");
        try (var gateway = start(variables);
                var client = client("tls", Optional.empty())) {
            int port = gateway.baseUri().getPort();
            var preview = ApiJson.tree(new String(
                    mcp(client, port, "preview_cancel_orders", "{\"account_id\":\"A1\"}")
                            .readAllBytes(),
                    StandardCharsets.UTF_8));
            var arguments = "{\"account_id\":\"A1\",\"confirmation\":\""
                    + preview.at("/result/structuredContent/confirmation").asString() + "\"}";
            for (int asked = 0; asked < 10; asked++) {
                try (var answer = mcp(client, port, "cancel_orders", arguments)) {
                    assertThat(isAsked(answer)).isTrue();
                }
            }
            var open = new AtomicInteger();
            Await.until("the questions whose connections ended are closed", () -> {
                if (isAsked(mcp(client, port, "cancel_orders", arguments))) {
                    open.incrementAndGet();
                }
                return open.get() == 10;
            });
            client.shutdownNow();
        }
    }

    private static int status(HttpClient client, int port) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/health/live"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    @Test
    void a_certificate_is_made_shown_and_used_and_its_key_is_for_its_owner_alone() throws Exception {
        var variables = selfSigned("tls");
        assertThat(Files.getPosixFilePermissions(folder.resolve("tls/key.pem")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(run("self-signed", "--out", "tls").err()).contains("has a certificate already");
        var shown = run(Instant.now(), variables, "show");
        assertThat(shown.code()).as(shown.out() + shown.err()).isZero();
        assertThat(shown.out()).contains("names        localhost, 127.0.0.1", "29 days left", "SHA-256 ");
        assertThat(run(Instant.now().plus(Duration.ofDays(20)), variables, "show")
                        .code())
                .as("a certificate that expires in ten days")
                .isEqualTo(1);
        var expired = run(Instant.now().plus(Duration.ofDays(31)), variables, "show");
        assertThat(expired.code()).isEqualTo(1);
        assertThat(expired.out()).contains("EXPIRED");
        try (var gateway = start(variables);
                var client = client("tls", Optional.empty())) {
            assertThat(status(client, gateway.baseUri().getPort())).isEqualTo(200);
        }
    }

    @Test
    void what_is_no_host_or_no_validity_is_refused_and_leaves_nothing() throws Exception {
        for (var bad : new String[] {"a b", "x,ext=ca", "-a", "10.0.0.0/8", ""}) {
            assertThat(run("self-signed", "--host", bad).code()).as(bad).isEqualTo(2);
        }
        assertThat(run("self-signed", "--days", "0").code()).isEqualTo(2);
        assertThat(run("self-signed", "--days", "9999").code()).isEqualTo(2);
        assertThat(folder.resolve("tls")).doesNotExist();
        assertThat(run("show").out()).contains("No certificate is set");
        Files.writeString(folder.resolve("cert.pem"), "perhaps a secret");
        Files.writeString(folder.resolve("key.pem"), "perhaps a secret");
        var unusable = run(Instant.now(), Map.of("GATEWAY_TLS_CERT", "cert.pem", "GATEWAY_TLS_KEY", "key.pem"), "show");
        assertThat(unusable.code()).isEqualTo(1);
        assertThat(unusable.err())
                .contains("no certificate and private key in PEM")
                .doesNotContain("perhaps");
    }

    @Test
    void a_pkcs12_file_serves_as_well_and_a_wrong_password_stops_the_start() throws Exception {
        selfSigned("tls");
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        var identity = PemUtils.loadIdentityMaterial(folder.resolve("tls/cert.pem"), folder.resolve("tls/key.pem"));
        String alias = identity.getServerAliases("EC", null)[0];
        X509Certificate[] chain = identity.getCertificateChain(alias);
        keys.setKeyEntry("own", identity.getPrivateKey(alias), "changeit".toCharArray(), chain);
        try (var file = Files.newOutputStream(folder.resolve("gateway.p12"))) {
            keys.store(file, "changeit".toCharArray());
        }
        var variables = Map.of("GATEWAY_TLS_CERT", "gateway.p12", "GATEWAY_TLS_PASSWORD", "changeit");
        assertThat(run(Instant.now(), variables, "show").out()).contains("names        localhost, 127.0.0.1");
        try (var gateway = start(variables);
                var client = client("tls", Optional.empty())) {
            assertThat(status(client, gateway.baseUri().getPort())).isEqualTo(200);
        }
        assertThatThrownBy(() -> start(Map.of("GATEWAY_TLS_CERT", "gateway.p12", "GATEWAY_TLS_PASSWORD", "mistaken")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("GATEWAY_TLS_PASSWORD is not its password")
                .hasMessageNotContaining("mistaken");
    }

    @Test
    void with_authorities_a_caller_without_a_certificate_of_one_of_them_gets_no_connection() throws Exception {
        var variables = new HashMap<>(selfSigned("server"));
        selfSigned("friend");
        selfSigned("stranger");
        variables.put("GATEWAY_TLS_CLIENT_CA", "friend/cert.pem");
        try (var gateway = start(variables);
                var friend = client("server", Optional.of("friend"));
                var stranger = client("server", Optional.of("stranger"));
                var nameless = client("server", Optional.empty())) {
            assertThat(status(friend, gateway.baseUri().getPort())).isEqualTo(200);
            assertThatThrownBy(() -> status(stranger, gateway.baseUri().getPort()))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> status(nameless, gateway.baseUri().getPort()))
                    .isInstanceOf(IOException.class);
        }
    }
}
