package kr.kisgateway.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import kr.kisgateway.gateway.ask.Fetched;
import kr.kisgateway.gateway.ask.SharedAnswers;
import kr.kisgateway.gateway.ask.Shelf.Kept;
import kr.kisgateway.gateway.orderbook.BookSource.Asked;
import kr.kisgateway.gateway.orderbook.BookSource.Expected;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.gateway.quote.UsQuotes;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;
import kr.kisgateway.gateway.settings.Masked;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.embedded.RedisServer;

/** Against a real Redis server of this test's own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisTest {
    private static final Duration LIFE = Duration.ofSeconds(30);
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Kept<RestQuote> PRICE = new Kept<>(
            new RestQuote(
                    70_000,
                    -500,
                    new BigDecimal("-0.71"),
                    70_500,
                    71_000,
                    69_000,
                    1_234_567,
                    86_419_690_000L,
                    OptionalLong.of(418_000_000_000_000L),
                    OptionalLong.empty(),
                    OptionalLong.of(91_000),
                    Standing.WARNED),
            Instant.parse("2026-11-20T02:00:00.123Z"));

    private static final Kept<UsFigures> DOLLARS = new Kept<>(
            new UsFigures(
                    new BigDecimal("187.3400"),
                    new BigDecimal("-1.2000"),
                    new BigDecimal("-0.64"),
                    Optional.of(new BigDecimal("188.01")),
                    Optional.of(new BigDecimal("189")),
                    Optional.of(new BigDecimal("186.5")),
                    Optional.empty(),
                    Optional.empty(),
                    53_123_456,
                    new BigDecimal("9951234567.89")),
            Instant.parse("2026-11-20T15:00:00.123Z"));

    private final InstantSource clock = InstantSource.system();
    private RedisServer server;
    private RedisLink redis;
    private int port;

    @BeforeAll
    void start() throws IOException {
        port = freePort();
        server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        redis = link(port);
    }

    @AfterAll
    void stop() throws IOException {
        redis.close();
        server.stop();
    }

    @Test
    @Requirement(value = "A-07", clause = "l2")
    @Requirement(value = "P-12", clause = "redis")
    void a_price_is_told_by_one_gateway_and_known_to_another_as_exactly_as_it_came() {
        var one = shelves("sim").quotes(LIFE);
        var other = shelves("sim").quotes(LIFE);
        var live = shelves("live").quotes(LIFE);
        one.put(SAMSUNG, PRICE, one.edition(SAMSUNG));

        assertThat(other.find(SAMSUNG)).contains(PRICE);
        assertThat(live.find(SAMSUNG)).as("another environment's").isEmpty();
        other.drop(SAMSUNG);
        assertThat(one.find(SAMSUNG)).isEmpty();
        assertThat(other.figures().hits()).isEqualTo(1);
        assertThat(one.figures().misses()).isEqualTo(1);
    }

    @Test
    @Requirement("A-07")
    void an_american_price_is_known_to_another_gateway_and_the_day_market_has_its_own() {
        var one = shelves("sim").usQuotes(LIFE);
        var other = shelves("sim").usQuotes(LIFE);
        var apple = UsSymbol.parse("AAPL.NASD").orElseThrow();
        var regular = new UsQuotes.Asked(apple, false);
        var day = new UsQuotes.Asked(apple, true);
        one.put(regular, DOLLARS, one.edition(regular));

        assertThat(other.find(regular)).contains(DOLLARS);
        assertThat(other.find(day)).isEmpty();
        assertThat(redis.ask(commands -> commands.pttl("kis-gateway:sim:quote:AAPL.NASD"))
                        .orElseThrow())
                .isBetween(20_000L, 30_000L);
        one.put(day, DOLLARS, one.edition(day));
        assertThat(other.find(day)).contains(DOLLARS);
        other.drop(regular);
        assertThat(one.find(regular)).isEmpty();
        assertThat(one.find(day))
                .as("what is wrong about a stock is wrong in each of its markets")
                .isEmpty();
        for (String text : new String[] {"", "1", "2|1||x|0|||||||5|1|2", "1|1|1.5|0|0||||||5|1|1"}) {
            redis.ask(commands -> commands.set("kis-gateway:sim:quote:AAPL.NASD", text));
            assertThat(one.find(regular)).as(text).isEmpty();
        }
    }

    private static Kept<Asked> book(boolean auction) {
        long[] levels = new long[40];
        for (int i = 0; i < 40; i++) {
            levels[i] = i < 20 ? 70_000 + 100L * i : 7L * i;
        }
        return new Kept<>(
                new Asked(
                        new OrderBook(SAMSUNG, 93_001, levels, 12_345, 54_321),
                        auction
                                ? Optional.of(new Expected(70_100, 321, -400, new BigDecimal("-0.57")))
                                : Optional.empty(),
                        auction),
                Instant.parse("2026-11-20T02:00:00.123Z"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement(value = "A-07", clause = "l2")
    void a_book_is_known_to_another_gateway_as_exactly_as_it_came(boolean auction) {
        var one = shelves("sim").books(LIFE);
        var other = shelves("sim").books(LIFE);
        var kept = book(auction);
        one.put(SAMSUNG, kept, one.edition(SAMSUNG));

        var found = other.find(SAMSUNG).orElseThrow();
        assertThat(found.at()).isEqualTo(kept.at());
        assertThat(found.value()).usingRecursiveComparison().isEqualTo(kept.value());
        assertThat(redis.ask(commands -> commands.pttl("kis-gateway:sim:book:005930"))
                        .orElseThrow())
                .isBetween(20_000L, 30_000L);
        redis.ask(commands -> commands.set("kis-gateway:sim:book:005930", "2|1||005930|1|2"));
        assertThat(one.find(SAMSUNG)).isEmpty();
    }

    @Test
    @Requirement("A-07")
    void a_book_that_one_gateway_forgets_is_asked_for_anew_by_all() {
        var calls = new AtomicInteger();
        var one = answers();
        var other = answers();
        Supplier<Fetched<Asked>> call = () -> {
            calls.incrementAndGet();
            return new Fetched.Got<>(book(false).value());
        };
        one.forget(SAMSUNG);
        one.ask(SAMSUNG, call);
        other.ask(SAMSUNG, call);
        assertThat(calls).hasValue(1);

        // A halt or a volatility interruption: each gateway that learns of it forgets.
        one.forget(SAMSUNG);
        answers().ask(SAMSUNG, call);
        assertThat(calls).hasValue(2);
    }

    private SharedAnswers<Symbol, Asked> answers() {
        return new SharedAnswers<>(
                "book",
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                100,
                Duration.ofSeconds(1),
                shelves("halted").books(LIFE),
                clock);
    }

    @Test
    @Requirement(value = "A-07", clause = "l2")
    void an_answer_that_was_on_its_way_when_another_gateway_dropped_its_subject_is_found_by_none() {
        var one = shelves("race").quotes(LIFE);
        var other = shelves("race").quotes(LIFE);
        var asked = one.edition(SAMSUNG);
        assertThat(other.drop(SAMSUNG)).isTrue();
        one.put(SAMSUNG, PRICE, asked);
        assertThat(other.find(SAMSUNG)).isEmpty();
        assertThat(one.find(SAMSUNG)).isEmpty();

        one.put(SAMSUNG, PRICE, one.edition(SAMSUNG));
        assertThat(other.find(SAMSUNG)).contains(PRICE);
    }

    @Test
    @Requirement("P-07")
    void redis_forgets_a_price_after_its_life() {
        var shelf = shelves("mock").quotes(LIFE);
        shelf.put(SAMSUNG, PRICE, shelf.edition(SAMSUNG));
        var left = redis.ask(commands -> commands.pttl("kis-gateway:mock:quote:005930"))
                .orElseThrow();
        assertThat(left).isBetween(20_000L, 30_000L);
    }

    @Test
    void what_somebody_else_wrote_is_no_price() {
        var shelf = shelves("odd").quotes(LIFE);
        for (String text : new String[] {
            "",
            "1",
            "2",
            "2|x||1|1|0|1|1|1|1|1||||NORMAL|2",
            "2|1||1|1|0|1|1|1|1|1||||NORMAL|2|",
            "1|1||1|1|0|1|1|1|1|1||||NORMAL|1"
        }) {
            redis.ask(commands -> commands.set("kis-gateway:odd:quote:005930", text));
            assertThat(shelf.find(SAMSUNG)).as(text).isEmpty();
        }
    }

    @Test
    void values_of_any_size_cost_no_more_memory_and_time_than_the_longest_that_may_be() {
        var shelf = shelves("huge").quotes(LIFE);
        var token = new RedisBytes(redis, "kis-gateway:token:huge");
        try (var server = RedisClient.create(RedisURI.create("redis://127.0.0.1:" + port))) {
            var other = server.connect().sync();
            for (String name : List.of(
                    "kis-gateway:huge:quote:005930",
                    "kis-gateway:huge:quote-edition:005930",
                    "kis-gateway:token:huge")) {
                other.setrange(name, 40L << 20, "end"); // 40 MiB
            }
            long before = bytesReceivedFrom(other.info("stats"));
            for (int i = 0; i < 3; i++) {
                assertThat(shelf.find(SAMSUNG)).isEmpty();
                assertThat(shelf.edition(SAMSUNG)).isEmpty();
                assertThat(token.read()).isEmpty();
            }
            assertThat(bytesReceivedFrom(other.info("stats")) - before)
                    .as("bytes that Redis sent")
                    .isLessThan(5L << 20);
            assertThat(shelf.figures().failures()).as("Redis is there").isZero();
            assertThat(shelf.figures().misses()).isEqualTo(3);
            other.del(
                    "kis-gateway:huge:quote:005930", "kis-gateway:huge:quote-edition:005930", "kis-gateway:token:huge");
        }
        shelf.put(SAMSUNG, PRICE, shelf.edition(SAMSUNG));
        assertThat(shelf.find(SAMSUNG)).contains(PRICE);
    }

    private static long bytesReceivedFrom(String stats) {
        return stats.lines()
                .filter(line -> line.startsWith("total_net_output_bytes:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_key_of_another_type_is_a_miss_and_no_reason_to_leave_redis_alone() {
        var shelf = shelves("typed").quotes(LIFE);
        redis.ask(commands -> commands.lpush("kis-gateway:typed:quote:005930", "a list"));
        assertThat(shelf.find(SAMSUNG)).isEmpty();
        redis.ask(commands -> commands.lpush("kis-gateway:typed:quote-edition:005930", "another"));
        assertThat(shelf.edition(SAMSUNG)).isEmpty();
        assertThat(shelf.find(SAMSUNG)).isEmpty();

        assertThat(shelf.figures().misses()).isEqualTo(2);
        assertThat(shelf.figures().failures()).isZero();
        shelf.drop(SAMSUNG);
        shelf.put(SAMSUNG, PRICE, shelf.edition(SAMSUNG));
        assertThat(shelf.find(SAMSUNG)).as("asked at once").contains(PRICE);
    }

    @Test
    @Requirement(value = "I-07", clause = "redis")
    void of_many_processes_one_holds_the_lock_at_a_time() throws Exception {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var done = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 8; i++) {
                all.add(CompletableFuture.runAsync(
                        () -> {
                            try {
                                lock("token_refresh").whileHeld(() -> {
                                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                    Thread.onSpinWait();
                                    inside.decrementAndGet();
                                    return done.incrementAndGet();
                                });
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        },
                        threads));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
        }
        assertThat(done).hasValue(8);
        assertThat(most).hasValue(1);
    }

    @Test
    @Requirement(value = "I-07", clause = "timeout")
    void a_lock_whose_holder_died_ends_by_itself_and_nobody_lets_go_of_anothers() throws Exception {
        redis.ask(commands -> commands.set("died", "somebody else"));
        redis.ask(commands -> commands.pexpire("died", 300));
        assertThat(lock("died").whileHeld(() -> {
                    assertThat(redis.ask(commands -> commands.pttl("died")).orElseThrow())
                            .as("ms that it holds")
                            .isBetween(5_000L, 10_000L);
                    // It lapsed while it was held, and somebody else has it now.
                    redis.ask(commands -> commands.set("died", "the next"));
                    return "mine";
                }))
                .contains("mine");
        assertThat(redis.ask(commands -> commands.get("died"))).contains("the next");
    }

    @Test
    void a_redis_that_is_away_costs_one_question_and_fails_nobody() throws Exception {
        try (var nowhere = link(freePort())) {
            var shelf = new RedisShelves(nowhere, "sim", () -> "n").quotes(LIFE);
            for (int i = 0; i < 100; i++) {
                assertThat(shelf.find(SAMSUNG)).isEmpty();
                shelf.put(SAMSUNG, PRICE, shelf.edition(SAMSUNG));
            }
            assertThat(shelf.figures().failures()).isEqualTo(1);
            var lock = new RedisLock(nowhere, "token_refresh", () -> "n", clock);
            assertThatThrownBy(() -> lock.whileHeld(() -> "never")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_connection_that_was_closed_is_as_one_to_a_redis_that_is_away() {
        var closed = link(port);
        var shelf = new RedisShelves(closed, "closed", () -> "n").quotes(LIFE);
        assertThat(shelf.drop(SAMSUNG)).isTrue();
        closed.close();
        assertThat(shelf.drop(SAMSUNG)).isFalse();
        assertThat(shelf.find(SAMSUNG)).isEmpty();
    }

    private RedisShelves shelves(String environment) {
        return new RedisShelves(redis, environment, () -> UUID.randomUUID().toString());
    }

    private RedisLock lock(String name) {
        return new RedisLock(redis, name, () -> UUID.randomUUID().toString(), clock);
    }

    private RedisLink link(int at) {
        return new RedisLink(new Masked("redis://127.0.0.1:" + at), Duration.ofSeconds(10), clock);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
