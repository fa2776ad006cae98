package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.instrument.MasterFileServer;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.embedded.RedisServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two gateways of one app key and account that share a simulator and a Redis: an answer that one requested costs the other
 * no call.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class SharedCacheGatewayTest {
    private static final Map<String, String> CUSTOMER = Map.of(
            "KIS_ENV", "sim",
            "KIS_APP_KEY", "PSSHAREDCACHE0000000000000000000000A",
            "KIS_APP_SECRET", "s".repeat(180),
            "KIS_ACCOUNT_NO", "12345678-01");

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private Path folder;
    private RedisServer server;
    private RedisClient redisClient;
    private StatefulRedisConnection<String, String> redis;
    private int redisPort;
    private Pair defaultPair;

    /** Two gateways that share everything but their settings. */
    private record Pair(GatewayFixture one, GatewayFixture other, URI simulator) implements AutoCloseable {
        @Override
        public void close() {
            other.close();
            one.close();
        }
    }

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        redisPort = FreePort.find();
        server = server(redisPort);
        redisClient = RedisClient.create("redis://127.0.0.1:" + redisPort);
        redis = redisClient.connect();
        defaultPair = pair("usual", 0, Map.of(), Map.of());
    }

    @AfterAll
    void stop() throws IOException {
        defaultPair.close();
        redis.close();
        redisClient.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        server.stop();
        client.close();
    }

    private static RedisServer server(int port) throws IOException {
        var server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        return server;
    }

    /** @param database of Redis, of which each pair has one of its own */
    private Pair pair(String name, int database, Map<String, String> ofOne, Map<String, String> ofOther) {
        var environment = new HashMap<>(CUSTOMER);
        environment.put("REDIS_URL", "redis://127.0.0.1:" + redisPort + "/" + database);
        // The machine may be slow: longer than five seconds between two requests.
        environment.put("KIS_CACHE_TTL_CHART", "30");
        environment.put("KIS_CACHE_TTL_ORDERBOOK", "30");
        environment.put("SIMULATOR_CLOCK", "open-fixed");
        var first = new HashMap<>(environment);
        first.putAll(ofOne);
        var one = GatewayFixture.start(folder.resolve(name + "-one"), first);
        one.awaitReady();
        var simulator =
                URI.create("http://127.0.0.1:" + one.gateway().simulatorPort().orElseThrow());
        environment.put("SIMULATOR_URL", simulator.toString());
        environment.putAll(ofOther);
        var other = GatewayFixture.start(folder.resolve(name + "-other"), simulator, environment);
        // Its socket is refused, because the first has the app key's one session: it uses REST.
        // A busy machine answers Redis late; then the other asks KIS for a token, which issues one a minute.
        Await.until(
                Duration.ofSeconds(100),
                "the other answers",
                () -> other.json("/v1/quotes/005380").has("price"));
        return new Pair(one, other, simulator);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /v1/bars/%s?period=D&limit=5 | 035720,051910,068270 | itemchartprice      | bars
                    /v1/bars/%s?period=5m&limit=5| 035720,051910,068270 | dailychartprice     | bars
                    /v1/bars/%s?period=D&limit=5 | AAPL.NASD,JPM.NYSE   | dailyprice          | bars
                    /v1/orderbooks/%s            | AAPL.NASD,JPM.NYSE   | inquire-asking-price| bids
                    /v1/rankings/%s              | volume,gainers,losers| rank                | places
                    /v1/indices/%s               | 0001,1001,2001       | index-price         | value
                    /v1/investors/%s             | 035720,051910,068270 | inquire-investor    | days
                    /v1/etf/%s/nav               | 069500,114800,229200 | etfetn              | nav
                    """)
    @Requirement(value = "A-07", clause = "l2")
    @Requirement(value = "A-07", clause = "repeated")
    @Requirement("P-12")
    void a_request_made_by_one_gateway_costs_the_other_no_call(
            String path, String questions, String call, String answer) {
        // Each request once: an answer that a gateway requested itself is in its own memory.
        for (var query : questions.split(",", -1)) {
            long before = calls(defaultPair, call);
            var first = defaultPair.one().json(path.formatted(query));
            assertThat(first.has(answer)).as(first.toString()).isTrue();
            long callsBefore = calls(defaultPair, call);
            assertThat(callsBefore).as("calls to " + call).isGreaterThan(before);
            var second = defaultPair.other().json(path.formatted(query));
            if (calls(defaultPair, call) == callsBefore) {
                assertThat(second.path(answer)).isEqualTo(first.path(answer));
                return;
            }
        }
        throw new AssertionError("each request cost the other gateway a call to " + call);
    }

    @Test
    @Requirement(value = "I-07", clause = "redis")
    void two_gateways_with_one_app_key_issue_one_token() {
        assertThat(calls(defaultPair, "tokenP")).isEqualTo(1);
        assertThat(redis.sync().keys("*")).isNotEmpty().allMatch(key -> key.startsWith("kis-gateway:"));
    }

    @Test
    @Requirement(value = "A-07", clause = "fill")
    void balances_are_shared_until_a_fill() {
        var one = defaultPair.one();
        var other = defaultPair.other();
        var first = one.json("/v1/balances?account_id=A1");
        long callsBefore = calls(defaultPair, "inquire-balance");
        var second = other.json("/v1/balances?account_id=A1");
        assertThat(calls(defaultPair, "inquire-balance")).isEqualTo(callsBefore);
        assertThat(second.path(0).path("as_of_ms")).isEqualTo(first.path(0).path("as_of_ms"));
        assertThat(other.json("/v1/positions?account_id=A1")).isEmpty();

        var placed = one.tree(one.buy("fill"));
        awaitStatus(one, "/v1/orders/" + placed.path("order_id").asString(""), "FILLED");
        assertThat(one.json("/v1/positions?account_id=A1").toString()).contains("005930");
        long filled = System.nanoTime();
        Await.until(
                "the other's positions",
                () -> other.json("/v1/positions?account_id=A1").toString().contains("005930"));
        assertThat(Duration.ofNanos(System.nanoTime() - filled))
                .as("without the event it would be requested after half a minute")
                .isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void a_canceled_order_ends_the_balance_of_the_other() {
        var one = defaultPair.one();
        var other = defaultPair.other();
        long deepBid = one.json("/v1/orderbooks/005930").at("/bids/9/price").asLong(0);
        assertThat(deepBid).isPositive();
        var placed = one.send("POST", "/v1/orders", """
                {"account_id":"A1","symbol":"005930","side":"BUY","order_type":"LIMIT","qty":1,"price":%d}""".formatted(deepBid), "Idempotency-Key", "cancel");
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        var order = "/v1/orders/" + one.tree(placed).path("order_id").asString("");
        awaitStatus(one, order, "SENT");
        // With the acceptance behind it, this answer would be shared for half a minute.
        long before = other.json("/v1/balances?account_id=A1")
                .path(0)
                .path("as_of_ms")
                .asLong(0);
        var canceling = one.send("POST", order + "/cancel", "");
        assertThat(canceling.statusCode()).as(canceling.body()).isEqualTo(200);
        awaitStatus(one, order, "CANCELED");
        long canceled = System.nanoTime();
        Await.until(
                "the other's balance of after the cancel",
                () -> other.json("/v1/balances?account_id=A1")
                                .path(0)
                                .path("as_of_ms")
                                .asLong(0)
                        > before);
        assertThat(Duration.ofNanos(System.nanoTime() - canceled))
                .as("without the event it would be requested after half a minute")
                .isLessThan(Duration.ofSeconds(15));
    }

    private static void awaitStatus(GatewayFixture gateway, String order, String status) {
        Await.until(
                order + " is " + status,
                () -> gateway.json(order).path("status").asString("").equals(status));
    }

    @Test
    @Requirement(value = "A-07", clause = "master")
    @Requirement(value = "A-07", clause = "refresh")
    void limits_and_designation_are_shared_until_a_master_file_changes_the_instrument() throws Exception {
        var masters = new MasterFileServer().serving("kospi_code.mst", "kosdaq_code.mst");
        masters.stall();
        try (masters;
                var pair = pair(
                        "master",
                        1,
                        Map.of(
                                "KIS_MASTER_URL",
                                masters.base().toString(),
                                "KIS_CACHE_TTL_STOCK_INFO",
                                "600",
                                "KIS_WS_SYMBOLS",
                                "000660"),
                        Map.of())) {
            assertThat(instrument(pair.other()).path("upper_limit").isNull()).isTrue();
            assertThat(instrument(pair.other()).path("halted").isNull()).isTrue();
            assertThat(pair.one().json("/v1/quotes/005930").path("source").asString(""))
                    .isEqualTo("kis-rest");
            long callsBefore = calls(pair, "inquire-price");
            assertThat(instrument(pair.other()).path("upper_limit").asLong(0)).isPositive();
            assertThat(instrument(pair.other()).path("halted").asBoolean(true)).isFalse();
            assertThat(calls(pair, "inquire-price")).isEqualTo(callsBefore);

            assertThat(pair.one().json("/v1/orderbooks/005930").has("asks")).isTrue();
            masters.release();
            Await.until(
                    "the shared limits to be dropped",
                    () -> instrument(pair.other()).path("upper_limit").isNull());
            var book = "inquire-asking-price-exp-ccn";
            Await.until("the shared book to be dropped", () -> {
                long booksBefore = calls(pair, book);
                assertThat(pair.other().json("/v1/orderbooks/005930").has("asks"))
                        .isTrue();
                return calls(pair, book) > booksBefore;
            });
        }
    }

    private static JsonNode instrument(GatewayFixture gateway) {
        return gateway.json("/v1/instruments/005930");
    }

    @Test
    @Requirement(value = "A-07", clause = "previous")
    void a_previous_close_cached_by_one_gateway_is_the_safe_value_of_the_other() {
        var settings = Map.of("KIS_CACHE_TTL_PRICE", "1", "QUOTE_SAFE_VALUE", "last-close");
        try (var pair = pair("close", 2, settings, settings)) {
            var quote = pair.one().json("/v1/quotes/068270");
            long close = quote.path("prev_close").asLong(0);
            assertThat(close).as(quote.toString()).isPositive();
            redis.sync().select(2);
            // The simulator's market opens at the listing's close: the shared price is set to another value.
            var key = "kis-gateway:sim:previous-close:068270";
            assertThat(redis.sync().get(key)).contains("|" + close + "|");
            redis.sync().set(key, redis.sync().get(key).replace("|" + close + "|", "|" + (close + 100) + "|"));
            Await.until("the price to expire in Redis", () -> redis.sync().exists("kis-gateway:sim:quote:068270") == 0);
            redis.sync().select(0);
            pair.one().fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-price\",\"for\":\"5m\"}}");

            var safe = pair.other().json("/v1/quotes/068270");
            assertThat(safe.path("state").asString("")).as(safe.toString()).isEqualTo("FALLBACK");
            assertThat(safe.path("source").asString("")).isEqualTo("krx");
            assertThat(safe.path("price").asLong(0)).isEqualTo(close + 100);
        }
    }

    @Test
    @Requirement(value = "A-07", clause = "l2")
    @Requirement("I-07")
    void an_absent_or_lost_redis_stops_no_answer_and_no_token() throws Exception {
        int port = FreePort.find();
        var own = server(port);
        try (var pair = pair(
                "away",
                0,
                Map.of("REDIS_URL", "redis://127.0.0.1:" + port),
                Map.of(
                        "REDIS_URL",
                        "redis://127.0.0.1:" + FreePort.find(),
                        "KIS_APP_KEY",
                        "PSNOREDISATALL000000000000000000000A"))) {
            own.stop();
            for (var gateway : List.of(pair.one(), pair.other())) {
                for (var path : List.of(
                        "/v1/quotes/051910",
                        "/v1/quotes/AAPL.NASD",
                        "/v1/orderbooks/051910",
                        "/v1/orderbooks/AAPL.NASD",
                        "/v1/bars/051910?period=D&limit=5",
                        "/v1/bars/051910?period=5m&limit=5",
                        "/v1/bars/AAPL.NASD?period=D&limit=5",
                        "/v1/rankings/volume",
                        "/v1/indices/0001",
                        "/v1/investors/051910",
                        "/v1/etf/069500/nav",
                        "/v1/instruments/051910",
                        "/v1/balances?account_id=A1")) {
                    var answer = gateway.get(path);
                    assertThat(answer.statusCode())
                            .as(path + " " + answer.body())
                            .isEqualTo(200);
                }
                assertThat(gateway.json("/v1/metrics/quote").path("l2_failures").asLong(0))
                        .isPositive();
            }
            assertThat(calls(pair, "tokenP")).as("one of each app key").isEqualTo(2);
        }
    }

    private long calls(Pair pair, String path) {
        long calls = 0;
        for (var call : state(pair).get("calls").properties()) {
            calls += call.getKey().contains(path) ? call.getValue().longValue() : 0;
        }
        return calls;
    }

    private JsonNode state(Pair pair) {
        try {
            return mapper.readTree(client.send(
                            HttpRequest.newBuilder(pair.simulator().resolve("/simulator/state"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
