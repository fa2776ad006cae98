package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway over days: nothing grows, and a leak would be found. */
@Tag("slow")
class SoakTest {
    /** Three days of a clock that runs sixty times as fast are 64 minutes. */
    private static final Duration DAYS_LIMIT = Duration.ofMinutes(100);

    private static final Duration QUICK_LIMIT = Duration.ofMinutes(5);

    @TempDir
    Path home;

    private InstalledBench bench;

    @BeforeEach
    void install() throws IOException {
        bench = InstalledBench.in(home);
    }

    @AfterEach
    void unlink() throws IOException {
        bench.close();
    }

    @Test
    void planted_leaks_are_in_the_process_that_is_counted() throws Exception {
        var leaks = bench.run(QUICK_LIMIT, "soak", "leak", "--quick");

        assertThat(leaks.exitCode()).as(leaks.log()).isZero();
        for (var figure :
                List.of("soak.leak.direct", "soak.leak.threads", "soak.leak.descriptors", "soak.leak.files")) {
            var counted = leaks.results().get(figure).path("details");
            assertThat(number(counted.path("last").asString(""))
                            - number(counted.path("first").asString("")))
                    .as(figure + ": " + leaks.log())
                    .isGreaterThan(4);
        }
        assertThat(bench.leftovers()).isEmpty();
    }

    @Test
    void too_few_days_to_compare_are_refused() throws Exception {
        var refused = bench.run(QUICK_LIMIT, "soak", "fast", "--rounds", "2");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.log()).contains("--rounds must be 3 or more");
    }

    @Requirement(value = "A-20", clause = "accelerated")
    @Tag("long")
    @Test
    void nothing_grows_over_three_days_of_load_and_faults() throws Exception {
        var soak = bench.run(DAYS_LIMIT, "soak", "fast");

        assertThat(soak.exitCode()).as(soak.log()).isZero();
        assertThat(soak.log()).containsPattern("met +soak.heap").doesNotContain("MISSED");
    }

    @Tag("long")
    @Test
    void each_planted_leak_is_found() throws Exception {
        var leaks = bench.run(DAYS_LIMIT, "soak", "leak");

        assertThat(leaks.exitCode()).as(leaks.log()).isZero();
        assertThat(leaks.results().values().stream()
                        .filter(result -> result.path("bars")
                                .path(0)
                                .path("wanted")
                                .asString("")
                                .contains("as planted"))
                        .map(result -> result.path("name").asString("")))
                .containsExactlyInAnyOrder(
                        "soak.leak.heap",
                        "soak.leak.direct",
                        "soak.leak.threads",
                        "soak.leak.descriptors",
                        "soak.leak.files",
                        "soak.leak.accept_p99",
                        "soak.leak.quote_p99",
                        "soak.leak.lag_p99");
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace(",", ""));
    }
}
