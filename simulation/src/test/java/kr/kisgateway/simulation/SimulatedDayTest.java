package kr.kisgateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole days in which everything goes wrong that can. */
class SimulatedDayTest {
    private final SimulatedDay days = new SimulatedDay();

    @Test
    @Tag("A-24")
    void two_hundred_days_lose_nothing_double_nothing_and_guess_nothing() {
        pass(200);
    }

    @Test
    @Tag("A-24")
    @Tag("long")
    void ten_thousand_days_lose_nothing_double_nothing_and_guess_nothing() {
        pass(10_000);
    }

    private void pass(int count) {
        var verdicts = LongStream.rangeClosed(1, count).mapToObj(days::run).toList();
        List<String> wrong = new ArrayList<>();
        for (var verdict : verdicts) {
            verdict.wrong().forEach(sentence -> wrong.add("./kis simulate --seed " + verdict.seed() + ": " + sentence));
        }
        assertThat(wrong).isEmpty();
        // Days without orders or without trouble would have judged nothing.
        assertThat(verdicts.stream().mapToInt(SimulatedDay.Verdict::orders).sum())
                .isGreaterThan(100 * count);
        assertThat(verdicts.stream().mapToInt(SimulatedDay.Verdict::deaths).sum())
                .isGreaterThan(count / 2);
    }

    @Test
    void the_same_seed_is_the_same_day_to_the_microsecond() {
        assertThat(timeline(7)).hasSizeGreaterThan(1_000).isEqualTo(timeline(7));
        assertThat(timeline(8)).isNotEqualTo(timeline(7));
    }

    @Test
    void a_timeline_changes_nothing_about_its_day() {
        var watched = days.run(3, line -> {});
        assertThat(days.run(3)).isEqualTo(watched);
    }

    private List<String> timeline(long seed) {
        var lines = new ArrayList<String>();
        new SimulatedDay().run(seed, Timeline.to(lines::add), Set.of());
        return lines;
    }
}
