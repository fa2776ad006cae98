package kr.kisgateway.simulator.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.SplittableRandom;
import kr.kisgateway.simulator.catalog.Executions.Execution;
import kr.kisgateway.simulator.exchange.Minutes;
import org.junit.jupiter.api.Test;

class ExecutionsTest {
    private static final SeededDraw DRAW = SeededDraw.of(7).with("005930");

    private static List<Execution> trades(Minutes.Bar bar, int seconds, boolean auction) {
        return Executions.of(DRAW.with(bar.minute()), bar, seconds, auction, price -> 10, 500_000);
    }

    /** A bar of any shape: flat, with and without range beyond its ends, of a few shares or of many. */
    private static Minutes.Bar bar(SplittableRandom random) {
        long open = 1_000 + 10L * random.nextInt(20);
        long close = 1_000 + 10L * random.nextInt(20);
        long high = Math.max(open, close) + 10L * random.nextInt(3);
        long low = Math.min(open, close) - 10L * random.nextInt(3);
        long volume = 4 + (random.nextInt(3) == 0 ? random.nextInt(10) : random.nextInt(1_000_000));
        return new Minutes.Bar(random.nextInt(1_440), open, high, low, close, volume, volume * close);
    }

    @Test
    void trades_of_a_minute_make_up_its_bar_exactly() {
        SplittableRandom random = new SplittableRandom(16);
        for (int i = 0; i < 2_000; i++) {
            Minutes.Bar bar = bar(random);
            List<Execution> trades = trades(bar, 60, false);
            assertThat(trades).as("%s", bar).hasSizeLessThanOrEqualTo(240);
            assertThat(trades.stream().mapToLong(Execution::qty).sum()).isEqualTo(bar.volume());
            assertThat(trades.getFirst().price()).as("%s", bar).isEqualTo(bar.open());
            assertThat(trades.getLast().price()).as("%s", bar).isEqualTo(bar.close());
            assertThat(trades.stream().mapToLong(Execution::price).max()).hasValue(bar.high());
            assertThat(trades.stream().mapToLong(Execution::price).min()).hasValue(bar.low());
            int second = bar.minute() * 60;
            for (Execution trade : trades) {
                assertThat(trade.qty()).isPositive();
                assertThat(trade.price() % 10).isZero();
                assertThat(trade.second()).isBetween(second, bar.minute() * 60 + 59);
                second = trade.second();
            }
            assertThat(trades(bar, 60, false)).as("the same again").isEqualTo(trades);
        }
    }

    @Test
    void a_single_share_trades_at_the_close_and_an_auction_is_one_trade() {
        assertThat(trades(new Minutes.Bar(600, 1_000, 1_010, 1_000, 1_010, 1, 1_010), 60, false))
                .extracting(Execution::price, Execution::qty)
                .containsExactly(tuple(1_010L, 1L));
        assertThat(trades(new Minutes.Bar(930, 1_000, 1_000, 1_000, 1_000, 90_000, 90_000_000), 60, true))
                .extracting(Execution::second, Execution::qty)
                .containsExactly(tuple(930 * 60, 90_000L));
        assertThat(trades(new Minutes.Bar(600, 0, 0, 0, 0, 0, 0), 60, false)).isEmpty();
    }

    @Test
    void trades_of_the_running_minute_are_not_in_the_future() {
        assertThat(trades(new Minutes.Bar(600, 1_000, 1_020, 990, 1_010, 50_000, 50_000_000), 5, false))
                .hasSizeGreaterThan(4)
                .allSatisfy(trade -> assertThat(trade.second()).isLessThan(600 * 60 + 5));
    }
}
