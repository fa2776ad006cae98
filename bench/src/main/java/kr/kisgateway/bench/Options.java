package kr.kisgateway.bench;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the command line asked for.
 *
 * @param what the bench's name
 * @param json where the JSON goes besides the table
 * @param seconds how long each round measures; absent, as long as the bench thinks right
 */
record Options(String what, Optional<Path> json, OptionalInt seconds) {
    private static final int LONGEST = 3_600;

    sealed interface Parsed {
        record Run(Options options) implements Parsed {}

        record Help() implements Parsed {}

        /** @param sentence what is wrong and what would be right */
        record Wrong(String sentence) implements Parsed {}
    }

    static Parsed parse(List<String> arguments, Collection<String> names) {
        if (arguments.isEmpty()) return wrong("say what to measure", names);
        if (arguments.contains("--help")
                || arguments.contains("-h")
                || arguments.getFirst().equals("help")) {
            return new Parsed.Help();
        }
        var what = arguments.getFirst();
        if (!names.contains(what)) return wrong("there is no bench \"" + what + "\"", names);
        var json = Optional.<Path>empty();
        var seconds = OptionalInt.empty();
        for (int i = 1; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            var equals = argument.indexOf('=');
            var name = equals < 0 ? argument : argument.substring(0, equals);
            if (!name.equals("--json") && !name.equals("--seconds")) {
                return wrong("\"" + argument + "\" is not understood", names);
            }
            if (equals < 0 && i + 1 == arguments.size()) return wrong(name + " needs a value", names);
            var value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
            if (name.equals("--json")) {
                if (value.isBlank()) return wrong("--json needs a file", names);
                json = Optional.of(Path.of(value));
            } else {
                if (!value.matches("[1-9]\\d{0,3}") || Integer.parseInt(value) > LONGEST) {
                    return wrong("--seconds must be a whole number from 1 to " + LONGEST, names);
                }
                seconds = OptionalInt.of(Integer.parseInt(value));
            }
        }
        return new Parsed.Run(new Options(what, json, seconds));
    }

    private static Parsed wrong(String sentence, Collection<String> names) {
        return new Parsed.Wrong(
                "kis bench: " + sentence + "; " + String.join("|", names) + " [--json FILE] [--seconds N]");
    }
}
