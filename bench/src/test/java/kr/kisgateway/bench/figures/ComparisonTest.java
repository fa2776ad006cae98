package kr.kisgateway.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import kr.kisgateway.bench.figures.Comparison.Verdict;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final List<Double> BEFORE = List.of(0.78, 0.80, 0.82, 0.81, 0.79);

    @Test
    void a_rate_below_the_noise_of_the_rounds_has_fallen() {
        assertThat(verdict("requests/s", BEFORE, List.of(0.74, 0.75, 0.76, 0.75, 0.75)))
                .isEqualTo(Verdict.FALLEN);
        assertThat(verdict("requests/s", BEFORE, List.of(0.76, 0.77, 0.78, 0.77, 0.77)))
                .isEqualTo(Verdict.WITHIN_NOISE);
        assertThat(verdict("requests/s", BEFORE, List.of(0.90, 0.91, 0.92, 0.91, 0.91)))
                .isEqualTo(Verdict.BETTER);
    }

    @Test
    void of_a_latency_more_is_worse() {
        assertThat(verdict("ms", BEFORE, List.of(0.90, 0.91, 0.92, 0.91, 0.91))).isEqualTo(Verdict.FALLEN);
        assertThat(verdict("ms", BEFORE, List.of(0.70, 0.71, 0.72, 0.71, 0.71))).isEqualTo(Verdict.BETTER);
    }

    @Test
    void the_noise_is_that_of_the_noisier_run() {
        assertThat(verdict("requests/s", BEFORE, List.of(0.60, 0.70, 0.95, 0.71, 0.65)))
                .isEqualTo(Verdict.WITHIN_NOISE);
    }

    @Test
    void a_run_of_fewer_than_five_rounds_is_not_judged() {
        assertThat(verdict("requests/s", BEFORE, List.of(0.1, 0.1, 0.1, 0.1))).isEqualTo(Verdict.NOT_JUDGED);
    }

    @Test
    void one_fallen_figure_makes_the_whole_run_a_fallen_one() {
        var good = figure("good", "ms", BEFORE);
        var comparison = Comparison.of(
                run(good, figure("bad", "ms", BEFORE)),
                run(good, figure("bad", "ms", List.of(2.0, 2.0, 2.0, 2.0, 2.0)), figure("new", "ms", BEFORE)));

        assertThat(comparison.lines()).extracting(Comparison.Line::name).containsExactly("good", "bad");
        assertThat(comparison.isJudged()).isTrue();
        assertThat(comparison.isFallen()).isTrue();
        assertThat(comparison.describe()).contains("fallen", "bad", "within noise", "good");
        assertThat(Comparison.of(run(good), run(good)).isFallen()).isFalse();
    }

    @Test
    void a_figure_that_is_no_longer_measured_is_a_fall() {
        var good = figure("good", "ms", BEFORE);
        var comparison = Comparison.of(run(good, figure("gone", "ms", BEFORE)), run(good));

        assertThat(comparison.lines().getLast().verdict()).isEqualTo(Verdict.MISSING);
        assertThat(comparison.isFallen()).isTrue();
    }

    @Test
    void twenty_rounds_are_judged_by_the_noise_of_five() {
        var before = new ArrayList<Double>(Collections.nCopies(18, 0.8));
        before.addAll(List.of(0.2, 1.4));
        assertThat(verdict("requests/s", before, Collections.nCopies(20, 0.75))).isEqualTo(Verdict.FALLEN);
    }

    @Test
    void without_a_floor_other_machines_are_not_compared() {
        var before = run(figure("start", "ms", BEFORE));
        var other = new StoredRun(
                "./kis bench a",
                "1234abcd",
                Instant.EPOCH,
                "another processor",
                0,
                List.of(figure("start", "ms", List.of(9.0, 9.0, 9.0, 9.0, 9.0))));

        assertThat(Comparison.of(before, other).isFallen()).isFalse();
        assertThat(Comparison.of(before, other).isJudged()).isFalse();
    }

    private static Verdict verdict(String unit, List<Double> before, List<Double> now) {
        return Comparison.of(run(figure("a", unit, before)), run(figure("a", unit, now)))
                .lines()
                .getFirst()
                .verdict();
    }

    private static StoredRun run(StoredRun.Figure... figures) {
        return new StoredRun("./kis bench a", "1234abcd", Instant.EPOCH, "a processor", 0, List.of(figures));
    }

    private static StoredRun.Figure figure(String name, String unit, List<Double> rounds) {
        return new StoredRun.Figure(name, 1, unit, OptionalDouble.empty(), new LinkedHashMap<>(), rounds, List.of());
    }
}
