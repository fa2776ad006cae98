package kr.kisgateway.gateway.marketwide;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import kr.kisgateway.gateway.ask.CacheFigures;
import kr.kisgateway.gateway.ask.Fetched;
import kr.kisgateway.gateway.ask.Shared;
import kr.kisgateway.gateway.ask.SharedAnswers;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.marketwide.MarketSource.IndexValue;
import kr.kisgateway.gateway.marketwide.MarketSource.InvestorsOfDay;
import kr.kisgateway.gateway.marketwide.MarketSource.NetAssetValue;
import kr.kisgateway.gateway.marketwide.MarketSource.Ranked;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Symbol;

/** Market-wide figures, each asked of KIS once for all and kept for as long as its kind is worth. */
public final class MarketWide {
    private static final int INDICES_KEPT = 200;
    private static final int SYMBOLS_KEPT = 2_000;

    private final MarketSource source;
    private final Duration cooldown;
    private final InstantSource clock;
    private final Kind<RankingKind, List<Ranked>> rankings;
    private final Kind<String, IndexValue> indices;
    private final Kind<Symbol, List<InvestorsOfDay>> investors;
    private final Kind<Symbol, NetAssetValue> navs;

    /**
     * @param shelves where other gateways' answers lie
     * @param cooldown no call for the same this long after KIS refused for its rate
     */
    public MarketWide(
            MarketSource source,
            Settings.MarketWide lives,
            MarketShelves shelves,
            Duration cooldown,
            InstantSource clock) {
        this.source = source;
        this.cooldown = cooldown;
        this.clock = clock;
        this.rankings = new Kind<>("ranking", lives.ranking(), RankingKind.values().length, shelves.rankings());
        this.indices = new Kind<>("index", lives.index(), INDICES_KEPT, shelves.indices());
        this.investors = new Kind<>("investors", lives.investors(), SYMBOLS_KEPT, shelves.investors());
        this.navs = new Kind<>("nav", lives.nav(), SYMBOLS_KEPT, shelves.navs());
    }

    Shared<List<Ranked>> ranking(RankingKind kind, String tenant) {
        return rankings.ask(kind, () -> source.ranking(kind, tenant));
    }

    Shared<IndexValue> index(String code, String tenant) {
        return indices.ask(code, () -> source.index(code, tenant));
    }

    Shared<List<InvestorsOfDay>> investors(Symbol symbol, String tenant) {
        return investors.ask(symbol, () -> source.investors(symbol, tenant));
    }

    Shared<NetAssetValue> nav(Symbol etf, String tenant) {
        return navs.ask(etf, () -> source.nav(etf, tenant));
    }

    /** Of each kind. */
    public List<CacheFigures> figures() {
        return List.of(
                rankings.answers.figures(),
                indices.answers.figures(),
                investors.answers.figures(),
                navs.answers.figures());
    }

    /** Has KIS asked anew about {@code symbol} the next time. */
    public void forget(Symbol symbol) {
        investors.answers.forget(symbol);
        navs.answers.forget(symbol);
    }

    /** Answers of one kind: from memory for its own life, from other gateways for theirs. */
    private final class Kind<K, V> {
        private static final Duration LAST_KEPT = Duration.ofMinutes(10);

        private final SharedAnswers<K, V> answers;
        private final Duration longest;

        Kind(String name, Duration life, int most, Shelf<K, V> shelf) {
            this.longest = life.compareTo(shelf.life()) > 0 ? life : shelf.life();
            this.answers = new SharedAnswers<>(name, life, LAST_KEPT, most, cooldown, shelf, clock);
        }

        Shared<V> ask(K key, Supplier<Fetched<V>> call) {
            return answers.ask(key, at -> Duration.between(at, clock.instant()).compareTo(longest) < 0, call);
        }
    }
}
