package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What hostile programs of this machine and pages in its browsers can try with the gateway as it is shipped. Foreign origins and hosts
 * are refused in {@link BadInputTest}.
 */
@Tag("slow")
class AbuseTest {
    private static final int CONNECTIONS = 2_000;
    private static final long MEGABYTE = 1 << 20;
    /** What a connection may take, with its thread and buffers. */
    private static final long BYTES_A_CONNECTION = 100 * 1_024;

    @TempDir
    static Path folder;

    private static Running gateway;
    private static int port;

    @BeforeAll
    static void start() {
        gateway = Running.start(Programs.gateway(folder));
        port = gateway.program().gatewayPort();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static long residentBytes() throws IOException {
        return Files.readAllLines(
                        Path.of("/proc", Long.toString(gateway.program().pid()), "status"))
                .stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                .findFirst()
                .orElseThrow();
    }

    private static void assertServes() {
        assertThat(gateway.client().get("/health/ready").ok()).isTrue();
        assertThat(gateway.client().get("/v1/quotes/005930").ok()).isTrue();
    }

    @Test
    void two_thousand_unfinished_requests_leave_the_service_and_its_memory_in_bounds() throws Exception {
        assertServes();
        long before = residentBytes();
        var silent = new ArrayList<Socket>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                silent.add(socket);
                socket.getOutputStream()
                        .write("GET /health/live HTTP/1.1\r\nHost: local".getBytes(StandardCharsets.US_ASCII));
            }
            for (int i = 0; i < 20; i++) {
                assertServes();
            }
            assertThat(residentBytes() - before).isLessThan(CONNECTIONS * BYTES_A_CONNECTION);
        } finally {
            for (var socket : silent) {
                socket.close();
            }
        }
        assertServes();
    }

    @Test
    void a_body_of_gigabytes_is_refused_before_it_is_read() throws Exception {
        long before = residentBytes();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream()
                    .write(("POST /v1/orders HTTP/1.1\r\nHost: 127.0.0.1:" + port
                                    + "\r\nContent-Type: application/json\r\nIdempotency-Key: huge\r\nContent-Length: "
                                    + 4_000 * MEGABYTE + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 413");
        }
        assertThat(residentBytes() - before).isLessThan(100 * MEGABYTE);
        assertServes();
    }

    @Test
    void a_body_that_comes_byte_by_byte_does_not_last_longer_than_its_limit() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream()
                    .write(("POST /v1/orders HTTP/1.1\r\nHost: 127.0.0.1:" + port
                                    + "\r\nContent-Type: application/json\r\nIdempotency-Key: slow\r\nContent-Length: 500\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readNBytes(10), StandardCharsets.US_ASCII);
            assertThat(answer).as("refused or closed").matches("HTTP/1.1 4|");
        }
        assertServes();
    }

    @Test
    void a_forged_line_is_in_no_log_and_in_no_header() throws Exception {
        String forged = "FORGED-LINE-7391";
        for (String encoded : List.of("%0d%0a" + forged, "%0A" + forged, "%E2%80%A8" + forged, "%1b%5B2K" + forged)) {
            gateway.client().get("/v1/quotes/" + encoded);
            gateway.client().get("/v1/orders?cursor=" + encoded);
            gateway.client().get("/nothing/" + encoded);
        }
        for (String header :
                List.of("X-Trace-Id: a\n" + forged, "X-API-Key: kgw_a\n" + forged, "Idempotency-Key: a\n" + forged)) {
            var reply = RawHttp.send(
                    port,
                    RawHttp.request(
                            port,
                            "POST /v1/orders",
                            List.of("Content-Type: application/json", header),
                            "{\"account_id\":\"A1\"}".getBytes(StandardCharsets.US_ASCII)));
            assertThat(reply.status()).as(header).isBetween(400, 499);
            assertThat(reply.headers().keySet()).noneMatch(name -> name.contains(forged));
        }
        try (var logs = Files.walk(folder)) {
            for (var log : logs.filter(file -> file.toString().endsWith(".log")).toList()) {
                assertThat(Programs.read(log).split("\\R|\u2028"))
                        .as(log.toString())
                        .noneMatch(line -> line.startsWith(forged))
                        .noneMatch(line -> line.indexOf('\u001b') >= 0);
            }
        }
        assertServes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: attacker.example",
                "Host: attacker.example:{port}",
                "Host: 127.0.0.1.attacker.example:{port}",
                "Origin: https://attacker.example",
                "Origin: null",
                "Sec-Fetch-Site: cross-site"
            })
    void a_page_of_another_site_places_no_order_and_opens_no_stream(String header) throws Exception {
        var foreign = header.replace("{port}", Integer.toString(port));
        var order = Programs.order("005930", "BUY", 1, Optional.empty()).getBytes(StandardCharsets.US_ASCII);
        long before = acceptedOrders();
        // A form and a fetch without preflight can send no other type than the first.
        for (String type : List.of("Content-Type: text/plain", "Content-Type: application/json")) {
            var reply = RawHttp.send(
                    port,
                    RawHttp.request(
                            port, "POST /v1/orders", List.of(type, foreign, "Idempotency-Key: foreign"), order));
            assertThat(reply.status()).isEqualTo(403);
        }
        var upgrade = RawHttp.send(
                port,
                RawHttp.request(
                        port,
                        "GET /v1/stream",
                        List.of(
                                foreign,
                                "Connection: Upgrade",
                                "Upgrade: websocket",
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                        new byte[0]));
        assertThat(upgrade.status()).isEqualTo(403);
        assertThat(acceptedOrders()).isEqualTo(before);
        assertServes();
    }

    private static long acceptedOrders() {
        return gateway.client().get("/v1/metrics/order").body().path("accepted").asLong(-1);
    }

    @Test
    @Requirement(value = "A-13", clause = "routes")
    void channels_of_alerts_reach_no_address_of_this_machine(@TempDir Path own) throws Exception {
        var connections = new AtomicInteger();
        try (var inner = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (!inner.isClosed()) {
                        inner.accept().close();
                        connections.incrementAndGet();
                    }
                } catch (IOException _) {
                    // closed at the end
                }
            });
            var hosts = List.of("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254");
            var channels = new StringBuilder("channels:\n");
            for (int i = 0; i < hosts.size(); i++) {
                channels.append("  c%d: {type: slack, url: \"https://%s:%d/hook\"}\n"
                        .formatted(i, hosts.get(i), inner.getLocalPort()));
            }
            Files.writeString(
                    own.resolve("alerts.yaml"), channels.append("routes: [{events: [overfill], to: [c0]}]\n"));
            try (var attacked =
                    Running.startUnready(Programs.gateway(own).withEnvironment("GATEWAY_OPERATOR_TOKEN", "ops"))) {
                for (int i = 0; i < hosts.size(); i++) {
                    var tried = attacked.client()
                            .send(
                                    "POST",
                                    "/v1/alerts/test",
                                    Optional.of("{\"channel\":\"c" + i + "\"}"),
                                    Map.of("X-Operator-Token", "ops"));
                    assertThat(tried.body().path("delivered").asBoolean(true))
                            .as(hosts.get(i) + ": " + tried)
                            .isFalse();
                    assertThat(tried.body().path("reason").asString(""))
                            .as(hosts.get(i))
                            .contains("address");
                }
            }
        }
        assertThat(connections).hasValue(0);
    }

    @Test
    void a_key_that_was_revoked_is_refused_when_it_is_shown_again(@TempDir Path own) {
        var key = Programs.key(own, "create", "trader", "--role", "trade");
        var admin = Programs.key(own, "create", "owner", "--role", "admin");
        try (var attacked = Running.startUnready(Programs.gateway(own).withEnvironment("GATEWAY_AUTH", "required"));
                GatewayClient owner = attacked.client().withKey(key)) {
            assertThat(owner.get("/v1/orders").ok()).isTrue();
            assertThat(attacked.client()
                            .send("DELETE", "/v1/keys/trader", Optional.empty(), Map.of("X-API-Key", admin))
                            .status())
                    .isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                assertThat(owner.get("/v1/orders").status()).isBetween(401, 429);
            }
        }
    }

    @Test
    void a_guesser_gets_ten_comparisons_and_then_no_answer_distinguishes_a_near_guess_from_the_key(@TempDir Path own)
            throws Exception {
        var key = Programs.key(own, "create", "trader", "--role", "trade");
        char last = key.charAt(key.length() - 1);
        var near = key.substring(0, key.length() - 1) + (last == 'a' ? 'b' : 'a');
        try (var attacked = Running.startUnready(Programs.gateway(own).withEnvironment("GATEWAY_AUTH", "required"))) {
            for (int i = 0; i < 9; i++) {
                assertThat(status(attacked, near)).isEqualTo(401);
            }
            // The wait is one second and doubles: the first block of answers that lies within it counts.
            var answers = new ArrayList<String>();
            Duration took;
            Duration wait = Duration.ofMillis(500);
            do {
                answers.clear();
                wait = wait.multipliedBy(2);
                var compared = new AtomicReference<>(Instant.EPOCH);
                Eventually.await(
                        "a comparison, after the wait before",
                        Programs.SHORT_TIMEOUT,
                        () -> {
                            compared.set(Instant.now());
                            return status(attacked, near);
                        },
                        code -> code == 401);
                // Neither is compared any more: the times of these answers say nothing about the key.
                for (var presented : List.of(near, key, near, key)) {
                    var answer = shown(attacked, presented);
                    answers.add(answer.status() + " " + answer.code());
                }
                took = Duration.between(compared.get(), Instant.now());
            } while (took.compareTo(wait) >= 0 && wait.toSeconds() < 8);
            assertThat(answers).containsOnly("429 LOCKED_OUT");
            Eventually.await(
                    "the end of the wait", Programs.SHORT_TIMEOUT, () -> status(attacked, key), code -> code == 200);
        }
    }

    private static Answer shown(Running attacked, String key) {
        return attacked.client().send("GET", "/v1/orders", Optional.empty(), Map.of("X-API-Key", key));
    }

    private static int status(Running attacked, String key) {
        return shown(attacked, key).status();
    }
}
