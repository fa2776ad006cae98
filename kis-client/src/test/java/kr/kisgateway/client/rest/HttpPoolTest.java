package kr.kisgateway.client.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import kr.kisgateway.client.Fixtures;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Pool;
import kr.kisgateway.client.RawServer;
import kr.kisgateway.client.Recorder;
import kr.kisgateway.client.RetryRule;
import kr.kisgateway.client.TestTls;
import kr.kisgateway.client.Tuning;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The connection pool, against a server that counts connections. */
@Requirement("A-03")
@Tag("slow")
class HttpPoolTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final String PRICE =
            "{\"output\":{\"stck_prpr\":\"1\"},\"rt_cd\":\"0\",\"msg_cd\":\"MCA00000\",\"msg1\":\"ok\"}";

    private final InstantSource clock = InstantSource.system();

    @TempDir
    private Path folder;

    private RawServer server;

    @BeforeEach
    void start() {
        server = new RawServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    @Requirement(value = "A-03", clause = "timeouts")
    @Requirement(value = "A-03", clause = "pipeline")
    @Requirement(value = "A-03", clause = "pool")
    @Requirement(value = "A-03", clause = "validation")
    void the_defaults_are_50_connections_20_a_route_validated_after_5_s_and_renewed_after_300() {
        var standard = Tuning.standard(Fixtures.LIMITS);
        assertThat(standard.pool()).isEqualTo(new Pool(50, 20, Duration.ofSeconds(5), Duration.ofSeconds(300)));
        assertThat(standard.timeouts().connect()).isEqualTo(Duration.ofSeconds(5));
        assertThat(standard.timeouts().response()).isEqualTo(Duration.ofSeconds(5));
        var pipeline = Tuning.pipeline(Fixtures.LIMITS);
        assertThat(pipeline.timeouts().response()).isEqualTo(Duration.ofSeconds(30));
        assertThat(pipeline.pool().total()).isBetween(10, 20);
        assertThat(pipeline.pool().perRoute()).isBetween(10, 20);
    }

    @Test
    @Requirement(value = "A-03", clause = "pool")
    void no_more_connections_are_opened_to_a_host_than_the_pool_allows() throws Exception {
        var all = new CountDownLatch(3);
        var answer = new CountDownLatch(1);
        for (int i = 0; i < 8; i++) {
            server.script.add((request, socket) -> {
                all.countDown();
                try {
                    answer.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return RawServer.json(200, PRICE).sendTo(request, socket);
            });
        }
        try (var client = open(new Pool(3, 3, Duration.ofSeconds(5), Duration.ofSeconds(300)))) {
            var callers = new ArrayList<Thread>();
            for (int i = 0; i < 8; i++) {
                callers.add(Thread.ofVirtual().start(() -> requestPrice(client)));
            }
            assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(server.calls()).hasSize(3);
            answer.countDown();
            for (var thread : callers) {
                thread.join();
            }
            assertThat(server.calls()).hasSize(8);
            // The token's connection is one of the three.
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    @Requirement(value = "A-03", clause = "validation")
    void an_expired_connection_is_not_reused() throws Exception {
        server.script.add(RawServer.json(200, PRICE));
        server.script.add(RawServer.json(200, PRICE));
        try (var client = open(new Pool(3, 3, Duration.ofSeconds(5), Duration.ofMillis(200)))) {
            assertThat(requestPrice(client)).isInstanceOf(KisReply.Ok.class);
            int before = server.connections();
            new CountDownLatch(1).await(400, TimeUnit.MILLISECONDS); // its timeToLive passes
            assertThat(requestPrice(client)).isInstanceOf(KisReply.Ok.class);
            assertThat(server.connections()).isEqualTo(before + 1);
        }
    }

    @Test
    @Requirement(value = "A-03", clause = "validation")
    void a_connection_closed_by_the_server_while_idle_loses_no_answer() throws Exception {
        server.closeIdle = true;
        for (int i = 0; i < 3; i++) {
            server.script.add(RawServer.json(200, PRICE));
        }
        try (var client = open(new Pool(3, 3, Duration.ofMillis(1), Duration.ofSeconds(300)))) {
            for (int i = 0; i < 3; i++) {
                server.awaitEnded();
                assertThat(requestPrice(client)).isInstanceOf(KisReply.Ok.class);
            }
        }
        assertThat(server.calls()).hasSize(3);
    }

    @Test
    @Requirement(value = "A-03", clause = "pool")
    @Requirement(value = "A-03", clause = "validation")
    void an_encrypted_connection_is_reused_until_the_server_closes_it() throws Exception {
        server.close();
        server = RawServer.encrypted();
        for (int i = 0; i < 4; i++) {
            server.script.add(RawServer.json(200, PRICE));
        }
        try (var _ = TestTls.trusted();
                var client = open(new Pool(3, 3, Duration.ofSeconds(5), Duration.ofSeconds(300)))) {
            assertThat(requestPrice(client)).isInstanceOf(KisReply.Ok.class);
            int connections = server.connections();
            assertThat(requestPrice(client)).isInstanceOf(KisReply.Ok.class);
            server.closeIdle = true;
            assertThat(requestPrice(client)).isInstanceOf(KisReply.Ok.class);
            assertThat(server.connections()).isEqualTo(connections);
            server.awaitEnded();
            assertThat(requestPrice(client)).isInstanceOf(KisReply.Ok.class);
            assertThat(server.connections()).isEqualTo(connections + 1);
        }
        assertThat(server.calls()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2 TLSv1.3,TLSv1.3", "TLSv1.2,TLSv1.2"})
    @Requirement(value = "A-17", clause = "upstream")
    void calls_are_encrypted_by_tls_1_3_and_by_1_2_where_the_server_has_no_other(String offered, String used)
            throws Exception {
        server.close();
        server = RawServer.withProtocols(offered.split(" "));
        var versions = new ArrayList<String>();
        server.script.add((request, socket) -> {
            versions.add(((SSLSocket) socket).getSession().getProtocol());
            return RawServer.json(200, PRICE).sendTo(request, socket);
        });
        try (var _ = TestTls.trusted();
                var client = open(new Pool(3, 3, Duration.ofSeconds(5), Duration.ofSeconds(300)))) {
            assertThat(requestPrice(client)).isInstanceOf(KisReply.Ok.class);
        }
        assertThat(versions).containsExactly(used);
    }

    @ParameterizedTest
    @CsvSource({"/untrusted.p12,false,false", "/elsewhere.p12,true,false", "/untrusted.p12,true,true"})
    @Requirement(value = "A-17", clause = "upstream")
    void secrets_are_sent_only_to_a_server_with_a_trusted_certificate_of_its_name(
            String certificate, boolean trusted, boolean sent) throws Exception {
        server.close();
        server = RawServer.encrypted(certificate);
        var recorder = new Recorder();
        try (AutoCloseable _ = trusted ? TestTls.trusted(certificate) : () -> {};
                var client = KisClient.open(
                        Fixtures.config(server.address(), Fixtures.unreachable("ws"), folder),
                        clock,
                        clock,
                        recorder)) {
            client.start();
            recorder.awaitEvent(sent ? "token_issued" : "token_failed");
            assertThat(server.requests().isEmpty()).isEqualTo(!sent);
        }
    }

    @Test
    @Requirement(value = "A-03", clause = "validation")
    void a_connection_with_input_without_a_request_carries_no_further_request() throws Exception {
        var used = new ArrayList<Socket>();
        server.script.add((request, socket) -> {
            used.add(socket);
            RawServer.json(200, PRICE).sendTo(request, socket);
            return RawServer.json(200, "{}").sendTo(request, socket);
        });
        server.script.add((request, socket) -> {
            used.add(socket);
            return RawServer.json(200, PRICE).sendTo(request, socket);
        });
        try (var client = open(new Pool(3, 3, Duration.ofSeconds(5), Duration.ofSeconds(300)))) {
            assertThat(requestPrice(client)).isInstanceOf(KisReply.Ok.class);
            new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS); // the second answer arrives
            assertThat(requestPrice(client)).isInstanceOf(KisReply.Ok.class);
        }
        assertThat(used).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void a_server_that_sends_interim_answers_without_end_is_not_listened_to() throws Exception {
        var ended = new CountDownLatch(1);
        server.script.add((_, socket) -> {
            try {
                while (true) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            } finally {
                ended.countDown();
            }
        });
        try (var client = open(new Pool(3, 3, Duration.ofSeconds(5), Duration.ofSeconds(300)))) {
            var caller = Thread.ofVirtual().start(() -> requestPrice(client));
            // The socket's timeout of five seconds never passes, and the call's is ten.
            assertThat(ended.await(4, TimeUnit.SECONDS)).isTrue();
            assertThat(caller.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void an_answer_after_some_interim_ones_is_read() {
        server.script.add((request, socket) -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n".repeat(8).getBytes(StandardCharsets.US_ASCII));
            return RawServer.json(200, PRICE).sendTo(request, socket);
        });
        try (var client = open(new Pool(3, 3, Duration.ofSeconds(5), Duration.ofSeconds(300)))) {
            assertThat(requestPrice(client)).isInstanceOf(KisReply.Ok.class);
        }
    }

    private KisReply<?> requestPrice(KisClient client) {
        return client.inquirePrice(SAMSUNG, clock.instant().plusSeconds(15));
    }

    private KisClient open(Pool pool) {
        KisConfig config = Fixtures.config(server.address(), Fixtures.unreachable("ws"), folder);
        Tuning tuning = config.tuning();
        var recorder = new Recorder();
        var client = KisClient.open(
                config.withTuning(new Tuning(
                        tuning.limits(),
                        tuning.timeouts(),
                        pool,
                        tuning.breaker(),
                        // A request that is lost with its connection shall be seen.
                        new RetryRule(0, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                        tuning.callTimeout(),
                        tuning.queueTimeout())),
                clock,
                clock,
                recorder);
        client.start();
        recorder.awaitEvent("token_issued");
        return client;
    }
}
