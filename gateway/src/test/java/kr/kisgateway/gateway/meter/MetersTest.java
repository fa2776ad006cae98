package kr.kisgateway.gateway.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.search.MeterNotFoundException;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class MetersTest {
    private final Meters meters = Meters.inMemory();

    @Test
    void a_value_is_read_when_it_is_requested_and_summed_over_the_tags_that_are_left_open() {
        var filled = new LongAdder();
        meters.counter("order.ended", "orders", "Ended", filled::sum, "status", "filled");
        meters.counter("order.ended", "orders", "Ended", () -> 5, "status", "expired");
        meters.gauge("order.queued", "orders", "Queued", filled::sum);
        filled.add(2);
        assertThat(meters.value("order.ended", "status", "filled")).isEqualTo(2);
        assertThat(meters.value("order.ended")).isEqualTo(7);
        assertThat(meters.value("order.queued")).isEqualTo(2);
        assertThat(meters.tagValues("order.ended", "status")).containsExactly("filled", "expired");
    }

    @Test
    void a_count_outlives_a_garbage_collection_although_its_owner_does_not_keep_it() {
        meters.counter("a.count", "times", "Counted", temporary(3)::sum);
        System.gc();
        assertThat(meters.value("a.count")).isEqualTo(3);
    }

    @Test
    void a_count_is_exact_up_to_two_to_the_fifty_third() {
        meters.counter("a.count", "times", "Counted", () -> (1L << 53) - 1);
        assertThat(meters.value("a.count")).isEqualTo((1L << 53) - 1);
    }

    @Test
    void a_second_meter_with_the_same_name_and_tags_is_refused_and_an_unknown_one_is_not_read() {
        meters.counter("cache.hits", "requests", "Hits", () -> 1, "cache", "quote");
        meters.counter("cache.hits", "requests", "Hits", () -> 2, "cache", "book");
        assertThatThrownBy(() -> meters.counter("cache.hits", "requests", "Hits", () -> 3, "cache", "quote"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cache.hits");
        assertThatThrownBy(() -> meters.value("cache.hits", "cache", "nav")).isInstanceOf(MeterNotFoundException.class);
    }

    private static LongAdder temporary(long count) {
        var adder = new LongAdder();
        adder.add(count);
        return adder;
    }
}
