package kr.kisgateway.gateway.marketwide;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class MarketWideDataTest {
    private static final Symbol SYMBOL = new Symbol("069500");

    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");
    private final List<String> calls = new ArrayList<>();
    private final MarketWideData market = new MarketWideData(
            new MarketSource() {
                @Override
                public Result<List<Ranked>> ranking(RankingKind kind, String tenant) {
                    calls.add(kind.wireName() + " for " + tenant);
                    return Result.success(List.of());
                }

                @Override
                public Result<IndexValue> index(String code, String tenant) {
                    calls.add("index " + code + " for " + tenant);
                    var one = BigDecimal.ONE;
                    return Result.success(new IndexValue(
                            one, one, one, Optional.empty(), Optional.empty(), Optional.empty(), 0, 0, 0, 0, 0, 0, 0));
                }

                @Override
                public Result<List<InvestorsOfDay>> investors(Symbol symbol, String tenant) {
                    calls.add("investors for " + tenant);
                    return Result.success(List.of());
                }

                @Override
                public Result<NetAssetValue> nav(Symbol etf, String tenant) {
                    calls.add("nav for " + tenant);
                    var one = BigDecimal.ONE;
                    return Result.success(new NetAssetValue(
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
            MarketCaches.none(),
            Duration.ofSeconds(3),
            clock);

    @Test
    @Requirement("P-07")
    void each_kind_is_refreshed_after_its_own_lifetime_on_the_budget_of_the_first_caller() {
        requestAll("a");
        assertThat(calls)
                .containsExactly("gainers for a", "losers for a", "index 0001 for a", "investors for a", "nav for a");
        assertRequestedAfterASecond("gainers for b", "losers for b");
        assertRequestedAfterASecond("gainers for b", "losers for b", "index 0001 for b");
        assertRequestedAfterASecond("gainers for b", "losers for b", "investors for b");
        assertRequestedAfterASecond("gainers for b", "losers for b", "index 0001 for b", "nav for b");
    }

    private void assertRequestedAfterASecond(String... expected) {
        clock.advance(Duration.ofSeconds(1));
        calls.clear();
        requestAll("b");
        assertThat(calls).containsExactly(expected);
    }

    private void requestAll(String tenant) {
        market.ranking(RankingKind.GAINERS, tenant);
        market.ranking(RankingKind.LOSERS, tenant);
        market.index("0001", tenant);
        market.investors(SYMBOL, tenant);
        market.nav(SYMBOL, tenant);
    }
}
