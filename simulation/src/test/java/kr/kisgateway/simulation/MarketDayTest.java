package kr.kisgateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalTime;
import org.junit.jupiter.api.Test;

/** The complete market in virtual time, at a scale that fits a build. */
class MarketDayTest {
    private static final LocalTime FROM = LocalTime.of(8, 45);
    private static final LocalTime UNTIL = LocalTime.of(9, 20);

    @Test
    void the_same_seed_has_the_same_trades_figures_and_minutes() {
        MarketDay.Outcome one = new MarketDay(7, 300, 10).run(FROM, UNTIL);
        MarketDay.Outcome two = new MarketDay(7, 300, 10).run(FROM, UNTIL);
        MarketDay.Outcome other = new MarketDay(8, 300, 10).run(FROM, UNTIL);

        assertThat(one.findings()).isEmpty();
        assertThat(one.trades()).isGreaterThan(10_000);
        assertThat(one).isEqualTo(two);
        assertThat(one.digest()).isNotEqualTo(other.digest());
    }

    @Test
    void a_day_with_its_closing_auction_and_after_market_is_sound() {
        MarketDay.Outcome outcome = new MarketDay(7, 2_000, 1).run(LocalTime.of(15, 10), LocalTime.of(16, 10));

        assertThat(outcome.findings()).isEmpty();
        assertThat(outcome.stocks()).isGreaterThan(2_000);
        assertThat(outcome.shares()).isGreaterThan(100_000_000);
    }
}
