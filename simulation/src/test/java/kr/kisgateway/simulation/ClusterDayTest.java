package kr.kisgateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Complete days of three gateways that share a database. */
@Tag("slow")
class ClusterDayTest {
    private static final int DAYS = 20;
    /** Rare events are certain in so many days. */
    private static final int MANY = 1_000;

    private final SimulatedDay days = new SimulatedDay();

    @Test
    void twenty_days_of_three_gateways_lose_nothing_double_nothing_and_have_one_owner() {
        runDays(DAYS);
    }

    @Test
    @Tag("long")
    void ten_thousand_days_of_three_gateways_lose_nothing_double_nothing_and_have_one_owner() {
        runDays(10_000);
    }

    private void runDays(int count) {
        var verdicts = LongStream.rangeClosed(1, count)
                .parallel()
                .mapToObj(days::runCluster)
                .toList();
        List<String> findings = new ArrayList<>();
        Map<String, Integer> totals = new LinkedHashMap<>();
        for (var verdict : verdicts) {
            verdict.findings()
                    .forEach(sentence ->
                            findings.add("./kis simulate --cluster --seed " + verdict.seed() + ": " + sentence));
            verdict.figures().forEach((name, figure) -> totals.merge(name, figure, Integer::sum));
        }
        assertThat(findings).isEmpty();
        // Days without orders or changes of the owner would have verified nothing.
        assertThat(verdicts.stream().mapToInt(SimulatedDay.Verdict::orders).sum())
                .isGreaterThan(60 * count);
        assertThat(totals.get("changes of the owner")).isGreaterThan(2 * count);
        assertThat(totals.get("regular stops")).isGreaterThan(count / 10);
        assertThat(totals.get("machines that stood still")).isGreaterThan(count);
        assertThat(totals.get("partitions")).isGreaterThan(count / 2);
        assertThat(totals.get("lost answers to commits")).isGreaterThan(count / 2);
        assertThat(totals.get("calls refused as NO_OWNER")).isGreaterThan(10 * count);
        if (count >= MANY) {
            assertThat(totals.get("requests that left after a takeover")).isPositive();
        }
    }

    @Test
    void the_same_seed_is_the_same_day_to_the_microsecond() {
        assertThat(timeline(7)).hasSizeGreaterThan(1_000).isEqualTo(timeline(7));
    }

    private List<String> timeline(long seed) {
        var lines = new ArrayList<String>();
        new SimulatedDay().runCluster(seed, Timeline.to(lines::add), Set.of());
        return lines;
    }
}
