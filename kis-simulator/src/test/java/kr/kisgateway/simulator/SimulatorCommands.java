package kr.kisgateway.simulator;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** The command {@code simulator} of a test. */
final class SimulatorCommands {
    /** The exit code and the output. */
    record Result(int code, String out, String err) {}

    private SimulatorCommands() {}

    /** A command with these arguments, which does not run. */
    static SimulatorCommand parsed(String... args) {
        var nowhere = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var command = new SimulatorCommand(nowhere, nowhere, InstantSource.system());
        command.commandLine(Optional.empty()).parseArgs(args);
        return command;
    }

    /** The configuration of the single face, or of the live one of both. */
    static SimulatorConfig config(Path folder, String... args) {
        return parsed(args).config(folder);
    }

    /** Runs a command that starts no simulator. */
    static Result run(int columns, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = new SimulatorCommand(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        InstantSource.system())
                .commandLine(Optional.of(String.valueOf(columns)))
                .execute(args);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
