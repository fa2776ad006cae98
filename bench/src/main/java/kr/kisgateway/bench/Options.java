package kr.kisgateway.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The parsed command line.
 *
 * @param bench the bench's name
 * @param profile the only part of it to run; absent, all of it
 * @param json file of the JSON; absent, only the table
 * @param seconds length of each round; absent, the bench's default
 * @param rounds number of rounds; absent, the bench's default
 * @param quick smoke test: the shortest rounds and warm-ups
 */
record Options(
        String bench,
        Optional<String> profile,
        Optional<Path> json,
        OptionalInt seconds,
        OptionalInt rounds,
        boolean quick) {
    private static final int SECONDS_MAX = 3_600;
    private static final int ROUNDS_MAX = 99;

    sealed interface Parsed {
        record Run(Options options) implements Parsed {}

        record Help() implements Parsed {}

        /** @param sentence the error and the remedy */
        record Invalid(String sentence) implements Parsed {}
    }

    /** The bench with its defaults. */
    static Options of(String bench) {
        return new Options(bench, Optional.empty(), Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false);
    }

    /** @param names of the benches, with those of their profiles */
    static Parsed parse(List<String> arguments, Map<String, List<String>> names) {
        if (arguments.isEmpty()) return invalid("name what to measure", names);
        if (arguments.contains("--help")
                || arguments.contains("-h")
                || arguments.getFirst().equals("help")) {
            return new Parsed.Help();
        }
        var bench = arguments.getFirst();
        var profiles = names.get(bench);
        if (profiles == null) return invalid("there is no bench \"" + bench + "\"", names);
        var options = of(bench);
        for (int i = 1; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            var equals = argument.indexOf('=');
            var name = equals < 0 ? argument : argument.substring(0, equals);
            if (argument.equals("--quick")) {
                options = new Options(bench, options.profile, options.json, options.seconds, options.rounds, true);
                continue;
            }
            if (profiles.contains(argument) && options.profile.isEmpty()) {
                options = new Options(
                        bench, Optional.of(argument), options.json, options.seconds, options.rounds, options.quick);
                continue;
            }
            if (!List.of("--json", "--seconds", "--rounds").contains(name)) {
                return invalid(
                        "\"" + argument + "\" is not understood"
                                + (profiles.isEmpty() ? "" : ", " + bench + " has " + String.join("|", profiles)),
                        names);
            }
            if (equals < 0 && i + 1 == arguments.size()) return invalid(name + " needs a value", names);
            var value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
            if (name.equals("--json")) {
                if (value.isBlank()) return invalid("--json needs a file", names);
                options = new Options(
                        bench,
                        options.profile,
                        Optional.of(Path.of(value)),
                        options.seconds,
                        options.rounds,
                        options.quick);
                continue;
            }
            int max = name.equals("--seconds") ? SECONDS_MAX : ROUNDS_MAX;
            if (!value.matches("[1-9]\\d{0,3}") || Integer.parseInt(value) > max) {
                return invalid(name + " must be a whole number from 1 to " + max, names);
            }
            var number = OptionalInt.of(Integer.parseInt(value));
            options = name.equals("--seconds")
                    ? new Options(bench, options.profile, options.json, number, options.rounds, options.quick)
                    : new Options(bench, options.profile, options.json, options.seconds, number, options.quick);
        }
        return new Parsed.Run(options);
    }

    private static Parsed invalid(String sentence, Map<String, List<String>> names) {
        return new Parsed.Invalid("kis bench: " + sentence + "; " + String.join("|", names.keySet())
                + " [PROFILE] [--json FILE] [--seconds N] [--rounds N] [--quick]");
    }
}
