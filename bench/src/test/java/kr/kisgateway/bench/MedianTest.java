package kr.kisgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import kr.kisgateway.bench.Median.Interval;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MedianTest {
    /** The ranks are those of the tables of the sign test. */
    @ParameterizedTest
    @CsvSource({"5, 1, 5", "6, 1, 6", "9, 2, 8", "20, 6, 15", "40, 14, 27", "60, 22, 39"})
    void the_median_lies_between_the_rounds_of_the_sign_test(int rounds, int low, int high) {
        var measured = IntStream.rangeClosed(1, rounds).boxed().toList().reversed();

        assertThat(Median.interval(measured, round -> round)).isEqualTo(new Interval(low, high));
    }
}
