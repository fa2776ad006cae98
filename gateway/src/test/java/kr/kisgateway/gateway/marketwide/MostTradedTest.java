package kr.kisgateway.gateway.marketwide;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.ShippedListing;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("P-11")
class MostTradedTest {
    private static final Instruments LISTING = Instruments.load();
    private static final List<Symbol> BY_TURNOVER = LISTING.all().stream()
            .sorted(Comparator.comparingLong(Instrument::turnover).reversed())
            .map(Instrument::symbol)
            .toList();

    private Result<List<MarketSource.Ranked>> ranking = Result.success(List.of());

    private final MostTraded mostTraded = new MostTraded(
            new MarketWideData(
                    new MarketSource() {
                        @Override
                        public Result<List<Ranked>> ranking(RankingKind kind, String tenant) {
                            assertThat(kind).isEqualTo(RankingKind.TURNOVER);
                            return ranking;
                        }

                        @Override
                        public Result<IndexValue> index(String code, String tenant) {
                            throw new AssertionError("an index was requested");
                        }

                        @Override
                        public Result<List<InvestorsOfDay>> investors(Symbol symbol, String tenant) {
                            throw new AssertionError("investors were requested");
                        }

                        @Override
                        public Result<NetAssetValue> nav(Symbol etf, String tenant) {
                            throw new AssertionError("a net asset value was requested");
                        }
                    },
                    new Settings.MarketWide(
                            Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)),
                    MarketCaches.none(),
                    Duration.ofSeconds(3),
                    new ManualClock("2026-11-20T02:00:00Z")),
            new CurrentListing(ShippedListing.of(LISTING, NxtListing.load(), Markets.standard()), Markets.standard()));

    @Test
    @Requirement(value = "P-11", clause = "turnover")
    void ranked_symbols_come_first_and_then_those_of_the_listing() {
        var last = BY_TURNOVER.getLast();
        ranking = Result.success(
                List.of(place(1, last, 9), place(2, new Symbol("ZZZZZZ"), 8), place(3, BY_TURNOVER.get(1), 7)));

        assertThat(mostTraded.top(4, "t", _ -> true))
                .containsExactly(last, BY_TURNOVER.get(1), BY_TURNOVER.get(0), BY_TURNOVER.get(2));
    }

    @Test
    void without_a_ranking_the_listing_alone_applies() {
        ranking = Result.refused(Refusal.of(ErrorCode.UNSUPPORTED_BY_SOURCE, "paper"));
        assertThat(mostTraded.top(100, "t", _ -> true)).isEqualTo(BY_TURNOVER.subList(0, 100));
    }

    @Test
    void a_ranking_before_the_first_trade_is_ignored() {
        ranking = Result.success(List.of(place(1, BY_TURNOVER.getLast(), 0)));
        assertThat(mostTraded.top(3, "t", _ -> true)).isEqualTo(BY_TURNOVER.subList(0, 3));
    }

    @Test
    void a_caller_limited_to_one_symbol_gets_that_one() {
        var permitted = BY_TURNOVER.get(500);
        assertThat(mostTraded.top(100, "t", permitted.code()::equals)).containsExactly(permitted);
    }

    private static MarketSource.Ranked place(int rank, Symbol symbol, long turnover) {
        return new MarketSource.Ranked(
                rank,
                symbol,
                "name",
                1,
                0,
                BigDecimal.ZERO,
                1,
                OptionalLong.of(turnover),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
