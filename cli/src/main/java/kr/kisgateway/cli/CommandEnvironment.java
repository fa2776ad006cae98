package kr.kisgateway.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import kr.kisgateway.terminal.Screen;

/**
 * The process environment of a command.
 *
 * @param in what another program sends
 * @param out answers
 * @param err everything else, so that a program can read {@code out}
 * @param variables environment variables
 * @param workingFolder base of relative file names
 * @param idempotencyKeys supplies unique idempotency keys
 * @param clock the present time
 * @param pause waits for that time
 * @param line shows the operator at the terminal a text and reads a line; absent without a terminal
 * @param prompt prompts the operator at the terminal with a yes-or-no question; absent without a terminal
 * @param onInterrupt runs actions when Ctrl-C or SIGTERM ends the process
 */
record CommandEnvironment(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> variables,
        Path workingFolder,
        Supplier<String> idempotencyKeys,
        InstantSource clock,
        Consumer<Duration> pause,
        Optional<UnaryOperator<String>> line,
        Optional<Predicate<String>> prompt,
        OnInterrupt onInterrupt) {

    CommandEnvironment {
        variables = Map.copyOf(variables);
    }

    /** Columns of the terminal, as the launcher measured them ({@code KIS_COLUMNS}). */
    int width() {
        return Screen.width(variable("KIS_COLUMNS"));
    }

    /** The same, with answers shown nowhere. */
    CommandEnvironment silent() {
        return new CommandEnvironment(
                in,
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                err,
                variables,
                workingFolder,
                idempotencyKeys,
                clock,
                pause,
                line,
                prompt,
                onInterrupt);
    }

    /** Whether colours are shown: on a terminal that has them, unless {@code NO_COLOR} is set. */
    boolean colours() {
        return width() != Screen.UNBOUNDED
                && variable("NO_COLOR").isEmpty()
                && !variable("TERM").orElse("").equals("dumb");
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }
}
