package kr.kisgateway.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs commands as {@link Main} does, in this process. */
final class Shell {
    /** Result of one command. */
    record Result(int code, String out, String err) {
        JsonNode json() {
            return new JsonMapper().readTree(out);
        }
    }

    final List<Duration> pauses = new ArrayList<>();
    final List<String> questions = new ArrayList<>();
    private final Map<String, String> environment;
    private final Path folder;
    private final Optional<Boolean> terminalAnswer;
    private final Optional<String> typed;
    private final String input;
    private final InstantSource clock;
    private final List<Runnable> interrupted = new ArrayList<>();
    private int stopAfter = Integer.MAX_VALUE;
    private boolean interruptsPrompt;

    private Shell(
            Map<String, String> environment,
            Path folder,
            Optional<Boolean> terminalAnswer,
            Optional<String> typed,
            String input,
            InstantSource clock) {
        this.clock = clock;
        this.input = input;
        this.environment = environment;
        this.folder = folder;
        this.terminalAnswer = terminalAnswer;
        this.typed = typed;
    }

    /** Without a terminal. */
    static Shell with(Map<String, String> environment, Path folder) {
        return new Shell(environment, folder, Optional.empty(), Optional.empty(), "", InstantSource.system());
    }

    /** The same at a terminal that answers every prompt with yes or no. */
    Shell atTerminal(boolean yes) {
        return new Shell(environment, folder, Optional.of(yes), Optional.empty(), input, clock);
    }

    /** The same at a terminal at which this text is typed; it really waits. */
    Shell typing(String text) {
        return new Shell(environment, folder, Optional.of(false), Optional.of(text), input, clock);
    }

    /** The same, stopped as by Ctrl-C at its n-th pause. */
    Shell stoppedAfter(int pausesMax) {
        stopAfter = pausesMax;
        return this;
    }

    /** The same at a terminal, where Ctrl-C is pressed instead of an answer. */
    Shell interruptedAtPrompt() {
        var shell = atTerminal(true);
        shell.interruptsPrompt = true;
        return shell;
    }

    private void pauseOrStop(Duration length) {
        pauses.add(length);
        if (pauses.size() >= stopAfter) {
            interrupted.forEach(Runnable::run);
            throw new IllegalStateException("stopped");
        }
    }

    /** The same with another clock. */
    Shell withClock(InstantSource other) {
        return new Shell(environment, folder, terminalAnswer, typed, input, other);
    }

    /** The same with this text on stdin. */
    Shell reading(String text) {
        return new Shell(environment, folder, terminalAnswer, typed, text, clock);
    }

    Result run(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = Kis.run(process(out, err), List.of(args));
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The process of a command whose output is discarded. */
    CommandEnvironment process() {
        return process(new ByteArrayOutputStream(), new ByteArrayOutputStream());
    }

    /** The process of a command whose output goes to {@code out}. */
    CommandEnvironment process(PrintStream out) {
        return process(out, new ByteArrayOutputStream());
    }

    private CommandEnvironment process(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return process(new PrintStream(out, true, StandardCharsets.UTF_8), err);
    }

    private CommandEnvironment process(PrintStream out, ByteArrayOutputStream err) {
        Optional<Predicate<String>> prompt = terminalAnswer.map(answer -> question -> {
            questions.add(question);
            if (interruptsPrompt) {
                interrupted.forEach(Runnable::run);
                throw new IllegalStateException("stopped");
            }
            return answer;
        });
        return new CommandEnvironment(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                folder,
                () -> "made-" + UUID.randomUUID(),
                clock,
                typed.isPresent() ? Shell::pause : this::pauseOrStop,
                typed.map(text -> question -> {
                    questions.add(question);
                    return text;
                }),
                prompt,
                action -> {
                    interrupted.add(action);
                    return () -> interrupted.remove(action);
                });
    }

    private static void pause(Duration length) {
        LockSupport.parkNanos(length.toNanos());
    }
}
