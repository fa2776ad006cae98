package kr.kisgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kr.kisgateway.bench.figures.Comparison;
import kr.kisgateway.bench.figures.StoredRun;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
    private static final Machine MACHINE = new Machine(
            "Linux 6 amd64",
            "a processor",
            2,
            8_000,
            "25",
            0.25,
            new TreeMap<>(Map.of("gateway", List.of("-Xmx160m"))));

    private final Report report = new Report(
            new Origin("./kis bench quote", "1234abcd", Instant.parse("2026-11-28T20:00:00Z")),
            MACHINE,
            List.of(
                    Result.of("quote.rate", 30_000, "requests/s")
                            .with("connections", 32)
                            .with(Target.atLeast(0.7, 0.75, "of the bare route"))
                            .with(Target.atLeast(40_000, 30_000, "requests/s")),
                    Result.of("quote.rate.floor", 40_000, "requests/s"),
                    Result.of("start.resident_mb", 181.25, "MB").with(Map.of("max", 200.5))));

    @Test
    void the_json_has_the_machine_and_every_result_with_its_floor_and_ratio() {
        var json = JsonMapper.builder().build().readTree(report.json());

        assertThat(json.path("command").asString()).isEqualTo("./kis bench quote");
        assertThat(json.path("commit").asString()).isEqualTo("1234abcd");
        assertThat(json.path("measured").asString()).isEqualTo("2026-11-28T20:00:00Z");
        assertThat(json.path("machine").path("cores").asInt()).isEqualTo(2);
        assertThat(json.path("machine").path("memory_mb").asLong()).isEqualTo(8_000);
        assertThat(json.path("machine").path("jvm_flags").path("gateway").get(0).asString())
                .isEqualTo("-Xmx160m");
        var rate = json.path("results").get(0);
        assertThat(rate.path("name").asString()).isEqualTo("quote.rate");
        assertThat(rate.path("value").asDouble()).isEqualTo(30_000);
        assertThat(rate.path("unit").asString()).isEqualTo("requests/s");
        assertThat(rate.path("floor").asDouble()).isEqualTo(40_000);
        assertThat(rate.path("ratio").asDouble()).isCloseTo(0.75, within(1e-9));
        assertThat(rate.path("details").path("connections").asString()).isEqualTo("32");
        assertThat(json.path("results").get(1).path("name").asString()).isEqualTo("quote.rate.floor");
        var resident = json.path("results").get(2);
        assertThat(resident.path("percentiles").path("max").asDouble()).isEqualTo(200.5);
        assertThat(resident.has("floor")).isFalse();
    }

    @Test
    void what_is_written_is_read_again_and_compared_with_its_floor() {
        var fast = StoredRun.parse(withRounds(List.of(30_000.0, 31_000.0, 29_000.0, 30_500.0, 30_200.0))
                .json());
        var slow = StoredRun.parse(withRounds(List.of(20_000.0, 21_000.0, 19_000.0, 20_500.0, 20_200.0))
                .json());

        var rate = fast.figures().getFirst();
        assertThat(rate.rounds()).hasSize(5);
        assertThat(rate.rounds().getFirst()).isCloseTo(0.75, within(1e-9));
        assertThat(rate.isLessBetter()).isFalse();
        assertThat(rate.bars().getFirst().wanted()).isEqualTo("≥ 0.7 of the bare route");
        assertThat(fast.machine()).isEqualTo("a processor × 2");
        assertThat(Comparison.of(fast, slow).isFallen()).isTrue();
        assertThat(Comparison.of(slow, fast).isFallen()).isFalse();
        assertThat(Comparison.of(fast, fast).lines())
                .extracting(Comparison.Line::verdict)
                .containsExactly(Comparison.Verdict.WITHIN_NOISE);
    }

    private Report withRounds(List<Double> rounds) {
        return new Report(
                report.origin(),
                MACHINE,
                List.of(
                        Result.of("quote.rate", 30_000, "requests/s")
                                .withRounds(rounds, rate -> rate)
                                .with(Target.atLeast(0.7, 0.75, "of the bare route")),
                        Result.of("quote.rate.floor", 40_000, "requests/s")
                                .withRounds(Collections.nCopies(5, 40_000.0), rate -> rate)));
    }

    @Test
    void the_table_shows_a_floor_beside_its_result_only() {
        var table = report.table();

        assertThat(table.lines().filter(line -> line.startsWith("quote.rate ")))
                .singleElement()
                .asString()
                .contains("30,000", "40,000", "0.75");
        assertThat(table).doesNotContain("quote.rate.floor");
        assertThat(table).contains("2 cores", "load 0.3 at the start");
    }

    @Test
    void each_target_is_reported_as_met_or_missed_with_its_limit() {
        assertThat(report.table().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains("met quote.rate 0.750, wanted ≥ 0.7 of the bare route")
                .contains("MISSED quote.rate 30,000, wanted ≥ 40,000 requests/s");
        var bars = JsonMapper.builder().build().readTree(report.json()).at("/results/0/bars");
        assertThat(bars.get(0).path("met").asBoolean()).isTrue();
        assertThat(bars.get(1).path("met").asBoolean()).isFalse();
        assertThat(bars.get(1).path("wanted").asString()).isEqualTo("≥ 40,000 requests/s");
        assertThat(Target.below(10, 10, "ms").isMet()).isFalse();
        assertThat(Target.atMost(10, 10, "ms").isMet()).isTrue();
    }

    @Test
    void the_middle_round_counts() {
        assertThat(Median.of(List.of(9.0, 1.0, 5.0), rate -> rate)).isEqualTo(5.0);
        assertThat(Median.of(List.of(9.0, 1.0), rate -> rate)).isEqualTo(1.0);
    }
}
