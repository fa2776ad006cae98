package kr.kisgateway.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import kr.kisgateway.terminal.ProgressBar;
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
    /** Exit code of what may succeed when it is tried again. */
    static final int FAILED = 1;
    /** Exit code of a usage error. */
    static final int USAGE = 2;

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

    /** One line that the terminal does not display; from standard input where that is no terminal. */
    String readSecret(String prompt) throws IOException {
        var console = System.console();
        if (console != null && console.isTerminal()) {
            return new String(
                    Optional.ofNullable(console.readPassword("%s", prompt)).orElse(new char[0]));
        }
        return Optional.ofNullable(in.readLine()).orElse("");
    }

    /** Columns of the terminal. */
    int width() {
        return Screen.width(Optional.ofNullable(variables.get("KIS_COLUMNS")));
    }

    /** Standard output, in lines that fit the terminal. */
    Screen screen() {
        return new Screen(out, width());
    }

    /** Runs a long operation that shows its progress on standard error; a bar where there is a terminal. */
    <T> T withProgress(Function<ProgressBar, T> operation) {
        try (var bar = new ProgressBar(err, width() != Screen.UNBOUNDED, width(), clock)) {
            return operation.apply(bar);
        }
    }

    /** Prints notes while {@code bar} is shown. */
    Consumer<String> notesBeside(ProgressBar bar) {
        return note -> {
            bar.close();
            notes().page(note);
        };
    }

    /** Standard error, in lines that fit the terminal. */
    Screen notes() {
        return new Screen(err, width());
    }
}
