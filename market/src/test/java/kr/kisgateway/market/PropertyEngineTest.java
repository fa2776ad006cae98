package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class PropertyEngineTest {
    /** What the engine is given to run. */
    static final class Passing {
        @Example
        void passes() {
            assertThat(Money.won(1)).isEqualTo(Money.won(1));
        }
    }

    @Test
    void a_run_of_passing_properties_prints_nothing() {
        var printed = new ByteArrayOutputStream();
        var summary = new SummaryGeneratingListener();
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (var stream = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(stream);
            System.setErr(stream);
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(Passing.class))
                                    .build(),
                            summary);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(summary.getSummary().getTestsSucceededCount()).isPositive();
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
