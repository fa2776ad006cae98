package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

/**
 * Two gateways of one app key with a Redis between them, from an evening's close to the openings after it. One of them
 * has the app key's one session, so it alone receives what KIS pushes; the other learns of it through Redis. When a jump of
 * the clock costs the session, either may connect next.
 *
 * <p>An answer is taken from Redis when the simulator's counters do not grow. While nothing trades, Redis serves for half a
 * minute and a gateway's own memory for a second, so {@link #passMemory} leaves an answer in Redis alone.
 */
@Requirement("A-07")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("slow")
class SharedCacheEventsTest {
    private static final String SAMSUNG = "005930";
    private static final String NAVER = "035420";
    /** KOSPI stocks without a registration. */
    private static final String HYNIX = "000660";

    private static final String KAKAO = "035720";
    /** A KOSDAQ stock. */
    private static final String ECOPRO = "247540";

    private static final int ATTEMPTS_MAX = 4;

    /** Ample for what a jump of the clock starts. */
    private static final Duration SETTLED = Duration.ofSeconds(3);
    /** Before a time that matters, so that the tokens of that day are there. */
    private static final Duration TOKEN_TIME = Duration.ofMinutes(2);

    private static final SharedAnswer QUOTE = new SharedAnswer("/v1/quotes/%s", "inquire-price");
    private static final SharedAnswer BOOK = new SharedAnswer("/v1/orderbooks/%s", "inquire-asking-price-exp-ccn");
    private static final SharedAnswer DAYS =
            new SharedAnswer("/v1/bars/%s?period=D&limit=5", "inquire-daily-itemchartprice");
    private static final SharedAnswer MINUTES =
            new SharedAnswer("/v1/bars/%s?period=5m&limit=5", "inquire-time-dailychartprice");
    private static final SharedAnswer INDEX = new SharedAnswer("/v1/indices/%s", "inquire-index-price");

    private RedisServer redis;
    private RedisClient client;
    private StatefulRedisConnection<String, String> shared;
    private Duration ahead = Duration.ZERO;
    private GatewayFixture one;
    private GatewayFixture other;

    /** An answer of the gateway about a symbol or index, and the call to KIS behind it. */
    private record SharedAnswer(String path, String call) {
        String of(String symbol) {
            return path.formatted(symbol);
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        int port = FreePort.find();
        redis = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        redis.start();
        client = RedisClient.create("redis://127.0.0.1:" + port);
        shared = client.connect();
        var environment = Map.of(
                "KIS_ENV", "sim",
                "KIS_APP_KEY", "PSSHAREDEVENTS000000000000000000000A",
                "KIS_APP_SECRET", "s".repeat(180),
                "KIS_ACCOUNT_NO", "12345678-01",
                "REDIS_URL", "redis://127.0.0.1:" + port,
                "KIS_WS_SYMBOLS", SAMSUNG + "," + NAVER,
                "KIS_HTS_ID", "shared",
                "QUOTE_SAFE_VALUE", "last-close",
                // A call fails on purpose here; the other tests must not wait for the breaker.
                "KIS_API_CIRCUIT_BREAKER_TIMEOUT", "50ms");
        ahead = Duration.between(Instant.now(), seoul("2026-11-17T19:58:00"));
        one = GatewayFixture.start(
                folder.resolve("one"),
                Optional.empty(),
                ahead,
                environment,
                List.of("--simulator-seed=7", "--simulator-clock=real", "--simulator-rate-limit=2000"));
        Await.until("one answers", () -> one.json(QUOTE.of(SAMSUNG)).has("price"));
        var simulator =
                URI.create("http://127.0.0.1:" + one.gateway().simulatorPort().orElseThrow());
        var second = new HashMap<>(environment);
        second.put("SIMULATOR_URL", simulator.toString());
        other = GatewayFixture.start(
                folder.resolve("other"), Optional.of(simulator), ahead, second, List.of("--simulator-clock=real"));
        Await.until("the other answers", () -> other.json(QUOTE.of(SAMSUNG)).has("price"));
        awaitStatusRegistrations();
    }

    @AfterAll
    void stop() throws IOException {
        other.close();
        one.close();
        shared.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        redis.stop();
    }

    @Test
    @Order(1)
    @Requirement(value = "A-07", clause = "vi")
    void a_volatility_interruption_received_by_one_gateway_begins_another_edition_of_that_stock_alone() {
        awaitStatusRegistrations();
        for (var symbol : List.of(SAMSUNG, NAVER)) {
            one.get(QUOTE.of(symbol));
            one.get(BOOK.of(symbol));
        }
        assertOtherEditions(NAVER, SAMSUNG, "{\"interrupt\":\"" + NAVER + "\"}");
        resume();
    }

    private void assertOtherEditions(String subject, String bystander, String event) {
        for (int attempt = 1; ; attempt++) {
            var before = editions(subject);
            var bystanders = editions(bystander);
            one.setMarket(event);
            // After a jump of the clock the session may connect once more and miss the first one.
            var repeated = new AtomicLong(System.nanoTime());
            Await.until("other editions in Redis after " + event, () -> {
                if (System.nanoTime() - repeated.get() > SETTLED.toNanos()) {
                    resume();
                    one.setMarket(event);
                    repeated.set(System.nanoTime());
                }
                return Collections.disjoint(editions(subject), before);
            });
            // A session that connects invalidates what it registers, the bystander too.
            if (editions(bystander).equals(bystanders) || attempt == ATTEMPTS_MAX) {
                assertThat(editions(bystander)).isEqualTo(bystanders);
                return;
            }
            resume();
            awaitStatusRegistrations();
        }
    }

    private void resume() {
        one.setMarket("{\"resume\":\"" + SAMSUNG + "\"}");
        one.setMarket("{\"resume\":\"" + NAVER + "\"}");
    }

    /** What answers about {@code symbol} carry that a gateway may take from Redis; while it trades they expire within seconds. */
    private List<String> editions(String symbol) {
        return Stream.of("quote", "instrument", "book")
                .map(kind -> kind + "=" + shared.sync().get("kis-gateway:sim:" + kind + "-edition:" + symbol))
                .toList();
    }

    @Test
    @Order(2)
    @Requirement(value = "A-07", clause = "close")
    void the_close_ends_a_shared_price_book_and_chart() {
        assertSharedUntil("20:00:00", "2026-11-17T19:59:40", "2026-11-17T19:59:47", "2026-11-17T19:59:54");
    }

    @Test
    @Order(3)
    @Requirement(value = "A-07", clause = "repeated")
    void a_repeated_question_is_answered_from_redis_for_five_seconds() {
        jumpTo("2026-11-17T20:05:00");
        var index = firstShared(INDEX, "0001", "1001", "2001");
        jump(Duration.ofSeconds(5));
        assertRequestedFromKis(INDEX, index);
    }

    @Test
    @Order(4)
    @Requirement(value = "A-07", clause = "halt")
    void a_halt_received_by_one_gateway_ends_the_answers_of_the_other_about_that_stock_alone() {
        jumpTo("2026-11-17T20:10:00");
        awaitStatusRegistrations();
        assertEndedByEvent(SAMSUNG, NAVER, "{\"halt\":\"" + SAMSUNG + "\"}", QUOTE, BOOK);
        resume();
    }

    @Test
    @Order(6)
    @Requirement(value = "I-07", clause = "redis")
    void a_token_renewed_by_one_gateway_is_used_by_the_other() {
        jumpTo("2026-11-17T21:00:00");
        long before = one.brokerCalls("tokenP");
        assertThat(before).as("one token for both").isEqualTo(1);
        one.fault("{\"kill_tokens\":true}");
        Await.until(
                "one has another token",
                () -> one.json(QUOTE.of("105560")).path("source").asString("").equals("kis-rest"));
        assertThat(one.brokerCalls("tokenP")).isEqualTo(before + 1);
        Await.until(
                "the other has it, too",
                () -> other.json(QUOTE.of("055550")).path("source").asString("").equals("kis-rest"));
        assertThat(one.brokerCalls("tokenP")).as("the other issued none").isEqualTo(before + 1);
    }

    @Test
    @Order(7)
    @Requirement(value = "A-07", clause = "ex-day")
    @Requirement(value = "A-07", clause = "master")
    void another_day_ends_a_shared_price_book_chart_and_the_limits_of_the_day() {
        jumpTo("2026-11-17T23:59:40");
        for (var answer : List.of(QUOTE, BOOK, DAYS, MINUTES)) {
            assertTakenFromRedis(answer, ECOPRO);
        }
        assertThat(upperLimit("012330")).as("known to no gateway").isZero();
        one.get(QUOTE.of("012330"));
        long before = one.brokerCalls("inquire-price");
        assertThat(upperLimit("012330")).as("from Redis").isPositive();
        assertThat(one.brokerCalls("inquire-price")).isEqualTo(before);

        jumpTo("2026-11-18T00:00:00");
        for (var answer : List.of(QUOTE, BOOK, DAYS, MINUTES)) {
            assertRequestedFromKis(answer, ECOPRO);
        }
        assertThat(upperLimit("012330")).as("of the day before").isZero();
    }

    @Test
    @Order(8)
    @Requirement(value = "A-07", clause = "previous")
    void a_shared_previous_close_is_the_safe_value_until_the_opening() {
        jumpTo("2026-11-18T08:59:00");
        long before = markPreviousClose("086790");
        long after = markPreviousClose("068270");
        one.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-price\",\"for\":\"5m\"}}");
        assertThat(safePrice("086790")).isEqualTo(before);
        jumpTo("2026-11-18T09:00:00");
        assertThat(safePrice("068270")).isPositive().isNotEqualTo(after);
        one.fault("{\"clear\":true}");
    }

    @Test
    @Order(9)
    void a_circuit_breaker_received_by_one_gateway_begins_another_edition_of_its_market_alone() {
        jumpTo("2026-11-18T10:00:00");
        awaitStatusRegistrations();
        // Neither has a registration: the event arrives with the registered stocks of the market.
        for (var symbol : List.of(HYNIX, ECOPRO)) {
            one.get(QUOTE.of(symbol));
            one.get(BOOK.of(symbol));
        }
        assertOtherEditions(HYNIX, ECOPRO, "{\"circuit_breaker\":1}");
    }

    @Test
    @Order(10)
    @Requirement(value = "A-07", clause = "open")
    void the_opening_ends_a_shared_price_book_and_chart() {
        assertSharedUntil("09:00:00", "2026-11-20T08:59:57", "2026-11-23T08:59:57", "2026-11-24T08:59:57");
    }

    /**
     * A price, a book and charts that the gateways share before {@code end} of a day are requested from KIS again then. A command
     * that Redis does not answer within 100 ms ends its use for five seconds, and what is requested meanwhile, or by the other before
     * it is stored, is not shared: then the next of {@code attempts} counts.
     */
    private void assertSharedUntil(String end, String... attempts) {
        var tried = new ArrayList<String>();
        for (var before : attempts) {
            if (Instant.now().plus(ahead).isAfter(seoul(before))) {
                continue;
            }
            awaitTokens(seoul(before).minus(TOKEN_TIME));
            jumpTo(before);
            var until = before.substring(0, before.indexOf('T') + 1) + end;
            var subjects = Stream.of(QUOTE, BOOK, DAYS, MINUTES)
                    .flatMap(answer ->
                            findShared(answer, HYNIX, KAKAO, ECOPRO).stream().map(symbol -> Map.entry(answer, symbol)))
                    .toList();
            boolean inTime = Instant.now().plus(ahead).isBefore(seoul(until));
            if (inTime && subjects.size() == 4) {
                jumpTo(until);
                subjects.forEach(subject -> assertRequestedFromKis(subject.getKey(), subject.getValue()));
                return;
            }
            tried.add("in time: %s, shared: %s".formatted(inTime, subjects));
        }
        throw new AssertionError("at none of " + List.of(attempts) + " all four are shared in time: " + tried);
    }

    /** A jump over days ends the token, and the first request of each gateway may be refused for that. */
    private void awaitTokens(Instant at) {
        if (Instant.now().plus(ahead).isAfter(at)) {
            return;
        }
        jumpTo(at);
        Await.until(
                "both have a token of that day",
                () -> one.get(QUOTE.of(SAMSUNG)).statusCode() == 200
                        && other.get(QUOTE.of(SAMSUNG)).statusCode() == 200);
    }

    private void awaitStatusRegistrations() {
        // A registration that the jump of the clock cost is requested again after a minute of that clock. A jump at
        // each look
        // would cost the next registration, too.
        var looked = new AtomicLong(System.nanoTime());
        Await.until("the status of the registered stocks is pushed", () -> {
            if (areStatusesRegistered(one) || areStatusesRegistered(other)) {
                return true;
            }
            if (System.nanoTime() - looked.get() > SETTLED.toNanos()) {
                jump(Duration.ofMinutes(1));
                looked.set(System.nanoTime());
            }
            return false;
        });
    }

    private static boolean areStatusesRegistered(GatewayFixture gateway) {
        return Stream.of(SAMSUNG, NAVER).allMatch(symbol -> {
            var pool = gateway.json("/v1/session/pool?symbol=" + symbol);
            return pool.at("/app_keys/0/ws_state").asString("").equals("OPEN")
                    && pool.at("/slots/statuses").asInt(0) >= 2
                    && pool.path("demand")
                            .valueStream()
                            .anyMatch(demand -> demand.path("kind").asString("").equals("status")
                                    && demand.path("reason").asString("").equals("SPARE"));
        });
    }

    /** Replaces the shared previous close by one that no listing has, and removes the shared price, which comes first. */
    private long markPreviousClose(String symbol) {
        long close = one.json(QUOTE.of(symbol)).path("prev_close").asLong(0);
        var key = "kis-gateway:sim:previous-close:" + symbol;
        var stored = shared.sync().get(key);
        assertThat(stored).contains("|" + close + "|");
        shared.sync().set(key, stored.replace("|" + close + "|", "|" + (close + 100) + "|"));
        shared.sync().del("kis-gateway:sim:quote:" + symbol);
        return close + 100;
    }

    private long safePrice(String symbol) {
        var quote = other.json(QUOTE.of(symbol));
        assertThat(quote.path("state").asString("")).as(quote.toString()).isEqualTo("FALLBACK");
        return quote.path("price").asLong(0);
    }

    private long upperLimit(String symbol) {
        return other.json("/v1/instruments/" + symbol).path("upper_limit").asLong(0);
    }

    /** An event that KIS reports to one gateway ends what the other has of {@code subject}, and not of {@code bystander}. */
    private void assertEndedByEvent(String subject, String bystander, String event, SharedAnswer... answers) {
        for (var answer : answers) {
            awaitShared(answer, subject);
            awaitShared(answer, bystander);
        }
        passMemory();
        for (var answer : answers) {
            assertThat(callsOfOther(answer, subject)).as(answer.of(subject)).isZero();
        }
        passMemory();
        assertOtherEditions(subject, bystander, event);
        for (var answer : answers) {
            long startNanos = System.nanoTime();
            Await.until(answer.of(subject) + " is requested from KIS", () -> callsOfOther(answer, subject) > 0);
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                    .as(answer.of(subject) + ": without the event it would be requested after half a minute")
                    .isLessThan(Duration.ofSeconds(15));
            assertThat(callsOfOther(answer, bystander)).as(answer.of(bystander)).isZero();
        }
    }

    /** Both gateways have an answer that cost the other one no call; a price that was pushed before is not in Redis. */
    private void awaitShared(SharedAnswer answer, String symbol) {
        Await.until(answer.of(symbol) + " is in Redis", () -> {
            one.get(answer.of(symbol));
            return callsOfOther(answer, symbol) == 0;
        });
    }

    private String firstShared(SharedAnswer answer, String... symbols) {
        return findShared(answer, symbols)
                .orElseThrow(() -> new AssertionError("each request cost the other a call: " + answer));
    }

    /** The first of {@code symbols} for which the other gateway answered from Redis: trading leaves it five seconds. */
    private Optional<String> findShared(SharedAnswer answer, String... symbols) {
        return Stream.of(symbols)
                .filter(symbol -> {
                    one.get(answer.of(symbol));
                    return callsOfOther(answer, symbol) == 0;
                })
                .findFirst();
    }

    private void assertTakenFromRedis(SharedAnswer answer, String symbol) {
        var first = one.get(answer.of(symbol));
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(callsOfOther(answer, symbol)).as(answer.of(symbol)).isZero();
    }

    private void assertRequestedFromKis(SharedAnswer answer, String symbol) {
        assertThat(callsOfOther(answer, symbol)).as(answer.of(symbol)).isPositive();
    }

    /** Calls to KIS that an answer of the other gateway costs. */
    private long callsOfOther(SharedAnswer answer, String symbol) {
        long before = one.brokerCalls(answer.call());
        var second = other.get(answer.of(symbol));
        assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
        return one.brokerCalls(answer.call()) - before;
    }

    /** Answers in a gateway's own memory expire; those in Redis do not. */
    private void passMemory() {
        jump(Duration.ofMillis(1_100));
    }

    private void jump(Duration by) {
        ahead = ahead.plus(by);
        one.jump(by);
        other.jump(by);
    }

    private void jumpTo(String at) {
        jumpTo(seoul(at));
    }

    private void jumpTo(Instant at) {
        var by = Duration.between(Instant.now().plus(ahead), at);
        assertThat(by).as("time only advances").isPositive();
        jump(by);
    }

    private static Instant seoul(String text) {
        return LocalDateTime.parse(text).atZone(TradingCalendar.SEOUL).toInstant();
    }
}
