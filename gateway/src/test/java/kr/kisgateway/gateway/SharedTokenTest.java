package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.TokenStore;
import kr.kisgateway.gateway.redis.RedisLink;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;
import tools.jackson.databind.json.JsonMapper;

/** Processes with one app key, as on machines of their own, with a real Redis between them. */
@Tag("slow")
class SharedTokenTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final String APP_KEY = "PSSHAREDTOKEN0000000000000000000000A";
    private static final InstantSource MACHINE = InstantSource.system();

    @TempDir
    Path folder;

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> MACHINE.instant().plus(ahead.get());
    private KisSimulator simulator;
    private RedisServer server;
    private RedisLink redis;
    private int port;

    @BeforeEach
    void start() throws IOException {
        port = FreePort.find();
        server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        redis = new RedisLink(Secret.of("redis://127.0.0.1:" + port), Duration.ofSeconds(5), clock);
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("sim.db"))
                .withTime(new OpenCalendar(), clock)
                .withSynchronous("OFF"));
    }

    @AfterEach
    void stop() throws IOException {
        redis.close();
        simulator.close();
        server.stop();
    }

    /** A process as on a machine of its own: another folder, another store key. */
    private KisClient process(String machine, String secret) {
        var config = KisConfig.live(
                        new Credentials(
                                Secret.of(APP_KEY),
                                Secret.of(secret),
                                new AccountNumber("12345678", "01"),
                                Optional.empty()),
                        TokenStore.in(
                                folder.resolve(machine).resolve("token"),
                                Secret.of(machine.repeat(16).substring(0, 32))),
                        new Limits(1_000, 1_000, 41, 1_000),
                        7)
                .withAddresses(simulator.restBase(), simulator.wsBase());
        var kis = KisClient.open(
                new CacheModule(
                                Optional.of(redis),
                                Optional.empty(),
                                () -> UUID.randomUUID().toString(),
                                clock)
                        .withTokenLock(config),
                clock,
                MACHINE,
                new KisListener() {});
        kis.start();
        return kis;
    }

    private static void awaitToken(KisClient kis) throws InterruptedException {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 1_500 && kis.tokenExpiresAt().isEmpty(); i++) {
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(kis.tokenExpiresAt()).as("a token").isPresent();
    }

    private long issued() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var state = client.send(
                            HttpRequest.newBuilder(simulator.restBase().resolve("/simulator/state"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            long calls = 0;
            for (var call : new JsonMapper().readTree(state).get("calls").properties()) {
                calls += call.getKey().endsWith("tokenP") ? call.getValue().longValue() : 0;
            }
            return calls;
        }
    }

    @Test
    @Requirement(value = "I-07", clause = "others")
    void a_process_on_another_machine_uses_the_first_processs_token_and_issues_none() throws Exception {
        String secret = "s".repeat(180);
        try (var one = process("one", secret)) {
            awaitToken(one);
            assertThat(issued()).isEqualTo(1);
            try (var other = process("other", secret)) {
                awaitToken(other);
                assertThat(other.tokenExpiresAt()).isEqualTo(one.tokenExpiresAt());
                assertThat(issued()).isEqualTo(1);
            }
        }
    }

    @Test
    @Requirement(value = "I-07", clause = "redis")
    void a_token_renewed_by_one_process_is_used_by_the_other() throws Exception {
        String secret = "s".repeat(180);
        try (var one = process("one", secret);
                var other = process("other", secret)) {
            awaitToken(one);
            awaitToken(other);
            var first = one.tokenExpiresAt();
            assertThat(other.tokenExpiresAt()).isEqualTo(first);
            ahead.set(Duration.ofMinutes(2)); // KIS issues one a minute
            fault("{\"kill_tokens\":true}");

            awaitPrice(one);
            assertThat(issued()).isEqualTo(2);
            awaitPrice(other);
            assertThat(issued()).as("the other process used the renewed token").isEqualTo(2);
            assertThat(one.tokenExpiresAt()).isNotEqualTo(first);
            assertThat(other.tokenExpiresAt()).isEqualTo(one.tokenExpiresAt());
        }
    }

    private void awaitPrice(KisClient kis) throws InterruptedException {
        var never = new CountDownLatch(1);
        KisReply<?> reply = kis.inquirePrice(SAMSUNG, clock.instant().plusSeconds(5));
        for (int i = 0; i < 100 && !(reply instanceof KisReply.Ok<?>); i++) {
            assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
            reply = kis.inquirePrice(SAMSUNG, clock.instant().plusSeconds(5));
        }
        assertThat(reply).isInstanceOf(KisReply.Ok.class);
    }

    private void fault(String rule) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(simulator.restBase().resolve("/simulator/faults"))
                            .POST(BodyPublishers.ofString(rule))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @Test
    @Requirement("I-07")
    void a_process_without_redis_issues_its_own_token() throws Exception {
        server.stop();
        try (var one = process("one", "s".repeat(180))) {
            awaitToken(one);
            assertThat(issued()).isEqualTo(1);
        }
    }

    @Test
    void the_redis_entry_is_encrypted_and_expires_with_the_token() throws Exception {
        try (var one = process("one", "s".repeat(180))) {
            awaitToken(one);
            var raw = RedisClient.create("redis://127.0.0.1:" + port);
            try (var connection = raw.connect()) {
                var name = connection.sync().keys("kis-gateway:token:*").getFirst();
                assertThat(name).doesNotContain(APP_KEY);
                var stored = connection.sync().get(name);
                assertThat(new String(Base64.getDecoder().decode(stored), StandardCharsets.ISO_8859_1))
                        .doesNotContain("token", "expires_at", "ey");
                long left = Duration.between(
                                clock.instant(), one.tokenExpiresAt().orElseThrow())
                        .toMillis();
                assertThat(connection.sync().pttl(name)).isBetween(left - 60_000, left + 1_000);

                // The value of a foreign program is no token: this machine's own is used, and no caller fails.
                connection.sync().set(name, "AAAA");
                try (var restarted = process("one", "s".repeat(180))) {
                    awaitToken(restarted);
                    assertThat(issued()).isEqualTo(1);
                }
            } finally {
                raw.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            }
        }
    }
}
