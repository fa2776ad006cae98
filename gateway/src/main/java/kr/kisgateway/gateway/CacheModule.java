package kr.kisgateway.gateway;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.SharedTokenStore;
import kr.kisgateway.client.TokenLock;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.cache.SharedBytes;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.SharedLock;
import kr.kisgateway.gateway.cluster.TokenShareStore;
import kr.kisgateway.gateway.history.ChartCaches;
import kr.kisgateway.gateway.marketwide.MarketCaches;
import kr.kisgateway.gateway.orderbook.BookService;
import kr.kisgateway.gateway.orderbook.BookSource;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.quote.SharedIssueCache;
import kr.kisgateway.gateway.redis.RedisBytes;
import kr.kisgateway.gateway.redis.RedisCounters;
import kr.kisgateway.gateway.redis.RedisLink;
import kr.kisgateway.gateway.redis.RedisLock;
import kr.kisgateway.gateway.redis.RedisSharedCaches;

/**
 * What gateways share in Redis, where one is configured: answers, and the token of an app key.
 *
 * @param link empty without Redis
 * @param ownership of the database, in which the token is handed on; empty without one
 */
record CacheModule(
        Optional<RedisLink> link, Optional<Ownership> ownership, Supplier<String> nonce, InstantSource clock) {
    /** Lifetime of a response in Redis by default. */
    private static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(30);
    /** Longer than any session in which a previous close is valid. */
    private static final Duration PREVIOUS_CLOSE_LIFETIME = Duration.ofHours(24);

    static CacheModule connect(Platform platform) {
        var redis = platform.settings()
                .cache()
                .redis()
                .map(url -> platform.parts().add(new RedisLink(url, RedisLink.DEFAULT_TIMEOUT, platform.clock())));
        redis.map(RedisLink::counters).orElseGet(RedisCounters::new).bindTo(platform.meters());
        return new CacheModule(redis, platform.ownership(), platform.traceIds()::next, platform.clock());
    }

    /**
     * Caches that gateways share; without Redis each is empty.
     *
     * @param quotes prices; of Korean issues also limits, listing status, previous closes
     */
    record SharedCaches(
            SharedIssueCache quotes,
            SharedCache<BookService.BookKey, BookSource.RestBook> books,
            ChartCaches charts,
            MarketCaches market,
            SharedCache<String, Holdings> balances) {}

    /** @param owner of the accounts whose balances are shared */
    SharedCaches sharedCaches(Platform platform, BrokerAdapter.AccountOwner owner) {
        var settings = platform.settings();
        var calendar = platform.calendar();
        if (link.isEmpty()) {
            return new SharedCaches(
                    SharedIssueCache.none(calendar, clock),
                    SharedCache.none(),
                    ChartCaches.none(),
                    MarketCaches.none(),
                    SharedCache.none());
        }
        var redisCaches =
                new RedisSharedCaches(link.get(), settings.environment().wireName(), platform.markets(), nonce);
        platform.parts()
                .add(platform.tasks()
                        .every("redis-invalidate", Platform.WATCH_INTERVAL, redisCaches::publishInvalidations));
        var cache = settings.cache();
        return new SharedCaches(
                new SharedIssueCache(
                        redisCaches.quotes(cache.priceLifetime()),
                        redisCaches.issues(cache.stockInfo().orElse(DEFAULT_LIFETIME)),
                        redisCaches.previousCloses(PREVIOUS_CLOSE_LIFETIME),
                        calendar,
                        clock),
                redisCaches.books(cache.orderbook().orElse(DEFAULT_LIFETIME)),
                redisCaches.charts(cache.chart().orElse(DEFAULT_LIFETIME)),
                redisCaches.market(),
                redisCaches.balances(
                        DEFAULT_LIFETIME,
                        owner.secret(),
                        alias -> owner.ids().getOrDefault(alias, ""),
                        platform.random()));
    }

    /** Among processes that share an app key, one requests a token from KIS; the others read it. */
    KisConfig withTokenLock(KisConfig config) {
        String key = AppKeyLock.hash(config.credentials().appKey().reveal());
        if (ownership.isPresent()) {
            var store = new TokenShareStore(ownership.get().postgres(), key);
            return withSharedToken(config, store, store);
        }
        return link.map(redis -> withSharedToken(
                        config,
                        new RedisLock(redis, "kis-gateway:token_refresh:" + key, nonce, clock),
                        new RedisBytes(redis, "kis-gateway:token:" + key)))
                .orElse(config);
    }

    /** @param bytes where the encrypted token is */
    private static KisConfig withSharedToken(KisConfig config, SharedLock lock, SharedBytes bytes) {
        return config.withTokens(config.tokens()
                .withSharedStore(
                        new TokenLock() {
                            @Override
                            public <T> Optional<T> runLocked(Supplier<T> work) throws IOException {
                                return lock.runLocked(work);
                            }
                        },
                        new SharedTokenStore() {
                            @Override
                            public Optional<byte[]> read() {
                                return bytes.read();
                            }

                            @Override
                            public void write(byte[] sealed, Duration life) {
                                bytes.write(sealed, life);
                            }

                            @Override
                            public void delete() {
                                bytes.delete();
                            }
                        }));
    }
}
