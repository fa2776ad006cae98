package kr.kisgateway.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FuzzTargetTest {
    @Test
    void a_committed_input_that_fails_is_named() {
        assertThatThrownBy(() -> FuzzTarget.of(StrictReader.class).replay())
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining("StrictReader fails for broken")
                .hasMessageContaining("it begins with x");
    }

    @Test
    void a_target_without_committed_inputs_is_refused() {
        assertThatThrownBy(() -> FuzzTarget.of(FuzzTargetTest.class))
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining("src/test/resources/fuzz/FuzzTargetTest");
    }

    @Test
    void a_run_lasts_five_minutes_unless_a_property_has_another_length() {
        assertThat(FuzzTarget.longRun()).hasSeconds(Long.getLong("kis.fuzz.seconds", 300));
    }

    /** Fails for what begins with an x. */
    public static final class StrictReader {
        private StrictReader() {}

        /** Called by the test, as by Jazzer. */
        public static void fuzzerTestOneInput(byte[] input) {
            if (input[0] == 'x') {
                throw new IllegalStateException("it begins with x");
            }
        }
    }
}
