package kr.kisgateway.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.AnswerCache.Memory;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.orderbook.BookService.BookKey;
import kr.kisgateway.gateway.orderbook.BookSource.Expected;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.gateway.quote.QuoteService.QuoteKey;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.embedded.RedisServer;

/** Tests against a real Redis server of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class RedisTest {
    private static final Duration LIFETIME = Duration.ofSeconds(30);
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final QuoteKey QUOTE = new QuoteKey(SAMSUNG, PriceSeries.MAIN);
    private static final BookKey BOOK = new BookKey(SAMSUNG, PriceSeries.MAIN);
    private static final Timestamped<RestQuote> PRICE = new Timestamped<>(
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
                    Designation.WARNED),
            Instant.parse("2026-11-20T02:00:00.123Z"));

    private static final Timestamped<RestQuote> DOLLARS = new Timestamped<>(
            new RestQuote(
                    1_873_400,
                    -12_000,
                    new BigDecimal("-0.64"),
                    1_880_100,
                    1_890_000,
                    1_865_000,
                    53_123_456,
                    99_512_345_678_900L,
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    Designation.UNKNOWN),
            Instant.parse("2026-11-20T15:00:00.123Z"));

    private final InstantSource clock = InstantSource.system();
    private RedisServer server;
    private RedisLink redis;
    private int port;

    @BeforeAll
    void start() throws IOException {
        port = FreePort.find();
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
    void a_price_written_by_one_gateway_is_read_exactly_by_another() {
        var one = sharedCaches("sim").quotes(LIFETIME);
        var other = sharedCaches("sim").quotes(LIFETIME);
        var live = sharedCaches("live").quotes(LIFETIME);
        long hits = redis.counters().hits.sum();
        long misses = redis.counters().misses.sum();
        one.store(QUOTE, PRICE, one.edition(QUOTE));

        assertThat(other.find(QUOTE)).contains(PRICE);
        assertThat(live.find(QUOTE)).as("another environment's").isEmpty();
        other.invalidate(QUOTE);
        assertThat(one.find(QUOTE)).isEmpty();
        assertThat(redis.counters().hits.sum() - hits).isEqualTo(1);
        assertThat(redis.counters().misses.sum() - misses)
                .as("the other environment's, and the invalidated one")
                .isEqualTo(2);
    }

    @Test
    @Requirement("A-07")
    void a_us_price_is_shared_between_gateways_separately_for_the_day_market() {
        var one = sharedCaches("sim").quotes(LIFETIME);
        var other = sharedCaches("sim").quotes(LIFETIME);
        var apple = UsSymbol.parse("AAPL.NASD").orElseThrow();
        var regular = new QuoteKey(apple, PriceSeries.MAIN);
        var day = new QuoteKey(apple, PriceSeries.DAY_MARKET);
        one.store(regular, DOLLARS, one.edition(regular));

        assertThat(other.find(regular)).contains(DOLLARS);
        assertThat(other.find(day)).isEmpty();
        assertThat(redis.execute(commands -> commands.pttl("kis-gateway:sim:quote:AAPL.NASD"))
                        .orElseThrow())
                .isBetween(20_000L, 30_000L);
        one.store(day, DOLLARS, one.edition(day));
        assertThat(other.find(day)).contains(DOLLARS);
        other.invalidate(regular);
        assertThat(one.find(regular)).isEmpty();
        assertThat(one.find(day))
                .as("an invalidation of a stock applies to each of its markets")
                .isEmpty();
        for (String text : new String[] {"", "1", "2|1||x|0|||||||5|1|2", "1|1|1.5|0|0||||||5|1|1"}) {
            redis.execute(commands -> commands.set("kis-gateway:sim:quote:AAPL.NASD", text));
            assertThat(one.find(regular)).as(text).isEmpty();
        }
    }

    private static Timestamped<RestBook> book(boolean auction) {
        long[] levels = new long[40];
        for (int i = 0; i < 40; i++) {
            levels[i] = i < 20 ? 70_000 + 100L * i : 7L * i;
        }
        return new Timestamped<>(
                new RestBook(
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
    void a_book_is_shared_exactly_between_gateways(boolean auction) {
        var one = sharedCaches("sim").books(LIFETIME);
        var other = sharedCaches("sim").books(LIFETIME);
        var cachedBook = book(auction);
        one.store(BOOK, cachedBook, one.edition(BOOK));

        var found = other.find(BOOK).orElseThrow();
        assertThat(found.at()).isEqualTo(cachedBook.at());
        assertThat(found.value()).usingRecursiveComparison().isEqualTo(cachedBook.value());
        assertThat(redis.execute(commands -> commands.pttl("kis-gateway:sim:book:005930"))
                        .orElseThrow())
                .isBetween(20_000L, 30_000L);
        redis.execute(commands -> commands.set("kis-gateway:sim:book:005930", "2|1||005930|1|2"));
        assertThat(one.find(BOOK)).isEmpty();
    }

    @Test
    @Requirement("A-07")
    void a_book_invalidated_by_one_gateway_is_requested_again_by_all() {
        var calls = new AtomicInteger();
        var one = answers();
        var other = answers();
        Supplier<Result<RestBook>> call = () -> {
            calls.incrementAndGet();
            return Result.success(book(false).value());
        };
        one.invalidate(BOOK);
        one.request(BOOK, call);
        other.request(BOOK, call);
        assertThat(calls).hasValue(1);

        // A halt or a volatility interruption: each gateway that receives it invalidates.
        one.invalidate(BOOK);
        answers().request(BOOK, call);
        assertThat(calls).hasValue(2);
    }

    private AnswerCache<BookKey, RestBook> answers() {
        return new AnswerCache<>(
                "book",
                Memory.of(Duration.ofSeconds(30), 100),
                Duration.ofSeconds(1),
                sharedCaches("halted").books(LIFETIME),
                clock);
    }

    @Test
    @Requirement(value = "A-07", clause = "l2")
    void an_answer_in_flight_during_another_gateways_invalidation_is_found_by_none() {
        var one = sharedCaches("race").quotes(LIFETIME);
        var other = sharedCaches("race").quotes(LIFETIME);
        var editionBefore = one.edition(QUOTE);
        assertThat(other.invalidate(QUOTE)).isTrue();
        one.store(QUOTE, PRICE, editionBefore);
        assertThat(other.find(QUOTE)).isEmpty();
        assertThat(one.find(QUOTE)).isEmpty();

        one.store(QUOTE, PRICE, one.edition(QUOTE));
        assertThat(other.find(QUOTE)).contains(PRICE);
    }

    @Test
    @Requirement("P-07")
    void redis_expires_a_price_after_its_lifetime() {
        var quoteCache = sharedCaches("mock").quotes(LIFETIME);
        quoteCache.store(QUOTE, PRICE, quoteCache.edition(QUOTE));
        var left = redis.execute(commands -> commands.pttl("kis-gateway:mock:quote:005930"))
                .orElseThrow();
        assertThat(left).isBetween(20_000L, 30_000L);
    }

    @Test
    void a_foreign_value_is_not_read_as_a_price() {
        var quoteCache = sharedCaches("odd").quotes(LIFETIME);
        for (String text : new String[] {
            "",
            "1",
            "2",
            "2|x||1|1|0|1|1|1|1|1||||NORMAL|2",
            "2|1||1|1|0|1|1|1|1|1||||NORMAL|2|",
            "1|1||1|1|0|1|1|1|1|1||||NORMAL|1"
        }) {
            redis.execute(commands -> commands.set("kis-gateway:odd:quote:005930", text));
            assertThat(quoteCache.find(QUOTE)).as(text).isEmpty();
        }
    }

    @Test
    void an_oversized_value_costs_no_more_memory_and_time_than_the_longest_valid_one() {
        var quoteCache = sharedCaches("huge").quotes(LIFETIME);
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
            long misses = redis.counters().misses.sum();
            for (int i = 0; i < 3; i++) {
                assertThat(quoteCache.find(QUOTE)).isEmpty();
                assertThat(quoteCache.edition(QUOTE)).isEmpty();
                assertThat(token.read()).isEmpty();
            }
            assertThat(bytesReceivedFrom(other.info("stats")) - before)
                    .as("bytes that Redis sent")
                    .isLessThan(5L << 20);
            assertThat(redis.counters().failures.sum()).as("Redis is available").isZero();
            assertThat(redis.counters().misses.sum() - misses).isEqualTo(3);
            other.del(
                    "kis-gateway:huge:quote:005930", "kis-gateway:huge:quote-edition:005930", "kis-gateway:token:huge");
        }
        quoteCache.store(QUOTE, PRICE, quoteCache.edition(QUOTE));
        assertThat(quoteCache.find(QUOTE)).contains(PRICE);
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
    void a_key_of_another_type_is_a_miss_and_no_reason_to_suspend_redis() {
        var quoteCache = sharedCaches("typed").quotes(LIFETIME);
        long misses = redis.counters().misses.sum();
        redis.execute(commands -> commands.lpush("kis-gateway:typed:quote:005930", "a list"));
        assertThat(quoteCache.find(QUOTE)).isEmpty();
        redis.execute(commands -> commands.lpush("kis-gateway:typed:quote-edition:005930", "another"));
        assertThat(quoteCache.edition(QUOTE)).isEmpty();
        assertThat(quoteCache.find(QUOTE)).isEmpty();

        assertThat(redis.counters().misses.sum() - misses).isEqualTo(2);
        assertThat(redis.counters().failures.sum()).isZero();
        quoteCache.invalidate(QUOTE);
        quoteCache.store(QUOTE, PRICE, quoteCache.edition(QUOTE));
        assertThat(quoteCache.find(QUOTE)).as("requested without a pause").contains(PRICE);
    }

    @Test
    @Requirement(value = "I-07", clause = "redis")
    void one_process_at_a_time_acquires_the_lock() throws Exception {
        var inside = new AtomicInteger();
        var concurrentMax = new AtomicInteger();
        var done = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 8; i++) {
                all.add(CompletableFuture.runAsync(
                        () -> {
                            try {
                                lock("token_refresh").runLocked(() -> {
                                    concurrentMax.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                    LockSupport.parkNanos(20_000_000); // long enough for another to come in
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
        assertThat(concurrentMax).hasValue(1);
    }

    @Test
    @Requirement(value = "I-07", clause = "timeout")
    void a_lock_of_a_dead_process_expires_and_no_process_releases_anothers() throws Exception {
        redis.execute(commands -> commands.set("died", "another process"));
        redis.execute(commands -> commands.pexpire("died", 300));
        assertThat(lock("died").runLocked(() -> {
                    assertThat(redis.execute(commands -> commands.pttl("died")).orElseThrow())
                            .as("lease in ms")
                            .isBetween(5_000L, 10_000L);
                    // The lease expired during the work, and another process has the lock now.
                    redis.execute(commands -> commands.set("died", "the next"));
                    return "mine";
                }))
                .contains("mine");
        assertThat(redis.execute(commands -> commands.get("died"))).contains("the next");
    }

    @Test
    void an_unavailable_redis_costs_one_attempt_and_fails_no_caller() throws Exception {
        try (var unavailable = link(FreePort.find())) {
            var quoteCache = new RedisSharedCaches(unavailable, "sim", Markets.standard(), () -> "n").quotes(LIFETIME);
            for (int i = 0; i < 100; i++) {
                assertThat(quoteCache.find(QUOTE)).isEmpty();
                quoteCache.store(QUOTE, PRICE, quoteCache.edition(QUOTE));
            }
            assertThat(unavailable.counters().failures.sum()).isEqualTo(1);
            var lock = new RedisLock(unavailable, "token_refresh", () -> "n", clock);
            assertThatThrownBy(() -> lock.runLocked(() -> "never")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void callers_that_arrive_together_wait_for_one_attempt_to_connect_to_a_silent_redis() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var link = link(silent.getLocalPort());
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Optional<String>>>();
            for (int i = 0; i < 20; i++) {
                answers.add(callers.submit(() -> link.execute(commands -> commands.get("anything"))));
            }
            for (var answer : answers) {
                // One attempt takes a second; one for each caller would take twenty.
                assertThat(answer.get(6, TimeUnit.SECONDS)).isEmpty();
            }
            assertThat(link.counters().failures.sum()).isEqualTo(1);
        }
    }

    @Test
    void a_closed_connection_behaves_like_an_unavailable_redis() {
        var closed = link(port);
        var quoteCache = new RedisSharedCaches(closed, "closed", Markets.standard(), () -> "n").quotes(LIFETIME);
        assertThat(quoteCache.invalidate(QUOTE)).isTrue();
        closed.close();
        assertThat(quoteCache.invalidate(QUOTE)).isFalse();
        assertThat(quoteCache.find(QUOTE)).isEmpty();
    }

    @Test
    @Requirement("A-07")
    void an_invalidation_while_redis_does_not_answer_reaches_the_other_gateways_later() {
        var time = new AtomicReference<>(clock.instant());
        var other = sharedCaches("late").quotes(LIFETIME);
        try (var link = new RedisLink(Secret.of("redis://127.0.0.1:" + port), Duration.ofMillis(100), time::get)) {
            var caches = sharedCaches(link, "late");
            var one = caches.quotes(LIFETIME);
            Await.until("connected", () -> {
                time.updateAndGet(now -> now.plusSeconds(5));
                return one.invalidate(QUOTE);
            });
            other.store(QUOTE, PRICE, other.edition(QUOTE));
            redis.execute(commands -> commands.clientPause(500));
            assertThat(one.find(QUOTE)).as("does not answer").isEmpty();
            assertThat(one.invalidate(QUOTE)).as("is not sent").isFalse();
            assertThat(other.find(QUOTE)).as("after the pause").isPresent();
            Await.until("published", () -> {
                time.updateAndGet(now -> now.plusSeconds(5));
                assertThat(one.find(QUOTE)).as("invalidated here").isEmpty();
                caches.publishInvalidations();
                return other.find(QUOTE).isEmpty();
            });
        }
    }

    private RedisSharedCaches sharedCaches(String environment) {
        return sharedCaches(redis, environment);
    }

    private static RedisSharedCaches sharedCaches(RedisLink link, String environment) {
        return new RedisSharedCaches(
                link, environment, Markets.standard(), () -> UUID.randomUUID().toString());
    }

    private RedisLock lock(String name) {
        return new RedisLock(redis, name, () -> UUID.randomUUID().toString(), clock);
    }

    private RedisLink link(int at) {
        return new RedisLink(Secret.of("redis://127.0.0.1:" + at), Duration.ofSeconds(10), clock);
    }
}
