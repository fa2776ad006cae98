package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import kr.kisgateway.requirement.DocumentedCommand;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code docs/COMMANDS.md} has the help of every command. {@code ./kis openapi} writes it: this test, with the property {@code kis.openapi.write}. */
@Tag("slow")
class CommandsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "COMMANDS.md");
    private static final String HEAD = """
            # Commands

            The help of every command for a running gateway, as `--help` prints it; [CLI.md](CLI.md) explains them. Written by `./kis openapi`.
            실행 중인 게이트웨이를 다루는 모든 명령의 도움말입니다.
            """;

    @TempDir
    Path folder;

    @Test
    void the_page_of_commands_is_the_help_of_each() throws IOException {
        var text = new StringBuilder(HEAD);
        add(Kis.commandLine(Shell.with(Map.of("KIS_COLUMNS", "80"), folder).process()), text);
        if (Boolean.getBoolean("kis.openapi.write")) {
            Files.writeString(PAGE, text.toString());
            return;
        }
        assertThat(Files.readString(PAGE))
                .as("docs/COMMANDS.md differs from the commands: ./kis openapi")
                .isEqualTo(text.toString());
    }

    @Test
    void every_command_in_the_pages_and_in_the_help_of_the_launcher_exists_with_its_options() throws IOException {
        var commands = Kis.commandLine(Shell.with(Map.of(), folder).process());
        var known = DocumentedCommand.allOf(Path.of("..")).stream()
                .filter(one -> commands.getSubcommands().containsKey(one.words().getFirst()))
                .filter(one -> !startsSimulator(one))
                .toList();
        assertThat(known).hasSizeGreaterThan(100);
        var faults = new ArrayList<String>();
        for (var one : known) {
            try {
                Kis.commandLine(Shell.with(Map.of(), folder).process())
                        .parseArgs(one.words().toArray(String[]::new));
            } catch (CommandLine.ParameterException e) {
                faults.add(one + ": " + e.getMessage());
            }
        }
        assertThat(faults).isEmpty();
        assertThat(DocumentedCommand.allOf(Path.of("..")))
                .filteredOn(one -> !known.contains(one) && !startsSimulator(one))
                .allSatisfy(one -> assertThat(LauncherCommands.all())
                        .as(one.toString())
                        .contains(one.words().getFirst()));
    }

    /** {@code ./kis simulator} with options or alone starts the program of that name. */
    private static boolean startsSimulator(DocumentedCommand one) {
        return one.words().getFirst().equals("simulator")
                && (one.words().size() == 1 || one.words().get(1).startsWith("-"));
    }

    private static void add(CommandLine command, StringBuilder text) {
        command.getSubcommands().forEach((name, below) -> {
            text.append("\n## `").append(below.getCommandSpec().qualifiedName()).append("`\n\n```text\n");
            text.append(below.getUsageMessage(CommandLine.Help.Ansi.OFF).strip())
                    .append("\n```\n");
            add(below, text);
        });
    }
}
