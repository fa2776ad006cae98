package kr.kisgateway.client.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import kr.kisgateway.client.krx.KrxAnswerFuzzer;
import kr.kisgateway.client.master.MasterTableFuzzer;
import kr.kisgateway.client.ws.SocketFuzzer;
import kr.kisgateway.programs.FuzzTarget;
import kr.kisgateway.programs.ProgramException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The parsers under a coverage-guided fuzzer, each in its own process. */
@Tag("slow")
class JazzerTest {
    @TempDir
    Path folder;

    static List<Class<?>> fuzzers() {
        return List.of(
                FrameFuzzer.class,
                AnswerFuzzer.class,
                SocketFuzzer.class,
                MasterTableFuzzer.class,
                KrxAnswerFuzzer.class,
                SettingsFileFuzzer.class);
    }

    @ParameterizedTest
    @MethodSource("fuzzers")
    void no_committed_input_breaks_a_parser(Class<?> fuzzer) {
        assertThat(FuzzTarget.of(fuzzer).replay()).isNotEmpty();
    }

    @TestFactory
    @Tag("long")
    Stream<DynamicTest> nothing_breaks_a_parser_within_five_minutes() {
        return FuzzTarget.fuzzAll(fuzzers()).entrySet().stream()
                .map(target -> dynamicTest(target.getKey().getSimpleName(), () -> {
                    var coverage = target.getValue().call();
                    System.out.println(target.getKey().getSimpleName() + ": " + coverage);
                    assertThat(coverage.edges()).isPositive();
                }));
    }

    @Test
    void a_broken_parser_is_found_and_its_input_is_retained() throws Exception {
        assertThatThrownBy(() -> FuzzTarget.of(BrokenParser.class).fuzz(Duration.ofSeconds(20), folder))
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining("the parser is broken");
        try (var files = Files.newDirectoryStream(folder, "crash-*")) {
            assertThat(files).hasSize(1);
        }
    }

    /** Fails for texts that begin with a brace; its one committed input does not. */
    public static final class BrokenParser {
        private BrokenParser() {}

        /** Called by Jazzer. */
        public static void fuzzerTestOneInput(byte[] input) {
            if (input.length > 0 && input[0] == '{') {
                throw new IllegalStateException("the parser is broken");
            }
        }
    }
}
