package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ops/prometheus} with the promtool of Debian's package. */
@Tag("slow")
class PrometheusFilesTest {
    private static final Path FOLDER = Path.of("..", "ops", "prometheus");
    private static final Pattern ALERT = Pattern.compile("(?m)^ *- alert: (\\w+)$");
    private static final Pattern TEST = Pattern.compile("alertname=\"(\\w+)\", alertstate=\"firing\", ");

    @Test
    void the_configuration_and_the_rules_are_valid() {
        assertThat(PrometheusProgram.promtool(
                        "", "check", "config", FOLDER.resolve("prometheus.yaml").toString()))
                .contains("rules.yaml", "exit 0")
                .doesNotContain("FAILED");
    }

    @Test
    void each_rule_fires_and_ends_in_the_course_that_its_test_describes() throws IOException {
        assertThat(names(TEST, "rules.test.yaml")).isEqualTo(names(ALERT, "rules.yaml"));
        assertThat(promtoolTest(FOLDER)).contains("SUCCESS", "exit 0");
    }

    @Test
    void a_rule_with_another_threshold_fails_its_test(@TempDir Path folder) throws IOException {
        Files.copy(FOLDER.resolve("rules.test.yaml"), folder.resolve("rules.test.yaml"));
        var rules = Files.readString(FOLDER.resolve("rules.yaml"));
        assertThat(rules).contains("[5m]))) > 5\n");
        Files.writeString(folder.resolve("rules.yaml"), rules.replace("[5m]))) > 5\n", "[5m]))) > 50\n"));
        assertThat(promtoolTest(folder)).contains("FAILED", "FeedLate", "exit 1");
    }

    private static String promtoolTest(Path folder) {
        return PrometheusProgram.promtool(
                "", "test", "rules", folder.resolve("rules.test.yaml").toString());
    }

    private static TreeSet<String> names(Pattern pattern, String file) throws IOException {
        var found = new TreeSet<String>();
        pattern.matcher(Files.readString(FOLDER.resolve(file)))
                .results()
                .map((MatchResult match) -> match.group(1))
                .forEach(found::add);
        assertThat(found).isNotEmpty();
        return found;
    }
}
