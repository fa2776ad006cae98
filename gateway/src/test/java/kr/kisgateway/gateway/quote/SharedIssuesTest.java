package kr.kisgateway.gateway.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import kr.kisgateway.gateway.ask.Shelf.Kept;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class SharedIssuesTest {
    private static final Symbol SAMSUNG = new Symbol("005930");

    private final Clock clock = new Clock("2026-11-20T06:15:00Z"); // 15:15 in Seoul, a Friday
    private final SharedIssues shared = new SharedIssues(
            new MapShelf<>(Duration.ofSeconds(30)),
            new MapShelf<>(Duration.ofSeconds(30)),
            new MapShelf<>(Duration.ofHours(24)),
            new KrxCalendar(),
            clock);

    @Test
    @Requirement(value = "A-07", clause = "previous")
    @Requirement(value = "A-07", clause = "close")
    @Requirement(value = "A-07", clause = "ex-day")
    void a_previous_close_ends_with_the_session_and_limits_with_the_trading_day() {
        put(Standing.NORMAL);
        clock.advance(Duration.ofMinutes(4));
        assertThat(shared.previousClose(SAMSUNG)).hasValueSatisfying(close -> {
            assertThat(close.price()).isEqualTo(70_500);
            // Since Thursday, 15:30.
            assertThat(Duration.ofMillis(close.ageMillis()))
                    .isEqualTo(Duration.ofHours(24).minusMinutes(11));
        });
        clock.advance(Duration.ofMinutes(1)); // the closing auction
        assertThat(shared.previousClose(SAMSUNG)).isEmpty();
        assertThat(complete(MarketFacts.none()).upper()).hasValue(91_000);
        clock.advance(Duration.ofDays(3));
        assertThat(complete(MarketFacts.none())).isEqualTo(MarketFacts.none());
    }

    @Test
    @Requirement(value = "A-07", clause = "halt")
    void a_change_of_the_issue_drops_price_limits_standing_and_previous_close() {
        put(Standing.NORMAL);
        assertThat(shared.drop(SAMSUNG)).isTrue();
        assertThat(shared.find(SAMSUNG)).isEmpty();
        assertThat(shared.previousClose(SAMSUNG)).isEmpty();
        assertThat(complete(MarketFacts.none())).isEqualTo(MarketFacts.none());
    }

    @Test
    void what_is_known_here_is_not_replaced_by_what_is_shared() {
        put(Standing.NORMAL);
        var known = new MarketFacts(OptionalLong.of(1), OptionalLong.of(2), OptionalLong.empty(), Standing.HALTED);
        assertThat(complete(known))
                .isEqualTo(new MarketFacts(
                        OptionalLong.of(1), OptionalLong.of(2), OptionalLong.of(91_000), Standing.HALTED));
    }

    private MarketFacts complete(MarketFacts known) {
        return shared.complete(SAMSUNG, known);
    }

    private void put(Standing standing) {
        Instant at = clock.instant();
        shared.put(
                SAMSUNG,
                new Kept<>(
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
                                standing),
                        at),
                shared.edition(SAMSUNG));
    }
}
