package kr.kisgateway.gateway;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.TokenLock;
import kr.kisgateway.client.TokenShare;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.orderbook.BookSource;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.gateway.quote.UsQuotes;
import kr.kisgateway.gateway.redis.RedisBytes;
import kr.kisgateway.gateway.redis.RedisLink;
import kr.kisgateway.gateway.redis.RedisLock;
import kr.kisgateway.gateway.redis.RedisShelf;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Symbol;

/** Builds what lies in Redis, where one is set. */
final class RedisWiring {
    /** How long Redis keeps a book where nothing is set; in an open session it is told for a second only. */
    private static final Duration BOOKS = Duration.ofSeconds(30);

    private RedisWiring() {}

    static Optional<RedisLink> link(Settings settings, InstantSource clock, Parts parts) {
        return settings.cache().redis().map(url -> parts.add(new RedisLink(url, RedisLink.USUAL_LIMIT, clock)));
    }

    static Shelf<Symbol, RestQuote> shelf(Optional<RedisLink> link, Settings settings) {
        return link.<Shelf<Symbol, RestQuote>>map(redis -> RedisShelf.korean(
                        redis, settings.environment().word(), settings.cache().shelf()))
                .orElseGet(Shelf::none);
    }

    static Shelf<UsQuotes.Asked, UsFigures> americanShelf(Optional<RedisLink> link, Settings settings) {
        return link.<Shelf<UsQuotes.Asked, UsFigures>>map(redis -> RedisShelf.american(
                        redis, settings.environment().word(), settings.cache().shelf()))
                .orElseGet(Shelf::none);
    }

    static Shelf<Symbol, BookSource.Asked> bookShelf(Optional<RedisLink> link, Settings settings) {
        return link.<Shelf<Symbol, BookSource.Asked>>map(redis -> RedisShelf.books(
                        redis,
                        settings.environment().word(),
                        settings.cache().orderbook().orElse(BOOKS)))
                .orElseGet(Shelf::none);
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
