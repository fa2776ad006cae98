package kr.kisgateway.client.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import kr.kisgateway.client.budget.BudgetCore.Group;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
    private static final long SPAN = 1_000;

    /** The same by lists: when each call was made, and what is reserved. */
    private static final class Model {
        private record Call(long at, Group group) {}

        private final List<Call> calls = new ArrayList<>();
        private final List<Group> reserved = new ArrayList<>();

        int used(Group group) {
            return (int) (calls.stream().filter(it -> it.group == group).count()
                    + reserved.stream().filter(group::equals).count());
        }

        int used() {
            return calls.size() + reserved.size();
        }

        /** The first time at which fewer than {@code limit} are in the span; those reserved are made now at the earliest. */
        long freeAt(long now, int limit) {
            int tooMany = used() - limit + 1;
            if (tooMany <= 0) {
                return now;
            }
            return (tooMany <= calls.size() ? calls.get(tooMany - 1).at : now) + SPAN;
        }
    }

    @Property(tries = 200)
    void a_window_counts_what_was_made_in_the_last_span_and_what_is_reserved(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var window = new SlidingWindow(SPAN);
        var model = new Model();
        long now = random.nextLong(1_000_000);
        int mostCalls = random.nextInt(3) == 0 ? 300 : 10; // more than it has room for at first
        for (int step = 0; step < 600; step++) {
            Group group = Group.values()[random.nextInt(Group.values().length)];
            switch (random.nextInt(4)) {
                case 0 -> {
                    window.reserve(group);
                    model.reserved.add(group);
                }
                case 1 -> {
                    if (model.reserved.remove(group)) {
                        window.release(group);
                    }
                }
                default -> {
                    window.add(now, group);
                    model.calls.add(new Model.Call(now, group));
                }
            }
            now += random.nextLong(2 * SPAN / mostCalls);
            window.expire(now);
            long oldest = now - SPAN;
            model.calls.removeIf(call -> call.at <= oldest);
            assertThat(window.used()).isEqualTo(model.used());
            assertThat(window.used(group)).isEqualTo(model.used(group));
            int limit = 1 + random.nextInt(mostCalls + 20);
            assertThat(window.freeAt(now, 0, limit)).isEqualTo(model.freeAt(now, limit));
        }
    }

    @Test
    void calls_ahead_take_the_slots_that_come_back_first_and_a_full_span_of_them_one_span() {
        var window = new SlidingWindow(SPAN);
        window.add(100, Group.QUOTE);
        window.add(300, Group.QUOTE);
        window.add(600, Group.QUOTE);
        assertThat(window.freeAt(700, 0, 3)).isEqualTo(1_100);
        assertThat(window.freeAt(700, 1, 3)).isEqualTo(1_300);
        assertThat(window.freeAt(700, 2, 3)).isEqualTo(1_600);
        assertThat(window.freeAt(700, 3, 3)).isEqualTo(2_100);
        assertThat(window.freeAt(700, 7, 3)).isEqualTo(3_300);
        assertThat(window.freeAt(700, 0, 4)).isEqualTo(700);
    }
}
