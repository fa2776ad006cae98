package kr.kisgateway.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatencyTest {
    @Test
    void percentiles_are_those_of_what_was_recorded_to_three_digits() {
        var latency = new Latency();
        for (int ms = 1; ms <= 1_000; ms++) latency.record(ms * 1_000_000L);

        assertThat(latency.count()).isEqualTo(1_000);
        assertThat(latency.ms(50)).isCloseTo(500, within(1.0));
        assertThat(latency.ms(99)).isCloseTo(990, within(1.0));
        assertThat(latency.percentiles().keySet()).containsExactly("p50", "p90", "p99", "p99.9", "max");
        assertThat(latency.percentiles().get("max")).isCloseTo(1_000, within(1.0));
    }

    @Test
    void what_is_out_of_range_counts_at_its_edge_instead_of_being_lost() {
        var latency = new Latency();
        latency.record(-5);
        latency.record(Long.MAX_VALUE);

        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.ms(1)).isZero();
        assertThat(latency.ms(100)).isCloseTo(60_000, within(60.0));
    }
}
