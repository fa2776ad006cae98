package kr.kisgateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import kr.kisgateway.terminal.ProgressBar;
import kr.kisgateway.terminal.Screen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class SimulationMainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void a_seed_with_its_timeline_prints_the_day_and_exits_with_zero() {
        assertThat(run("--seed", "5", "--timeline")).isZero();
        assertThat(text(out)).contains("gateway   starts, life 1", "POST /uapi/domestic-stock/v1/trading/order-cash");
        assertThat(text(out).lines().reduce("", (a, b) -> b)).startsWith("1 days, ");
    }

    @Test
    void several_days_are_summed_up_in_one_line() {
        assertThat(run("--seed", "4", "--days", "2")).isZero();
        assertThat(text(out)).startsWith("2 days, ").hasLineCount(1);
    }

    @Test
    void a_day_of_a_cluster_has_three_gateways() {
        assertThat(run("--cluster", "--seed", "1", "--timeline")).isZero();
        assertThat(text(out))
                .contains("node1     starts", "node2     starts", "node3     starts", "takes the lease, epoch 1");
    }

    @Test
    void wrong_arguments_are_named_before_the_help() {
        run("--seed", "x");
        assertThat(text(err))
                .startsWith("--seed needs a whole number, not \"x\".")
                .contains("./kis simulate");
        err.reset();
        run("--seed");
        assertThat(text(err)).startsWith("--seed needs a whole number after it.");
        err.reset();
        run("--days", "0");
        assertThat(text(err)).startsWith("--days needs a whole number above 0, not \"0\".");
        err.reset();
        run("--sed", "5");
        assertThat(text(err)).startsWith("There is no option \"--sed\".");
        assertThat(text(err)).containsPattern("[가-힣]+");
    }

    @Test
    void a_report_has_the_days_their_faults_and_who_found_a_planted_defect(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("R.md");
        var bugs = List.of(Bug.ANSWERS_BEFORE_DURABLE, Bug.CHECKS_NO_EPOCH);
        assertThat(new ReliabilityReport(5, 2, bugs, progress()).write(file)).isTrue();
        var day5 = new SimulatedDay().run(5);
        var day6 = new SimulatedDay().run(6);
        String dead = day5.deaths() + day6.deaths() + "";
        assertThat(Files.readString(file))
                .contains("`./kis simulate --report " + file + " --seed 5 --days 2`")
                .containsPattern("\\| orders \\| " + String.format("%,d", day5.orders() + day6.orders()) + " \\|")
                .containsPattern("\\| deaths between two steps of a gateway \\| " + dead + " \\|")
                .contains("| **days with findings** | **0** | **0** |")
                .containsPattern("\\| call: request lost \\| [0-9]+ \\| [0-9]+ \\|")
                .containsPattern("\\| cluster: [a-z ]+ \\| – \\| [0-9]+ \\|")
                .containsPattern("\\| answers before durable \\| 1 \\| 1 \\| .*acknowledged before it was on disk")
                .containsPattern("\\| checks no epoch \\| 3 \\| 2 \\| .*written by a former owner");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_report_that_cannot_be_written_is_refused_before_its_days_run(@TempDir Path folder) {
        assertThat(run("--report", folder.resolve("none/R.md").toString())).isEqualTo(2);
        assertThat(text(err)).contains("cannot write");
        assertThat(run("--report", folder.toString())).isEqualTo(2);
        assertThat(run("--report")).isEqualTo(2);
    }

    @Test
    void wrong_arguments_print_the_help() {
        assertThat(run("--sed", "5")).isEqualTo(2);
        assertThat(run("--seed")).isEqualTo(2);
        assertThat(run("--seed", "five")).isEqualTo(2);
        assertThat(text(err)).contains("./kis simulate");
        assertThat(out.size()).isZero();
    }

    private int run(String... arguments) {
        return SimulationMain.run(List.of(arguments), stream(out), stream(err), progress());
    }

    private ProgressBar progress() {
        return new ProgressBar(stream(err), false, Screen.UNBOUNDED, InstantSource.system());
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream of) {
        return of.toString(StandardCharsets.UTF_8);
    }
}
