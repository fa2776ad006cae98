package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.stream.LongStream;
import kr.kisgateway.cli.DemoStrategy.Signal;
import org.junit.jupiter.api.Test;

/** When the averages of the demo cross. */
class DemoStrategyTest {
    private static java.util.List<Signal> signals(long... prices) {
        var strategy = new DemoStrategy(2, 4);
        return LongStream.of(prices)
                .mapToObj(price -> strategy.accept(BigDecimal.valueOf(price)))
                .toList();
    }

    @Test
    void it_buys_once_when_the_short_average_rises_above_and_sells_once_when_it_falls_below() {
        assertThat(signals(100, 100, 90, 80, 110, 120, 130, 100, 80, 70))
                .containsExactly(
                        Signal.NONE,
                        Signal.NONE,
                        Signal.NONE,
                        // 85 below 92.5: the first comparison is where it begins, not a crossing.
                        Signal.NONE,
                        // 95 and 95.
                        Signal.NONE,
                        // 115 above 100.
                        Signal.BUY,
                        Signal.NONE,
                        // 115 and 115.
                        Signal.NONE,
                        // 90 below 107.5.
                        Signal.SELL,
                        Signal.NONE);
    }

    @Test
    void prices_that_do_not_move_say_nothing() {
        assertThat(signals(100, 100, 100, 100, 100, 100)).containsOnly(Signal.NONE);
    }
}
