package kr.kisgateway.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import kr.kisgateway.programs.FuzzTarget;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The messages of agents under a coverage-guided fuzzer, in its own process. */
class JazzerTest {
    @Test
    void no_committed_input_breaks_the_server() {
        assertThat(FuzzTarget.of(McpMessageFuzzer.class).replay()).isNotEmpty();
    }

    @Test
    @Tag("long")
    void nothing_breaks_the_server_within_five_minutes() {
        var coverage = FuzzTarget.of(McpMessageFuzzer.class)
                .fuzz(FuzzTarget.longRun(), FuzzTarget.folder(McpMessageFuzzer.class));
        System.out.println(McpMessageFuzzer.class.getSimpleName() + ": " + coverage);
        assertThat(coverage.edges()).isPositive();
    }
}
