package kr.kisgateway.gateway.marketwide;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import kr.kisgateway.gateway.ask.CacheFigures;
import kr.kisgateway.gateway.ask.Shared;
import kr.kisgateway.gateway.ask.SharedAnswers;
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
    private final SharedAnswers<RankingKind, List<Ranked>> rankings;
    private final SharedAnswers<String, IndexValue> indices;
    private final SharedAnswers<Symbol, List<InvestorsOfDay>> investors;
    private final SharedAnswers<Symbol, NetAssetValue> navs;

    /** @param cooldown no call for the same this long after KIS refused for its rate */
    public MarketWide(MarketSource source, Settings.MarketWide lives, Duration cooldown, InstantSource clock) {
        this.source = source;
        this.rankings = new SharedAnswers<>("ranking", lives.ranking(), RankingKind.values().length, cooldown, clock);
        this.indices = new SharedAnswers<>("index", lives.index(), INDICES_KEPT, cooldown, clock);
        this.investors = new SharedAnswers<>("investors", lives.investors(), SYMBOLS_KEPT, cooldown, clock);
        this.navs = new SharedAnswers<>("nav", lives.nav(), SYMBOLS_KEPT, cooldown, clock);
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
        return List.of(rankings.figures(), indices.figures(), investors.figures(), navs.figures());
    }

    /** Has KIS asked anew about {@code symbol} the next time. */
    public void forget(Symbol symbol) {
        investors.forget(symbol);
        navs.forget(symbol);
    }
}
