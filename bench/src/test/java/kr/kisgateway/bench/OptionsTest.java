package kr.kisgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import kr.kisgateway.bench.figures.StoredRun;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static final Map<String, Options.Accepted> BENCHES = new TreeMap<>(Map.of(
            "decode",
            new Options.Accepted(List.of(), Set.of(Options.Length.SECONDS)),
            "quote",
            new Options.Accepted(List.of("memory", "cached"), EnumSet.allOf(Options.Length.class))));

    @Test
    void options_are_read_with_and_without_an_equals_sign() {
        var expected = new Options.Parsed.Run(new Options(
                "quote",
                Optional.of("cached"),
                Optional.of(Path.of("a.json")),
                OptionalInt.of(3),
                OptionalInt.of(5),
                Set.of(Options.Flag.QUICK)));

        assertThat(Options.parse(
                        List.of("quote", "cached", "--json", "a.json", "--seconds", "3", "--rounds", "5", "--quick"),
                        BENCHES))
                .isEqualTo(expected);
        assertThat(Options.parse(
                        List.of("quote", "--quick", "--rounds=5", "--seconds=3", "cached", "--json=a.json"), BENCHES))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "quotes, there is no bench \"quotes\"",
        "quote --json, --json needs a value",
        "quote --json=, --json needs a file",
        "quote --seconds 0, --seconds must be",
        "quote --seconds 3601, --seconds must be",
        "quote --seconds x, --seconds must be",
        "quote --rounds 100, --rounds must be",
        "decode cached, \"cached\" is not understood",
        "decode --rounds 5, decode does not read --rounds",
        "decode --rounds=5, decode does not read --rounds",
        "quote memory cached, \"cached\" is not understood",
        "quote fast, \"fast\" is not understood",
        "quote --quick --store, neither stored nor compared",
        "quote --compare --quick, neither stored nor compared",
        "report quote, report takes no",
        "stored, stored needs --store or --compare",
        "stored quote --store, stored takes no",
        "stored --store --quick, stored takes no"
    })
    void invalid_arguments_are_refused_with_the_valid_ones(String line, String sentence) {
        assertThat(Options.parse(List.of(line.split(" ")), BENCHES))
                .isInstanceOfSatisfying(
                        Options.Parsed.Invalid.class,
                        wrong -> assertThat(wrong.sentence()).contains(sentence).contains("decode|quote"));
    }

    @Test
    void the_command_repeats_what_is_measured_and_names_no_file() {
        assertThat(Options.parse(
                        List.of("quote", "--store", "--json", "secret/a.json", "memory", "--rounds", "5", "--compare"),
                        BENCHES))
                .isInstanceOfSatisfying(Options.Parsed.Run.class, run -> {
                    assertThat(run.options().command()).isEqualTo("./kis bench quote memory --rounds 5");
                    assertThat(run.options().stores()).isTrue();
                    assertThat(run.options().compares()).isTrue();
                });
        assertThat(Options.parse(List.of("report"), BENCHES)).isEqualTo(new Options.Parsed.WriteReport());
    }

    @Test
    void a_stored_command_is_measured_again_with_the_flags_of_now() {
        assertThat(Options.parse(List.of("stored", "--compare", "--store"), BENCHES))
                .isEqualTo(new Options.Parsed.MeasureStored(Set.of(Options.Flag.STORE, Options.Flag.COMPARE)));

        assertThat(Options.ofStored("./kis bench quote cached --rounds 5", Set.of(Options.Flag.COMPARE), BENCHES))
                .isEqualTo(Options.parse(List.of("quote", "cached", "--rounds", "5", "--compare"), BENCHES));
        assertThat(Options.ofStored("./kis test", Set.of(Options.Flag.STORE), BENCHES))
                .isInstanceOf(Options.Parsed.Invalid.class);
    }

    @Test
    void stored_commands_that_measure_nothing_are_reported_and_end_with_1() {
        var err = new ByteArrayOutputStream();
        var runs = Stream.of("./kis bench speed", "./kis bench report")
                .map(command -> new StoredRun(command, "", Instant.EPOCH, "", 0, List.of()))
                .toList();

        int code =
                Main.measureAgain(runs, Set.of(Options.Flag.STORE), printer(new ByteArrayOutputStream()), printer(err));

        assertThat(code).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("1 of 2: ./kis bench speed")
                .contains("there is no bench \"speed\"")
                .contains("2 of 2: ./kis bench report")
                .contains("failed: ./kis bench speed, ./kis bench report");
    }

    @Test
    void every_stored_run_can_be_measured_again() throws IOException {
        var runs = StoredRun.all(Launch.projectHome());

        assertThat(runs)
                .isNotEmpty()
                .allSatisfy(run -> assertThat(
                                Options.ofStored(run.command(), Set.of(Options.Flag.COMPARE), Main.accepted()))
                        .isInstanceOfSatisfying(
                                Options.Parsed.Run.class,
                                parsed -> assertThat(parsed.options().command()).isEqualTo(run.command())));
    }

    @Test
    void an_unknown_bench_ends_with_2_and_measures_nothing() {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();

        int code = Main.run(List.of("speed"), printer(out), printer(err));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("speed")
                .contains("decode|quote|order|cluster|stream|tick|batch|start");
        assertThat(out.size()).isZero();
    }

    @Test
    void help_names_every_bench() {
        var out = new ByteArrayOutputStream();

        int code = Main.run(List.of("quote", "--help"), printer(out), printer(new ByteArrayOutputStream()));

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(Main.accepted().keySet())
                .containsPattern("[가-힣]+");
    }

    private static PrintStream printer(ByteArrayOutputStream into) {
        return new PrintStream(into, true, StandardCharsets.UTF_8);
    }
}
