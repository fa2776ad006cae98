package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.PostgresServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.embedded.RedisServer;

/** Gateways with a real Redis that stops, or refuses them. */
@Tag("slow")
class ClusterRedisTest {
    private static final String PASSWORD = "planted-redis-password-2001";
    private static final String WRONG_PASSWORD = "planted-wrong-password-2010";

    @TempDir
    Path folder;

    private static RedisServer redis(int port, String... settings) throws IOException {
        var builder = RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"");
        for (String setting : settings) builder.setting(setting);
        var server = builder.build();
        server.start();
        return server;
    }

    private ClusterNode node(
            String name, Simulator simulator, String database, int redisPort, Map<String, String> settings)
            throws IOException {
        var all = new HashMap<>(settings);
        all.put("REDIS_URL", "redis://127.0.0.1:" + redisPort);
        return new ClusterNode(folder, name, simulator, Optional.of(database), all);
    }

    @Test
    void a_cluster_without_its_redis_sends_orders_changes_its_owner_and_keeps_its_token() throws Exception {
        int redisPort = FreePort.find();
        var redis = redis(redisPort);
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            try (var a = node("a", simulator, url, redisPort, Map.of())) {
                a.awaitReady();
                try (var b = node("b", simulator, url, redisPort, Map.of());
                        var edge = node("edge", simulator, url, redisPort, ClusterNode.EDGE)) {
                    edge.awaitOwner("a");
                    b.awaitOwner("a");
                    awaitLog(a.running(), "redis_connected");
                    requireSent(edge, "with-redis", 1);

                    redis.stop();
                    requireSent(edge, "without-redis", 2);
                    awaitLog(a.running(), "redis_unavailable");
                    a.running().program().kill();
                    b.awaitReady();
                    requireSent(edge, "next-owner", 3);
                    assertThat(b.running().get("/v1/orders?limit=100").path("orders"))
                            .hasSize(3)
                            .allMatch(order -> order.path("status").asString().equals("SENT"));
                    assertThat(simulator.tokens()).as("of the one app key").isEqualTo(1);
                }
            }
        } finally {
            redis.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({
        ":" + WRONG_PASSWORD + "@, Redis refuses the password of REDIS_URL",
        "stranger:" + WRONG_PASSWORD + "@, Redis refuses the password of REDIS_URL",
        "'', Redis requires a password and REDIS_URL has none"
    })
    void a_gateway_that_redis_refuses_is_ready_and_its_log_names_the_password_as_the_cause_without_containing_it(
            String login, String cause) throws Exception {
        int redisPort = FreePort.find();
        var redis = redis(redisPort, "requirepass " + PASSWORD);
        try (var simulator = Programs.simulator(folder)) {
            var launch = Programs.gateway(folder, simulator)
                    .withEnvironment("KIS_ENV", "sim")
                    .withEnvironment("REDIS_URL", "redis://" + login + "127.0.0.1:" + redisPort);
            try (var gateway = Running.start(launch)) {
                gateway.awaitStatus(gateway.placed("one", "003490", "BUY", 1, Optional.of(19_000L)), "SENT");
                awaitLog(gateway, "redis_unavailable pause_sec=5 cause=\"" + cause + "\"");
                assertThat(gateway.log()).doesNotContain("redis_connected");
                gateway.program().stop(Programs.SHORT_TIMEOUT);
                assertThat(gateway.log()).doesNotContain(WRONG_PASSWORD);
                assertThat(String.join("\n", gateway.program().output())).doesNotContain(WRONG_PASSWORD);
            }
        } finally {
            redis.stop();
        }
    }

    /** Asks questions whose answers go to Redis until the log has {@code part}. */
    private static void awaitLog(Running gateway, String part) {
        Eventually.await(
                '"' + part + "\" in the log",
                ClusterNode.PATIENCE,
                () -> {
                    gateway.client().get("/v1/rankings/volume");
                    return gateway.log();
                },
                log -> log.contains(part));
    }

    /** Places an order and waits until it is at the broker. */
    private static void requireSent(ClusterNode node, String key, long qty) {
        var placed = Eventually.await(
                "the order " + key,
                ClusterNode.PATIENCE,
                () -> node.running().place(key, "003490", "BUY", qty, Optional.of(19_000L)),
                Answer::ok);
        node.running().awaitStatus(placed.body().path("order_id").asString(), "SENT");
    }
}
