package kr.kisgateway.gateway.marketwide;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.ask.Fetched;
import kr.kisgateway.gateway.quote.Clock;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class MarketWideTest {
    private static final Symbol SYMBOL = new Symbol("069500");

    private final Clock clock = new Clock("2026-11-20T02:00:00Z");
    private final List<String> calls = new ArrayList<>();
    private final MarketWide market = new MarketWide(
            new MarketSource() {
                @Override
                public Fetched<List<Ranked>> ranking(RankingKind kind, String tenant) {
                    calls.add(kind.word() + " for " + tenant);
                    return new Fetched.Got<>(List.of());
                }

                @Override
                public Fetched<IndexValue> index(String code, String tenant) {
                    calls.add("index " + code + " for " + tenant);
                    var one = BigDecimal.ONE;
                    return new Fetched.Got<>(new IndexValue(
                            one, one, one, Optional.empty(), Optional.empty(), Optional.empty(), 0, 0, 0, 0, 0, 0, 0));
                }

                @Override
                public Fetched<List<InvestorsOfDay>> investors(Symbol symbol, String tenant) {
                    calls.add("investors for " + tenant);
                    return new Fetched.Got<>(List.of());
                }

                @Override
                public Fetched<NetAssetValue> nav(Symbol etf, String tenant) {
                    calls.add("nav for " + tenant);
                    var one = BigDecimal.ONE;
                    return new Fetched.Got<>(new NetAssetValue(
                            1,
                            1,
                            one,
                            1,
                            one,
                            one,
                            one,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty()));
                }
            },
            new Settings.MarketWide(
                    Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(4)),
            MarketShelves.none(),
            Duration.ofSeconds(3),
            clock);

    @Test
    @Requirement("P-07")
    void each_kind_is_asked_again_when_its_own_time_is_over_and_on_account_of_whoever_asks_first() {
        askAll("a");
        assertThat(calls)
                .containsExactly("gainers for a", "losers for a", "index 0001 for a", "investors for a", "nav for a");
        askedAfterASecond("gainers for b", "losers for b");
        askedAfterASecond("gainers for b", "losers for b", "index 0001 for b");
        askedAfterASecond("gainers for b", "losers for b", "investors for b");
        askedAfterASecond("gainers for b", "losers for b", "index 0001 for b", "nav for b");
    }

    private void askedAfterASecond(String... expected) {
        clock.advance(Duration.ofSeconds(1));
        calls.clear();
        askAll("b");
        assertThat(calls).containsExactly(expected);
    }

    private void askAll(String tenant) {
        market.ranking(RankingKind.GAINERS, tenant);
        market.ranking(RankingKind.LOSERS, tenant);
        market.index("0001", tenant);
        market.investors(SYMBOL, tenant);
        market.nav(SYMBOL, tenant);
    }
}
