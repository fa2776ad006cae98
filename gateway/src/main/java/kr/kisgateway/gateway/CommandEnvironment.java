package kr.kisgateway.gateway;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import kr.kisgateway.terminal.Screen;

/** The process environment of a command: arguments, streams and variables. */
record CommandEnvironment(
        PrintStream out,
        PrintStream err,
        BufferedReader in,
        InstantSource clock,
        Map<String, String> variables,
        Path workingDir,
        Path homeDir) {
    static final int BAD_REQUEST = 2;

    static CommandEnvironment ofProcess(PrintStream out, PrintStream err, InstantSource clock) {
        return new CommandEnvironment(
                out,
                err,
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                clock,
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("user.home")));
    }

    private int width() {
        return Screen.width(Optional.ofNullable(variables.get("KIS_COLUMNS")));
    }

    /** Standard output, in lines that fit the terminal. */
    Screen screen() {
        return new Screen(out, width());
    }

    /** Standard error, in lines that fit the terminal. */
    Screen notes() {
        return new Screen(err, width());
    }

    /** The exit code when help or a usage error ends the command; empty when there is a command to execute. */
    OptionalInt helpExitCode(List<String> args, String name, String help, Set<String> commands) {
        if (args.isEmpty()
                || args.contains("--help")
                || args.contains("-h")
                || args.getFirst().equals("help")) {
            screen().page(help);
            return OptionalInt.of(args.isEmpty() ? BAD_REQUEST : 0);
        }
        if (!commands.contains(args.getFirst())) {
            notes().line("There is no command \"" + name + " " + args.getFirst() + "\"; try " + name + " help.");
            return OptionalInt.of(BAD_REQUEST);
        }
        return OptionalInt.empty();
    }
}
