package kr.kisgateway.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.HongKong;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarPageSource;
import kr.kisgateway.gateway.history.BarQuery;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.history.BarSource;
import kr.kisgateway.gateway.history.BarSource.Minute;
import kr.kisgateway.gateway.history.BarSource.Page;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.history.ChartCaches.DaysKey;
import kr.kisgateway.gateway.history.ChartCaches.MinutesKey;
import kr.kisgateway.gateway.history.ChartCaches.PageKey;
import kr.kisgateway.gateway.history.History;
import kr.kisgateway.gateway.marketwide.MarketSource.Flow;
import kr.kisgateway.gateway.marketwide.MarketSource.IndexValue;
import kr.kisgateway.gateway.marketwide.MarketSource.InvestorsOfDay;
import kr.kisgateway.gateway.marketwide.MarketSource.NetAssetValue;
import kr.kisgateway.gateway.marketwide.MarketSource.Ranked;
import kr.kisgateway.gateway.marketwide.RankingKind;
import kr.kisgateway.gateway.orderbook.BookService.BookKey;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.quote.IssueFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import redis.embedded.RedisServer;

/** Each kind of answer that gateways share, against a real Redis server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class RedisAnswerCacheTest {
    private static final Duration LIFETIME = Duration.ofSeconds(30);
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final UsSymbol APPLE = UsSymbol.parse("AAPL.NASD").orElseThrow();
    private static final Instant AT = Instant.parse("2026-11-20T02:00:00.123Z");
    private static final BigDecimal EXACT = new BigDecimal("-0.70");

    private RedisServer server;
    private RedisLink redis;

    @BeforeAll
    void start() throws IOException {
        int port = FreePort.find();
        server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        redis = new RedisLink(Secret.of("redis://127.0.0.1:" + port), Duration.ofSeconds(10), InstantSource.system());
    }

    @AfterAll
    void stop() throws IOException {
        redis.close();
        server.stop();
    }

    @Test
    @Requirement(value = "A-07", clause = "l2")
    void charts_are_shared_exactly_between_gateways() {
        var one = sharedCaches("charts").charts(LIFETIME);
        var other = sharedCaches("charts").charts(LIFETIME);
        var day = LocalDate.of(2026, 11, 19);
        assertShared(
                one.days(),
                other.days(),
                new DaysKey(SAMSUNG, BarPeriod.DAY, true, day, day.plusDays(1)),
                new Page(
                        List.of(
                                Bar.ofDay(day, TradingCalendar.SEOUL, 1, 2, 3, 4, 5, OptionalLong.of(6)),
                                Bar.ofDay(day.plusDays(1), TradingCalendar.SEOUL, 1, 2, 3, 4, 5, OptionalLong.empty())),
                        Optional.of(day),
                        Set.of(day.minusDays(1))));
        assertShared(
                one.minutes(),
                other.minutes(),
                new MinutesKey(SAMSUNG, day),
                List.of(new Minute(day.atTime(9, 1), 1, 2, 3, 4, 5, 6)));
        assertShared(
                one.pages(),
                other.pages(),
                new PageKey(APPLE, BarPeriod.M5, false, day.atTime(9, 30)),
                new BarPageSource.Page(
                        List.of(Bar.of(
                                day.atTime(9, 30),
                                UsHours.NEW_YORK,
                                1_873_400,
                                1_880_000,
                                1_870_001,
                                1_875_000,
                                7,
                                OptionalLong.of(10_000_000))),
                        Optional.of(day.atTime(9, 30))));
        var another = new DaysKey(SAMSUNG, BarPeriod.DAY, false, day, day.plusDays(1));
        assertThat(other.days().find(another)).as("other parameters").isEmpty();
    }

    @Test
    @Requirement(value = "A-07", clause = "l2")
    void us_books_are_shared_between_gateways_separately_for_the_day_market() {
        var one = sharedCaches("books").books(LIFETIME);
        var other = sharedCaches("books").books(LIFETIME);
        var book = book(APPLE);
        var key = new BookKey(APPLE, PriceSeries.MAIN);
        one.store(key, new Timestamped<>(book, AT), one.edition(key));
        var found = other.find(key).orElseThrow();
        assertThat(found.at()).isEqualTo(AT);
        assertThat(found.value()).usingRecursiveComparison().isEqualTo(book);
        assertThat(other.find(new BookKey(APPLE, PriceSeries.DAY_MARKET))).isEmpty();
        assertThat(other.invalidate(key)).isTrue();
        assertThat(one.find(key)).as("dropped by the other").isEmpty();
    }

    @Test
    void books_of_a_further_market_are_shared_between_gateways_that_know_it() {
        var hongKong = Markets.standard().with(new HongKong());
        var one = sharedCaches("hk", hongKong).books(LIFETIME);
        var key = new BookKey(new HongKong.Stock("00700"), PriceSeries.MAIN);
        var book = book(key.symbol());
        one.store(key, new Timestamped<>(book, AT), one.edition(key));
        assertThat(sharedCaches("hk", hongKong)
                        .books(LIFETIME)
                        .find(key)
                        .orElseThrow()
                        .value())
                .usingRecursiveComparison()
                .isEqualTo(book);
        assertThat(sharedCaches("hk").books(LIFETIME).find(key))
                .as("read by a gateway that does not know Hong Kong")
                .isEmpty();
    }

    private static RestBook book(MarketSymbol symbol) {
        return RestBook.of(OrderBook.of(
                symbol,
                93_001,
                List.of(),
                List.of(new OrderBook.Level(1_873_400, 7), new OrderBook.Level(1, 8)),
                10,
                9));
    }

    @Test
    @Requirement(value = "A-07", clause = "repeated")
    void a_repeated_market_request_is_answered_from_the_cache_for_five_seconds() {
        var one = sharedCaches("market").market();
        var other = sharedCaches("market").market();
        assertShared(
                one.rankings(),
                other.rankings(),
                RankingKind.MARKET_CAP,
                List.of(new Ranked(
                        1,
                        SAMSUNG,
                        "a|b\\p",
                        1,
                        -2,
                        EXACT,
                        3,
                        OptionalLong.of(4),
                        OptionalLong.empty(),
                        Optional.of(EXACT),
                        Optional.empty())));
        assertShared(
                one.indices(),
                other.indices(),
                "0001",
                new IndexValue(
                        EXACT,
                        EXACT,
                        EXACT,
                        Optional.of(EXACT),
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        2,
                        3,
                        4,
                        5,
                        6,
                        7));
        assertShared(
                one.investors(),
                other.investors(),
                SAMSUNG,
                List.of(new InvestorsOfDay(
                        LocalDate.of(2026, 11, 19),
                        1,
                        -1,
                        Optional.of(new Flow(1, 2, 3, 4, 5, 6)),
                        Optional.empty(),
                        Optional.of(new Flow(-1, -2, 3, 4, 5, 6)))));
        assertShared(
                one.navs(),
                other.navs(),
                SAMSUNG,
                new NetAssetValue(
                        1,
                        2,
                        EXACT,
                        3,
                        EXACT,
                        EXACT,
                        EXACT,
                        Optional.of(EXACT),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.of(1),
                        OptionalLong.empty()));
        assertThat(redis.execute(commands -> commands.pttl("kis-gateway:market:index:0001"))
                        .orElseThrow())
                .isBetween(1L, 5_000L);
    }

    @Test
    @Requirement(value = "A-07", clause = "master")
    @Requirement(value = "A-07", clause = "previous")
    void limits_designation_and_previous_close_of_an_issue_are_shared_between_gateways() {
        assertShared(
                sharedCaches("issues").issues(LIFETIME),
                sharedCaches("issues").issues(LIFETIME),
                SAMSUNG,
                new IssueFacts(OptionalLong.of(1), OptionalLong.empty(), Designation.HALTED));
        assertShared(
                sharedCaches("issues").previousCloses(LIFETIME),
                sharedCaches("issues").previousCloses(LIFETIME),
                SAMSUNG,
                70_500L);
    }

    @Test
    @Requirement(value = "A-07", clause = "l2")
    void account_holdings_are_encrypted_and_readable_only_with_the_same_app_secret() {
        var holdings = new Holdings(
                Market.KOREA,
                new Holdings.Cash(1, 2, 3, 4_444_444, OptionalLong.of(-5)),
                List.of(new Holdings.Position(SAMSUNG, "삼성전자", 10, 7, EXACT, 1, 2, 3, -4)),
                AT);
        var one = balances("secret");
        assertShared(one, balances("secret"), "A1", holdings);
        one.store("A1", new Timestamped<>(holdings, AT), one.edition("A1"));
        assertThat(balances("another secret").find("A1")).isEmpty();
        assertThat(redis.execute(commands -> commands.get("kis-gateway:balances:balance:owner:A1"))
                        .orElseThrow())
                .doesNotContain("4444444", "삼성", "005930");
    }

    private SharedCache<String, Holdings> balances(String secret) {
        return sharedCaches("balances")
                .balances(LIFETIME, Secret.of(secret), alias -> "owner:" + alias, new SecureRandom());
    }

    private static <K, V> void assertShared(SharedCache<K, V> one, SharedCache<K, V> other, K key, V value) {
        var cached = new Timestamped<>(value, AT);
        assertThat(other.find(key)).isEmpty();
        one.store(key, cached, one.edition(key));
        assertThat(other.find(key)).contains(cached);
        assertThat(other.invalidate(key)).isTrue();
        assertThat(one.find(key)).as("dropped by the other").isEmpty();
        one.store(key, cached, one.edition(key));
        assertThat(other.find(key)).contains(cached);
    }

    /** A broker that counts its requests; it has a bar for each day. */
    private static final class Broker implements BarSource {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public Result<Page> requestDays(
                MarketSymbol symbol,
                BarPeriod period,
                LocalDate from,
                LocalDate to,
                boolean adjusted,
                RequestContext context) {
            calls.incrementAndGet();
            return Result.success(new Page(
                    List.of(Bar.ofDay(to, TradingCalendar.SEOUL, 1, 1, 1, calls.get(), 1, OptionalLong.empty())),
                    Optional.of(from),
                    Set.of()));
        }

        @Override
        public Result<List<Minute>> requestMinutes(
                MarketSymbol symbol, LocalDateTime from, LocalDateTime to, RequestContext context) {
            calls.incrementAndGet();
            return Result.success(List.of(new Minute(from.toLocalDate().atTime(9, 1), 1, 1, 1, 1, 1, 1)));
        }

        @Override
        public LocalDate minutesAvailableSince(LocalDate today) {
            return today.minusYears(1);
        }
    }

    @Test
    @Requirement(value = "A-07", clause = "close")
    @Requirement(value = "A-07", clause = "repeated")
    void a_chart_requested_by_another_gateway_serves_until_it_expires_and_never_in_another_session() {
        var now = new AtomicReference<>(seoul("2026-11-20T15:19:50"));
        var broker = new Broker();
        // A new gateway each time: its memory is empty.
        assertThat(close(broker, now)).isEqualTo(1);
        now.set(seoul("2026-11-20T15:19:54"));
        assertThat(close(broker, now)).as("within five seconds").isEqualTo(1);
        now.set(seoul("2026-11-20T15:19:56"));
        assertThat(close(broker, now)).as("after them").isEqualTo(2);
        now.set(seoul("2026-11-20T15:19:59"));
        assertThat(close(broker, now)).isEqualTo(2);
        now.set(seoul("2026-11-20T15:20:00"));
        assertThat(close(broker, now)).as("the closing auction began").isEqualTo(3);
        service(broker, now).invalidate(SAMSUNG);
        assertThat(close(broker, now)).as("its files were rewritten").isEqualTo(4);
    }

    @Test
    @Requirement(value = "A-07", clause = "open")
    void completed_days_are_shared_within_a_session_and_requested_again_on_another_day() {
        var now = new AtomicReference<>(seoul("2026-11-20T10:00:00"));
        var broker = new Broker();
        var until = LocalDateTime.parse("2026-11-18T00:00:00");
        assertThat(close(broker, now, until)).isEqualTo(1);
        now.set(seoul("2026-11-20T10:20:00"));
        assertThat(close(broker, now, until)).isEqualTo(1);
        now.set(seoul("2026-11-23T10:00:00"));
        assertThat(close(broker, now, until)).isEqualTo(2);
    }

    private long close(Broker broker, AtomicReference<Instant> now) {
        return close(broker, now, LocalDateTime.ofInstant(now.get(), TradingCalendar.SEOUL));
    }

    private long close(Broker broker, AtomicReference<Instant> now, LocalDateTime until) {
        var query = new BarQuery(BarPeriod.DAY, Optional.empty(), until, Optional.empty(), 1, false);
        return service(broker, now)
                .bars(SAMSUNG, query, "test")
                .orElseThrow()
                .bars()
                .getFirst()
                .close();
    }

    private BarService service(Broker broker, AtomicReference<Instant> now) {
        var calendar = new KrxCalendar();
        return BarService.ofRanges(
                broker,
                History.NONE,
                calendar,
                _ -> Optional.empty(),
                AnswerLifetime.ofTrades(calendar, Duration.ofSeconds(1), Optional.empty()),
                sharedCaches("service" + System.identityHashCode(broker)).charts(LIFETIME),
                now::get);
    }

    private static Instant seoul(String text) {
        return LocalDateTime.parse(text).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private RedisSharedCaches sharedCaches(String environment) {
        return sharedCaches(environment, Markets.standard());
    }

    private RedisSharedCaches sharedCaches(String environment, Markets markets) {
        return new RedisSharedCaches(
                redis, environment, markets, () -> UUID.randomUUID().toString());
    }
}
