package kr.kisgateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import kr.kisgateway.terminal.ProgressBar;
import kr.kisgateway.terminal.Screen;
import org.junit.jupiter.api.Test;

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
    void wrong_arguments_print_the_help() {
        assertThat(run("--sed", "5")).isEqualTo(2);
        assertThat(run("--seed")).isEqualTo(2);
        assertThat(run("--seed", "five")).isEqualTo(2);
        assertThat(text(err)).contains("./kis simulate");
        assertThat(out.size()).isZero();
    }

    private int run(String... arguments) {
        var progress = new ProgressBar(stream(err), false, Screen.UNBOUNDED, InstantSource.system());
        return SimulationMain.run(List.of(arguments), stream(out), stream(err), progress);
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream of) {
        return of.toString(StandardCharsets.UTF_8);
    }
}
