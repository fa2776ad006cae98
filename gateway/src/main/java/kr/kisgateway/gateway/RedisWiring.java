package kr.kisgateway.gateway;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.TokenLock;
import kr.kisgateway.client.TokenShare;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.history.ChartShelves;
import kr.kisgateway.gateway.marketwide.MarketShelves;
import kr.kisgateway.gateway.orderbook.BookSource;
import kr.kisgateway.gateway.orderbook.UsBookService;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.quote.SharedIssues;
import kr.kisgateway.gateway.quote.UsBook;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.gateway.quote.UsQuotes;
import kr.kisgateway.gateway.redis.RedisBytes;
import kr.kisgateway.gateway.redis.RedisLink;
import kr.kisgateway.gateway.redis.RedisLock;
import kr.kisgateway.gateway.redis.RedisShelves;
import kr.kisgateway.gateway.settings.Masked;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** Builds what lies in Redis, where one is set. */
final class RedisWiring {
    /** How long Redis keeps an answer where nothing else is set. */
    private static final Duration USUAL = Duration.ofSeconds(30);
    /** Longer than any session in which a previous close holds. */
    private static final Duration PREVIOUS_CLOSES = Duration.ofHours(24);

    private RedisWiring() {}

    static Optional<RedisLink> link(Settings settings, InstantSource clock, Parts parts) {
        return settings.cache().redis().map(url -> parts.add(new RedisLink(url, RedisLink.USUAL_LIMIT, clock)));
    }

    /**
     * What gateways share; without Redis every shelf is an empty one.
     *
     * @param quotes Korean prices, limits and standing of issues, previous closes
     * @param figures of all shelves
     */
    record Shelves(
            SharedIssues quotes,
            Shelf<UsQuotes.Asked, UsFigures> usQuotes,
            Shelf<Symbol, BookSource.Asked> books,
            Shelf<UsBookService.Asked, UsBook> usBooks,
            ChartShelves charts,
            MarketShelves market,
            Shelf<String, Holdings> balances,
            Supplier<Shelf.Figures> figures) {}

    static Shelves shelves(
            Optional<RedisLink> link,
            Settings settings,
            Credentials credentials,
            TradingCalendar calendar,
            Supplier<String> nonce,
            SecureRandom random,
            InstantSource clock) {
        if (link.isEmpty()) {
            return new Shelves(
                    SharedIssues.none(calendar, clock),
                    Shelf.none(),
                    Shelf.none(),
                    Shelf.none(),
                    ChartShelves.none(),
                    MarketShelves.none(),
                    Shelf.none(),
                    () -> new Shelf.Figures(0, 0, 0));
        }
        var made = new RedisShelves(link.get(), settings.environment().word(), nonce);
        var cache = settings.cache();
        var account = credentials.account();
        var owner = AppKeyLock.hash(credentials.appKey().reveal() + "|" + account.cano() + "|" + account.productCode());
        return new Shelves(
                new SharedIssues(
                        made.quotes(cache.shelf()),
                        made.issues(cache.stockInfo().orElse(USUAL)),
                        made.previousCloses(PREVIOUS_CLOSES),
                        calendar,
                        clock),
                made.usQuotes(cache.shelf()),
                made.books(cache.orderbook().orElse(USUAL)),
                made.usBooks(cache.orderbook().orElse(USUAL)),
                made.charts(cache.chart().orElse(USUAL)),
                made.market(),
                made.balances(
                        USUAL, new Masked(credentials.appSecret().reveal()), alias -> owner + ":" + alias, random),
                made::figures);
    }

    /** One process of all that share an app key asks KIS for a token; the others read what it wrote. */
    static KisConfig locked(KisConfig config, Optional<RedisLink> link, Supplier<String> nonce, InstantSource clock) {
        return link.map(redis -> {
                    var key = config.credentials().appKey().reveal();
                    var lock = new RedisLock(redis, "kis-gateway:token_refresh:" + AppKeyLock.hash(key), nonce, clock);
                    TokenLock shared = new TokenLock() {
                        @Override
                        public <T> Optional<T> whileHeld(Supplier<T> work) throws IOException {
                            return lock.whileHeld(work);
                        }
                    };
                    return config.withTokens(config.tokens()
                            .sharedBy(
                                    shared, place(new RedisBytes(redis, "kis-gateway:token:" + AppKeyLock.hash(key)))));
                })
                .orElse(config);
    }

    /** The encrypted token in Redis. */
    private static TokenShare place(RedisBytes bytes) {
        return new TokenShare() {
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
        };
    }
}
