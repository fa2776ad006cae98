package kr.kisgateway.client.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BackwardPagerTest {
    private static BackwardPager<Integer, Integer> pager() {
        return BackwardPager.untilEmpty(bar -> bar, oldest -> Optional.of(oldest - 1));
    }

    /** For any bars and any number of bars an answer, the chart is those between both ends, each once. */
    @Property
    void a_chart_has_exactly_the_bars_between_its_ends_for_any_page_size(
            @ForAll @Size(max = 60) List<@IntRange(max = 200) Integer> drawn,
            @ForAll @IntRange(min = 1, max = 30) int atOnce,
            @ForAll @IntRange(max = 200) int one,
            @ForAll @IntRange(max = 200) int other) {
        var bars = new TreeSet<>(drawn);
        int from = Math.min(one, other);
        int to = Math.max(one, other);
        var requestedEnds = new ArrayList<Integer>();
        KisReply<List<Integer>> chart = pager().collectBars(from, to, end -> {
            requestedEnds.add(end);
            return new KisReply.Ok<>(bars.headSet(end, true).descendingSet().stream()
                    .limit(atOnce)
                    .toList());
        });
        List<Integer> expected = List.copyOf(bars.subSet(from, true, to, true));
        assertThat(chart).isEqualTo(new KisReply.Ok<>(expected));
        assertThat(requestedEnds.size()).isLessThanOrEqualTo(expected.size() / atOnce + 2);
    }

    @Test
    void paging_ends_when_every_request_gets_the_same_answer() {
        var requestedEnds = new ArrayList<Integer>();
        KisReply<List<Integer>> chart = pager().collectBars(0, 100, end -> {
            requestedEnds.add(end);
            return new KisReply.Ok<>(List.of(100, 99, 98));
        });
        assertThat(chart).isEqualTo(new KisReply.Ok<>(List.of(98, 99, 100)));
        assertThat(requestedEnds).containsExactly(100, 97);
    }

    @Test
    void bars_after_the_requested_time_are_left_out() {
        KisReply<List<Integer>> chart =
                pager().collectBars(5, 10, end -> new KisReply.Ok<>(end == 10 ? List.of(12, 11, 10, 7) : List.of()));
        assertThat(chart).isEqualTo(new KisReply.Ok<>(List.of(7, 10)));
    }

    @Test
    void a_failed_page_fails_the_chart() {
        KisFailure failure = KisFailure.of(KisFailure.Kind.TIMEOUT, "late", "retry", true);
        KisReply<List<Integer>> chart = pager().collectBars(
                        0, 10, end -> end == 10 ? new KisReply.Ok<>(List.of(10, 9)) : new KisReply.Failed<>(failure));
        assertThat(chart).isEqualTo(new KisReply.Failed<>(failure));
    }

    @Test
    void paging_can_continue_further_back_after_an_empty_page() {
        var holes = new BackwardPager<Integer, Integer>(
                bar -> bar, oldest -> Optional.of(oldest - 1), at -> Optional.of(at - 10));
        KisReply<List<Integer>> chart = holes.collectBars(
                0,
                50,
                end -> new KisReply.Ok<>(IntStream.of(45, 44, 12, 3)
                        .filter(bar -> bar <= end && bar > end - 10)
                        .boxed()
                        .toList()));
        assertThat(chart).isEqualTo(new KisReply.Ok<>(List.of(3, 12, 44, 45)));
    }
}
