package kr.kisgateway.gateway.redis;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.history.ChartCaches;
import kr.kisgateway.gateway.history.ChartCaches.DaysKey;
import kr.kisgateway.gateway.history.ChartCaches.PageKey;
import kr.kisgateway.gateway.marketwide.MarketCaches;
import kr.kisgateway.gateway.marketwide.RankingKind;
import kr.kisgateway.gateway.orderbook.BookService.BookKey;
import kr.kisgateway.gateway.orderbook.BookSource;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.quote.IssueFacts;
import kr.kisgateway.gateway.quote.QuoteService.QuoteKey;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.redis.RedisSharedCache.Kind;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;

/** All kinds of answers that gateways of one environment share through Redis; each kind has its codec, key and subject here. */
public final class RedisSharedCaches {
    private final RedisLink redis;
    private final String environment;
    private final Markets markets;
    private final Supplier<String> nonce;
    private final List<RedisSharedCache<?, ?>> all = new CopyOnWriteArrayList<>();

    /**
     * @param environment sim, mock or live: answers are never shared between them
     * @param markets whose symbols answers may name
     * @param nonce unique texts without {@code |}
     */
    public RedisSharedCaches(RedisLink redis, String environment, Markets markets, Supplier<String> nonce) {
        this.redis = redis;
        this.environment = environment;
        this.markets = markets;
        this.nonce = nonce;
    }

    /** Prices; those of each price series have a key of their own. */
    public SharedCache<QuoteKey, RestQuote> quotes(Duration life) {
        return createCache(
                new Kind<>(
                        "quote",
                        key -> name(key.symbol(), key.series()),
                        key -> key.symbol().code(),
                        new QuoteCodecs.Price()),
                life);
    }

    /** Order books; those of each price series have a key of their own. */
    public SharedCache<BookKey, BookSource.RestBook> books(Duration life) {
        return createCache(
                new Kind<>(
                        "book",
                        key -> name(key.symbol(), key.series()),
                        key -> key.symbol().code(),
                        new BookCodec(markets)),
                life);
    }

    /** Charts; all charts of a stock are invalidated together. */
    public ChartCaches charts(Duration life) {
        Function<DaysKey, String> days =
                key -> chart(key.symbol().code(), key.period(), key.adjusted()) + ":" + key.from() + ":" + key.to();
        Function<PageKey, String> pages =
                key -> chart(key.symbol().code(), key.period(), key.adjusted()) + ":" + key.last();
        return new ChartCaches(
                createCache(new Kind<>("chart", days, key -> key.symbol().code(), new BarCodecs.Days()), life),
                createCache(
                        new Kind<>(
                                "minutes",
                                key -> key.symbol().code() + ":" + key.day(),
                                key -> key.symbol().code(),
                                new BarCodecs.Minutes()),
                        life),
                createCache(new Kind<>("chart", pages, key -> key.symbol().code(), new BarCodecs.Pages()), life));
    }

    /** Figures of the whole market, by request. */
    public MarketCaches market() {
        return new MarketCaches(
                createCache(
                        Kind.of("ranking", RankingKind::wireName, new MarketCodecs.Ranking()),
                        SharedCache.TRADING_LIFE_MAX),
                createCache(Kind.of("index", code -> code, new MarketCodecs.Index()), SharedCache.TRADING_LIFE_MAX),
                createCache(
                        Kind.of("investors", Symbol::code, new MarketCodecs.Investors()), SharedCache.TRADING_LIFE_MAX),
                createCache(Kind.of("nav", Symbol::code, new MarketCodecs.Nav()), SharedCache.TRADING_LIFE_MAX));
    }

    /** Limits and trading status of Korean issues. */
    public SharedCache<MarketSymbol, IssueFacts> issues(Duration life) {
        return createCache(Kind.of("instrument", MarketSymbol::code, new QuoteCodecs.Issue()), life);
    }

    /** Previous closes of Korean issues, in won. */
    public SharedCache<MarketSymbol, Long> previousCloses(Duration life) {
        return createCache(Kind.of("previous-close", MarketSymbol::code, new QuoteCodecs.PreviousClose()), life);
    }

    /**
     * Holdings of accounts, encrypted.
     *
     * @param appSecret shared by every gateway that may read them
     * @param name of an account by its alias: unique, without revealing its number
     */
    public SharedCache<String, Holdings> balances(
            Duration life, Secret appSecret, Function<String, String> name, SecureRandom random) {
        return createCache(
                Kind.of("balance", name, new SealedCodec<>(new HoldingsCodec(), appSecret, "shared balances", random)),
                life);
    }

    /** Publishes what was invalidated while Redis was unavailable; call it again and again. */
    public void publishInvalidations() {
        all.forEach(RedisSharedCache::publishInvalidations);
    }

    private <K, V> SharedCache<K, V> createCache(Kind<K, V> kind, Duration life) {
        var cache = new RedisSharedCache<>(redis, environment, kind, life, nonce);
        all.add(cache);
        return cache;
    }

    private static String name(MarketSymbol symbol, PriceSeries series) {
        return symbol.code()
                + switch (series) {
                    case MAIN -> "";
                    case DAY_MARKET -> ":day-market";
                    case NXT -> ":nxt";
                    case UNIFIED -> ":unified";
                };
    }

    private static String chart(String symbol, BarPeriod period, boolean adjusted) {
        return symbol + ":" + period.name() + (adjusted ? ":adjusted" : ":plain");
    }
}
