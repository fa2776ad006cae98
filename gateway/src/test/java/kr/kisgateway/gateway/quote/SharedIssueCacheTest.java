package kr.kisgateway.gateway.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
import kr.kisgateway.gateway.quote.QuoteService.QuoteKey;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class SharedIssueCacheTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final QuoteKey QUOTE = new QuoteKey(SAMSUNG, PriceSeries.MAIN);

    private final ManualClock clock = new ManualClock("2026-11-20T06:15:00Z"); // 15:15 in Seoul, a Friday
    private final SharedIssueCache sharedIssues = new SharedIssueCache(
            new MapSharedCache<>(Duration.ofSeconds(30)),
            new MapSharedCache<>(Duration.ofSeconds(30)),
            new MapSharedCache<>(Duration.ofHours(24)),
            new KrxCalendar(),
            clock);

    @Test
    @Requirement(value = "A-07", clause = "previous")
    @Requirement(value = "A-07", clause = "close")
    @Requirement(value = "A-07", clause = "ex-day")
    void a_previous_close_expires_with_the_session_and_limits_with_the_trading_day() {
        put(Designation.NORMAL);
        clock.advance(Duration.ofMinutes(4));
        assertThat(sharedIssues.previousClose(SAMSUNG)).hasValueSatisfying(close -> {
            assertThat(close.price()).isEqualTo(70_500);
            // Since Thursday, 15:30.
            assertThat(Duration.ofMillis(close.ageMillis()))
                    .isEqualTo(Duration.ofHours(24).minusMinutes(11));
        });
        clock.advance(Duration.ofMinutes(1)); // the closing auction
        assertThat(sharedIssues.previousClose(SAMSUNG)).isEmpty();
        assertThat(complete(MarketFacts.none()).upper()).hasValue(91_000);
        clock.advance(Duration.ofDays(3));
        assertThat(complete(MarketFacts.none())).isEqualTo(MarketFacts.none());
    }

    @Test
    @Requirement(value = "A-07", clause = "halt")
    void a_change_of_the_issue_drops_price_limits_designation_and_previous_close() {
        put(Designation.NORMAL);
        assertThat(sharedIssues.invalidate(QUOTE)).isTrue();
        assertThat(sharedIssues.find(QUOTE)).isEmpty();
        assertThat(sharedIssues.previousClose(SAMSUNG)).isEmpty();
        assertThat(complete(MarketFacts.none())).isEqualTo(MarketFacts.none());
    }

    @Test
    void own_facts_are_not_replaced_by_shared_ones() {
        put(Designation.NORMAL);
        var ownFacts =
                new MarketFacts(OptionalLong.of(1), OptionalLong.of(2), OptionalLong.empty(), Designation.HALTED);
        assertThat(complete(ownFacts))
                .isEqualTo(new MarketFacts(
                        OptionalLong.of(1), OptionalLong.of(2), OptionalLong.of(91_000), Designation.HALTED));
    }

    private MarketFacts complete(MarketFacts ownFacts) {
        return sharedIssues.complete(SAMSUNG, ownFacts);
    }

    private void put(Designation designation) {
        Instant at = clock.instant();
        sharedIssues.store(
                QUOTE,
                new Timestamped<>(
                        new RestQuote(
                                70_000,
                                -500,
                                new BigDecimal("-0.71"),
                                70_500,
                                71_000,
                                69_000,
                                1,
                                2,
                                OptionalLong.empty(),
                                OptionalLong.of(49_000),
                                OptionalLong.of(91_000),
                                designation),
                        at),
                sharedIssues.edition(QUOTE));
    }
}
