package kr.kisgateway.gateway.marketwide;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.AnswerCache.Memory;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.marketwide.MarketSource.IndexValue;
import kr.kisgateway.gateway.marketwide.MarketSource.InvestorsOfDay;
import kr.kisgateway.gateway.marketwide.MarketSource.NetAssetValue;
import kr.kisgateway.gateway.marketwide.MarketSource.Ranked;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Symbol;

/** Market-wide figures, each requested from KIS once for all callers and cached for the life of its kind. */
public final class MarketWideData {
    private static final int INDICES_CACHED_MAX = 200;
    private static final int SYMBOLS_CACHED_MAX = 2_000;

    private final MarketSource source;
    private final Duration cooldown;
    private final InstantSource clock;
    private final CachedKind<RankingKind, List<Ranked>> rankings;
    private final CachedKind<String, IndexValue> indices;
    private final CachedKind<Symbol, List<InvestorsOfDay>> investors;
    private final CachedKind<Symbol, NetAssetValue> navs;

    /**
     * @param sharedCaches other gateways' answers
     * @param cooldown no call for the same figures this long after KIS refused for its rate
     */
    public MarketWideData(
            MarketSource source,
            Settings.MarketWide lifetimes,
            MarketCaches sharedCaches,
            Duration cooldown,
            InstantSource clock) {
        this.source = source;
        this.cooldown = cooldown;
        this.clock = clock;
        this.rankings =
                new CachedKind<>("ranking", lifetimes.ranking(), RankingKind.values().length, sharedCaches.rankings());
        this.indices = new CachedKind<>("index", lifetimes.index(), INDICES_CACHED_MAX, sharedCaches.indices());
        this.investors =
                new CachedKind<>("investors", lifetimes.investors(), SYMBOLS_CACHED_MAX, sharedCaches.investors());
        this.navs = new CachedKind<>("nav", lifetimes.nav(), SYMBOLS_CACHED_MAX, sharedCaches.navs());
    }

    Result<Cached<List<Ranked>>> ranking(RankingKind kind, String tenant) {
        return rankings.request(kind, () -> source.ranking(kind, tenant));
    }

    Result<Cached<IndexValue>> index(String code, String tenant) {
        return indices.request(code, () -> source.index(code, tenant));
    }

    Result<Cached<List<InvestorsOfDay>>> investors(Symbol symbol, String tenant) {
        return investors.request(symbol, () -> source.investors(symbol, tenant));
    }

    Result<Cached<NetAssetValue>> nav(Symbol etf, String tenant) {
        return navs.request(etf, () -> source.nav(etf, tenant));
    }

    /** Registers the meters of each kind's cache. */
    public void bindTo(Meters meters) {
        Stream.of(rankings, indices, investors, navs).forEach(kind -> kind.answers.bindTo(meters));
    }

    /** Invalidates the cached figures of {@code symbols}. */
    public void invalidateAll(Collection<Symbol> symbols) {
        investors.answers.invalidateAll(symbols);
        navs.answers.invalidateAll(symbols);
    }

    /** Answers of one kind: from memory for its own life, from other gateways for theirs. */
    private final class CachedKind<K, V> {
        private final AnswerCache<K, V> answers;
        private final Duration longest;

        CachedKind(String name, Duration life, int maximumSize, SharedCache<K, V> sharedCache) {
            this.longest = life.compareTo(sharedCache.life()) > 0 ? life : sharedCache.life();
            this.answers = new AnswerCache<>(name, Memory.of(life, maximumSize), cooldown, sharedCache, clock);
        }

        Result<Cached<V>> request(K key, Supplier<Result<V>> call) {
            return answers.request(
                    key, at -> Duration.between(at, clock.instant()).compareTo(longest) < 0, call);
        }
    }
}
