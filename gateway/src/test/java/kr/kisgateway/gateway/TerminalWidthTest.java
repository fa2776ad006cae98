package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import kr.kisgateway.terminal.Screen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The output of the operator's commands, at the widths of terminals. */
@Tag("slow")
class TerminalWidthTest {
    /** While a market is open, so that {@code doctor} explains itself and calls no broker. */
    private static final InstantSource MORNING = InstantSource.fixed(Instant.parse("2026-11-20T01:00:00Z"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {80, 100, 120})
    void every_table_and_text_of_the_operators_commands_fits_the_terminal(int width) {
        KeyCommands.printed(
                folder,
                List.of(
                        "create",
                        "a-name-of-some-length",
                        "--role=operator",
                        "--symbols=005930,000660,035420,035720,005380,000270,068270,051910,006400,207940,105560",
                        "--accounts=A1",
                        "--strategy=momentum-of-the-morning",
                        "--networks=10.0.0.0/8,192.168.100.0/24",
                        "--expires=90d"));
        for (String command : List.of(
                "help",
                "run --help",
                "keys help",
                "keys create --help",
                "keys create another-name --rol admin",
                "keys list",
                "keys create another-name --role trade",
                "keys create another-name",
                "keys rotate a-name-of-some-length",
                "keys list --all",
                "keys revoke nobody-has-this-name",
                "config --help",
                "config",
                "config --all",
                "journal help",
                "journal export --help",
                "journal init --help",
                "journal migrate --help",
                "journal migrate",
                "journal verify",
                "journal export --format csv",
                "doctor",
                "doctor --help",
                "doctor --live",
                "run --no-such-setting=1",
                "nothing-like-this")) {
            assertThat(printed(width, command).lines())
                    .as(command)
                    .isNotEmpty()
                    .filteredOn(line -> line.strip().contains(" ")) // a path or a key longer than a line is not split
                    .allSatisfy(
                            line -> assertThat(Screen.columns(line)).as(line).isLessThanOrEqualTo(width));
        }
    }

    @Test
    void the_list_of_keys_has_a_head_and_one_row_for_each_key_where_there_is_no_terminal() {
        KeyCommands.printed(folder, List.of("create", "reader"));

        assertThat(KeyCommands.run(folder, List.of("list")).out().lines().toList())
                .satisfiesExactly(
                        head -> assertThat(head).matches("KEY +NAME +ROLE +STATE +ACCOUNTS +SYMBOLS +ORDERS +FROM"),
                        row -> assertThat(row).matches("kgw_\\S+… +reader +quote +valid +all +all +all +anywhere"));
    }

    private String printed(int width, String command) {
        var both = new ByteArrayOutputStream();
        var stream = new PrintStream(both, true, StandardCharsets.UTF_8);
        new Main(new CommandEnvironment(
                        stream,
                        stream,
                        new BufferedReader(Reader.nullReader()),
                        MORNING,
                        Map.of(
                                "KIS_COLUMNS",
                                String.valueOf(width),
                                "KIS_APP_KEY",
                                "a-key-of-a-test",
                                "KIS_APP_SECRET",
                                "a-secret-of-a-test"),
                        folder,
                        folder.resolve("home")))
                .run(List.of(command.split(" ")));
        return both.toString(StandardCharsets.UTF_8);
    }
}
