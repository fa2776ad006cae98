package kr.kisgateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Complete days with every kind of fault. */
@Tag("slow")
class SimulatedDayTest {
    private final SimulatedDay days = new SimulatedDay();

    @Test
    @Requirement(value = "A-24", clause = "quantities")
    void thirty_days_lose_nothing_double_nothing_and_guess_nothing() {
        runDays(30);
    }

    @Test
    @Requirement("A-24")
    @Tag("long")
    void ten_thousand_days_lose_nothing_double_nothing_and_guess_nothing() {
        runDays(10_000);
    }

    private void runDays(int count) {
        // Each is a world of its own, so they may run concurrently.
        var verdicts =
                LongStream.rangeClosed(1, count).parallel().mapToObj(days::run).toList();
        List<String> findings = new ArrayList<>();
        for (var verdict : verdicts) {
            verdict.findings()
                    .forEach(sentence -> findings.add("./kis simulate --seed " + verdict.seed() + ": " + sentence));
        }
        assertThat(findings).isEmpty();
        // Days without orders or faults would have verified nothing.
        assertThat(verdicts.stream().mapToInt(SimulatedDay.Verdict::orders).sum())
                .isGreaterThan(100 * count);
        assertThat(verdicts.stream().mapToInt(SimulatedDay.Verdict::deaths).sum())
                .isGreaterThan(count / 2);
        Map<String, Integer> totals = new LinkedHashMap<>();
        verdicts.forEach(
                verdict -> verdict.figures().forEach((name, figure) -> totals.merge(name, figure, Integer::sum)));
        assertThat(totals)
                .as("each kind of action occurred often enough")
                .allSatisfy((name, figure) -> assertThat(figure).isGreaterThan(count / 20));
    }

    @Test
    void days_run_in_parallel_equal_days_run_alone() {
        var beside = LongStream.rangeClosed(1, 3).parallel().mapToObj(days::run).toList();
        assertThat(LongStream.rangeClosed(1, 3).mapToObj(days::run).toList()).isEqualTo(beside);
    }

    @Test
    void the_same_seed_is_the_same_day_to_the_microsecond() {
        assertThat(timeline(7)).hasSizeGreaterThan(1_000).isEqualTo(timeline(7));
        assertThat(timeline(8)).isNotEqualTo(timeline(7));
    }

    /** Identity hash codes and the order of unmodifiable sets are others in each process; here all of the former are one. */
    @Test
    void the_same_seed_is_the_same_day_in_another_process() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UnlockExperimentalVMOptions",
                        "-XX:hashCode=2",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimulationMain.class.getName(),
                        "--seed",
                        "27",
                        "--timeline")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> printed;
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            printed = lines.lines().toList();
        }
        assertThat(process.waitFor()).isZero();

        assertThat(printed.subList(0, printed.size() - 1)).isEqualTo(timeline(27));
    }

    @Test
    void a_timeline_changes_nothing_about_its_day() {
        var traced = days.run(3, line -> {});
        assertThat(days.run(3)).isEqualTo(traced);
    }

    private List<String> timeline(long seed) {
        var lines = new ArrayList<String>();
        new SimulatedDay().run(seed, Timeline.to(lines::add), Set.of());
        return lines;
    }
}
