package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code docs/COMMANDS.md} has the help of every command. {@code ./kis openapi} writes it: this test, with the property {@code kis.openapi.write}. */
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

    private static void add(CommandLine command, StringBuilder text) {
        command.getSubcommands().forEach((name, below) -> {
            text.append("\n## `").append(below.getCommandSpec().qualifiedName()).append("`\n\n```text\n");
            text.append(below.getUsageMessage(CommandLine.Help.Ansi.OFF).strip())
                    .append("\n```\n");
            add(below, text);
        });
    }
}
