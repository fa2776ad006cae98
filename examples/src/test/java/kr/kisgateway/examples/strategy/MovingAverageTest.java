package kr.kisgateway.examples.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MovingAverageTest {
    private static List<Long> flat() {
        return new ArrayList<>(Collections.nCopies(MovingAverage.LONG, 70_000L));
    }

    @Test
    void a_close_above_a_flat_average_is_an_entry_once() {
        var closes = flat();
        closes.add(70_100L);
        assertThat(MovingAverage.crossesUp(closes)).isTrue();
        closes.removeFirst();
        closes.add(70_200L);
        assertThat(MovingAverage.crossesUp(closes)).as("it is above already").isFalse();
    }

    @Test
    void too_few_bars_and_a_fall_are_none() {
        assertThat(MovingAverage.crossesUp(flat())).isFalse();
        var closes = flat();
        closes.add(69_900L);
        assertThat(MovingAverage.crossesUp(closes)).isFalse();
        assertThat(MovingAverage.crossesUp(List.of())).isFalse();
    }
}
