package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.requirement.DocumentedCommand;
import kr.kisgateway.terminal.Screen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command line of the program: help and usage errors of every command. */
@Tag("slow")
class CommandsTest {
    private static final int COLUMNS = 80;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            keyz                                     | ./kis has no command "keyz"; did you mean "keys"?
            --port=0                                 | ./kis has no option --port
            keys                                     | ./kis keys needs one of its commands: create, list, revoke, rotate.
            keys crate bot                           | ./kis keys has no command "crate"; did you mean "create"?
            keys create                              | ./kis keys create needs NAME: its name: 1 to 40 characters of a-z, 0-9, dot, hyphen and underscore,
            keys create bot extra                    | ./kis keys create takes no further argument: extra.
            keys create bot --rol admin              | ./kis keys create has no option --rol; did you mean "--role"?
            keys create bot --role                   | --role of ./kis keys create needs a value:
            keys create bot --role boss              | --role
            keys create bot --role trade --role quote | --role is given twice; give it once.
            keys create bot --calls-per-second many  | --calls-per-second needs a whole number and got 'many'.
            keys create bot --own --shared           | --own and --shared contradict each other; use one.
            keys create bot --shared                 | --shared needs --strategy
            keys create bot --env=paper              | KIS_ENV
            keys list --all=yes                      | --all takes no value.
            keys revoke                              | ./kis keys revoke needs KEY: its name or id.
            keys rotate bot --grace soon             | --grace must be a time as 30m, 1h or 2d.
            journal                                  | ./kis journal needs one of its commands: verify, rebuild, export, init,
            doctor --force                           | --force needs --live.
            doctor --lve                             | ./kis doctor has no option --lve; did you mean "--live"?
            """)
    void a_usage_error_ends_with_2_and_names_what_is_wrong_and_where_the_help_is(String line, String sentence) {
        assertThat(run(line.split(" +"))).isEqualTo(2);
        assertThat(printed(out)).isEmpty();
        assertThat(printed(err).replaceAll("\\s+", " "))
                .contains(sentence)
                .contains("What to do: ./kis")
                .contains("할 일: ./kis")
                .doesNotContain("Unmatched", "Unknown option", "Missing required", "Invalid value");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void every_command_for_files_in_the_pages_exists_with_its_options() throws IOException {
        var commands = Commands.commandLine(process(), settings -> 0);
        var known = DocumentedCommand.allOf(Path.of("..")).stream()
                .filter(one -> commands.getSubcommands().containsKey(one.words().getFirst()))
                .filter(one -> !one.words().contains("--live-order")) // the operator's command of a running gateway
                .toList();
        assertThat(known).hasSizeGreaterThan(60);
        var faults = new ArrayList<String>();
        for (var one : known) {
            try {
                Commands.commandLine(process(), settings -> 0)
                        .parseArgs(one.words().toArray(String[]::new));
            } catch (CommandLine.ParameterException e) {
                faults.add(one + ": " + e.getMessage());
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void every_command_explains_itself_in_english_and_korean_in_eighty_columns() {
        explain("", Commands.commandLine(process(), settings -> 0));
    }

    private void explain(String path, CommandLine line) {
        assertThat(run((path + " --help").strip().split(" "))).as(path).isZero();
        assertThat(printed(out)).as(path).containsPattern("[가-힣]+").containsPattern("[a-z]+ [a-z]+");
        assertThat(printed(out).lines())
                .allSatisfy(text -> assertThat(Screen.columns(text)).as(text).isLessThanOrEqualTo(COLUMNS));
        line.getSubcommands().forEach((name, child) -> explain((path + " " + name).strip(), child));
    }

    @Test
    void the_word_help_shows_the_page_of_a_command_and_starts_nothing() {
        assertThat(run("help")).isZero();
        assertThat(printed(out)).contains("run", "journal", "keys", "config", "doctor");
        assertThat(run("keys", "help")).isZero();
        assertThat(printed(out)).contains("create", "revoke", "GATEWAY_API_KEY");
        assertThat(run("run", "--port=0", "--help")).isZero();
        assertThat(printed(out)).contains("--simulator-seed=N", "RISK_MAX_QTY");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void config_accepts_the_settings_of_run_in_both_forms_beside_its_own_options() {
        assertThat(run("config", "--port=9999", "--all", "--simulator-seed", "7"))
                .as(printed(err))
                .isZero();
        assertThat(printed(out)).containsPattern("GATEWAY_PORT +9999").containsPattern("SIMULATOR_SEED +7");
        assertThat(run("config", "--prot=9999")).isEqualTo(2);
        assertThat(printed(err)).contains("--prot; did you mean --port?");
    }

    @ParameterizedTest
    @CsvSource({"--al,--all", "--alll,--all", "--doc,--document", "--documnt,--document"})
    void config_suggests_its_own_option_for_a_misspelt_one(String given, String meant) {
        assertThat(run("config", given)).isEqualTo(2);
        assertThat(printed(err)).contains("no option " + given + "; did you mean " + meant + "?");
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        return new Main(process()).run(List.of(args));
    }

    private CommandEnvironment process() {
        return new CommandEnvironment(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new BufferedReader(Reader.nullReader()),
                InstantSource.system(),
                Map.of("KIS_COLUMNS", String.valueOf(COLUMNS)),
                folder,
                folder.resolve("home"));
    }

    private static String printed(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
