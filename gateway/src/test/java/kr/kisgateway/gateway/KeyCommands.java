package kr.kisgateway.gateway;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the command {@code keys} in a folder, as {@code ./kis keys} does with an empty environment. */
final class KeyCommands {
    /** The exit code and the output. */
    record Result(int code, String out, String err) {}

    private KeyCommands() {}

    static Result run(Path folder, List<String> arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = new Main(new CommandEnvironment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(Reader.nullReader()),
                        InstantSource.system(),
                        Map.of(),
                        folder,
                        folder.resolve("home")))
                .run(Stream.concat(Stream.of("keys"), arguments.stream()).toList());
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The output of a command that has to succeed; keys are also created before the gateway's first start. */
    static String printed(Path folder, List<String> arguments) {
        var all = new ArrayList<>(arguments);
        if (all.getFirst().equals("create")) {
            all.add("--new-folder");
        }
        var result = run(folder, all);
        if (result.code() != 0) {
            throw new AssertionError("keys " + arguments + " ended with " + result.code() + ": " + result.err());
        }
        return result.out().strip();
    }
}
