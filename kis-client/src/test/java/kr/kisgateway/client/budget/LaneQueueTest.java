package kr.kisgateway.client.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.client.Lane;
import org.junit.jupiter.api.Test;

class LaneQueueTest {
    private final LaneQueue queue = new LaneQueue();
    private long lastId;

    private Waiter add(String tenant, boolean ledger, int weight) {
        var waiter = new Waiter(++lastId, Lane.QUOTE, tenant, ledger, Long.MAX_VALUE);
        queue.add(waiter, weight);
        return waiter;
    }

    private void add(String tenant, int count) {
        for (int i = 0; i < count; i++) {
            add(tenant, false, 1);
        }
    }

    @Test
    void calls_of_one_tenant_go_in_the_order_of_their_arrival_whether_or_not_they_reach_the_ledger() {
        var first = add("t", true, 1);
        var second = add("t", false, 1);
        var third = add("t", true, 1);
        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.ledgerSize()).isEqualTo(2);
        assertThat(queue.take(true)).contains(first);
        assertThat(queue.take(true)).contains(second);
        assertThat(queue.take(true)).contains(third);
        assertThat(queue.take(true)).isEmpty();
    }

    @Test
    void a_full_ledger_stops_only_the_calls_that_reach_it() {
        var first = add("t", true, 1);
        var second = add("t", false, 1);
        assertThat(queue.take(false)).contains(second);
        assertThat(queue.take(false)).isEmpty();
        assertThat(queue.take(true)).contains(first);
    }

    @Test
    void tenants_take_turns_and_a_heavier_one_takes_several_in_a_row() {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            add("heavy", false, 3);
        }
        add("light", 3);
        while (queue.size() > 0) {
            order.add(queue.take(true).orElseThrow().tenant);
        }
        assertThat(order).containsExactly("heavy", "heavy", "heavy", "light", "heavy", "light", "light");
    }

    @Test
    void a_call_is_behind_its_own_tenants_calls_and_as_many_of_others_as_take_turns_with_them() {
        add("a", 10);
        assertThat(queue.waitersAhead("a", 1)).isEqualTo(10);
        assertThat(queue.waitersAhead("b", 1)).as("one turn of the other").isEqualTo(1);
        add("b", 4);
        assertThat(queue.waitersAhead("b", 1)).isEqualTo(4 + 5);
        assertThat(queue.waitersAhead("b", 2))
                .as("two for each turn of the other")
                .isEqualTo(4 + 3);
        assertThat(queue.waitersAhead("a", 1)).as("not more than wait").isEqualTo(10 + 4);
        add("heavy", false, 3);
        for (int i = 0; i < 19; i++) {
            add("heavy", false, 3);
        }
        assertThat(queue.waitersAhead("b", 1)).isEqualTo(4 + 5 + 15);
    }

    @Test
    void calls_that_reach_the_ledger_count_in_the_line_like_others() {
        add("a", true, 1);
        add("a", false, 1);
        assertThat(queue.waitersAhead("a", 1)).isEqualTo(2);
    }

    @Test
    void a_removed_call_is_not_in_the_line_any_more() {
        var first = add("t", true, 1);
        var second = add("t", false, 1);
        queue.remove(first);
        queue.remove(first);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.ledgerSize()).isZero();
        assertThat(queue.take(true)).contains(second);
    }
}
