package kr.kisgateway.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the command line asked for.
 *
 * @param what the bench's name
 * @param profile the only part of it that is run; absent, all of it
 * @param json where the JSON goes besides the table
 * @param seconds how long each round measures; absent, as long as the bench thinks right
 * @param rounds how many rounds; absent, as many as the bench thinks right
 * @param quick only to see that it runs: the shortest rounds and warm-ups that give any figure at all
 */
record Options(
        String what,
        Optional<String> profile,
        Optional<Path> json,
        OptionalInt seconds,
        OptionalInt rounds,
        boolean quick) {
    private static final int LONGEST = 3_600;
    private static final int MOST_ROUNDS = 99;

    sealed interface Parsed {
        record Run(Options options) implements Parsed {}

        record Help() implements Parsed {}

        /** @param sentence what is wrong and what would be right */
        record Wrong(String sentence) implements Parsed {}
    }

    /** Everything as the bench thinks right. */
    static Options of(String what) {
        return new Options(what, Optional.empty(), Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false);
    }

    /** @param names of the benches, with those of their profiles */
    static Parsed parse(List<String> arguments, Map<String, List<String>> names) {
        if (arguments.isEmpty()) return wrong("say what to measure", names);
        if (arguments.contains("--help")
                || arguments.contains("-h")
                || arguments.getFirst().equals("help")) {
            return new Parsed.Help();
        }
        var what = arguments.getFirst();
        var profiles = names.get(what);
        if (profiles == null) return wrong("there is no bench \"" + what + "\"", names);
        var options = of(what);
        for (int i = 1; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            var equals = argument.indexOf('=');
            var name = equals < 0 ? argument : argument.substring(0, equals);
            if (argument.equals("--quick")) {
                options = new Options(what, options.profile, options.json, options.seconds, options.rounds, true);
                continue;
            }
            if (profiles.contains(argument) && options.profile.isEmpty()) {
                options = new Options(
                        what, Optional.of(argument), options.json, options.seconds, options.rounds, options.quick);
                continue;
            }
            if (!List.of("--json", "--seconds", "--rounds").contains(name)) {
                return wrong(
                        "\"" + argument + "\" is not understood"
                                + (profiles.isEmpty() ? "" : ", " + what + " has " + String.join("|", profiles)),
                        names);
            }
            if (equals < 0 && i + 1 == arguments.size()) return wrong(name + " needs a value", names);
            var value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
            if (name.equals("--json")) {
                if (value.isBlank()) return wrong("--json needs a file", names);
                options = new Options(
                        what,
                        options.profile,
                        Optional.of(Path.of(value)),
                        options.seconds,
                        options.rounds,
                        options.quick);
                continue;
            }
            int most = name.equals("--seconds") ? LONGEST : MOST_ROUNDS;
            if (!value.matches("[1-9]\\d{0,3}") || Integer.parseInt(value) > most) {
                return wrong(name + " must be a whole number from 1 to " + most, names);
            }
            var number = OptionalInt.of(Integer.parseInt(value));
            options = name.equals("--seconds")
                    ? new Options(what, options.profile, options.json, number, options.rounds, options.quick)
                    : new Options(what, options.profile, options.json, options.seconds, number, options.quick);
        }
        return new Parsed.Run(options);
    }

    private static Parsed wrong(String sentence, Map<String, List<String>> names) {
        return new Parsed.Wrong("kis bench: " + sentence + "; " + String.join("|", names.keySet())
                + " [PROFILE] [--json FILE] [--seconds N] [--rounds N] [--quick]");
    }
}
