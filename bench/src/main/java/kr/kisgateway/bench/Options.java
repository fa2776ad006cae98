package kr.kisgateway.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The parsed command line.
 *
 * @param bench the bench's name
 * @param profile the only part of it to run; absent, all of it
 * @param json file of the JSON; absent, only the table
 * @param seconds length of each round; absent, the bench's default
 * @param rounds number of rounds; absent, the bench's default
 */
record Options(
        String bench,
        Optional<String> profile,
        Optional<Path> json,
        OptionalInt seconds,
        OptionalInt rounds,
        Set<Flag> flags) {
    /** Writes the page instead of measuring. */
    static final String REPORT = "report";

    /** Measures again what is stored. */
    static final String STORED = "stored";

    private static final String LAUNCHER = "./kis bench ";

    private static final int SECONDS_MAX = 3_600;
    private static final int ROUNDS_MAX = 99;

    /** An option without a value. */
    enum Flag {
        /** Smoke test: the shortest rounds and warm-ups. */
        QUICK("--quick"),
        /** Keeps the run for the page and later comparisons. */
        STORE("--store"),
        /** Fails when a figure is worse than that of the stored run. */
        COMPARE("--compare");

        private final String text;

        Flag(String text) {
            this.text = text;
        }

        static Optional<Flag> of(String text) {
            for (var flag : values()) {
                if (flag.text.equals(text)) return Optional.of(flag);
            }
            return Optional.empty();
        }
    }

    /** An option for how long a bench measures. */
    enum Length {
        SECONDS("--seconds", SECONDS_MAX),
        ROUNDS("--rounds", ROUNDS_MAX);

        private final String text;
        private final int max;

        Length(String text, int max) {
            this.text = text;
            this.max = max;
        }

        static Optional<Length> of(String text) {
            return Stream.of(values()).filter(it -> it.text.equals(text)).findFirst();
        }
    }

    /** What a bench accepts: the names of its profiles, and its options. */
    record Accepted(List<String> profiles, Set<Length> lengths) {}

    sealed interface Parsed {
        record Run(Options options) implements Parsed {}

        record WriteReport() implements Parsed {}

        /** @param flags of each run: it is stored, or compared, or both */
        record MeasureStored(Set<Flag> flags) implements Parsed {
            public MeasureStored {
                flags = Set.copyOf(flags);
            }
        }

        record Help() implements Parsed {}

        /** @param sentence the error and the remedy */
        record Invalid(String sentence) implements Parsed {}
    }

    Options {
        flags = Set.copyOf(flags);
    }

    /** The bench with its defaults. */
    static Options of(String bench) {
        return new Options(
                bench, Optional.empty(), Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), Set.of());
    }

    boolean quick() {
        return flags.contains(Flag.QUICK);
    }

    boolean stores() {
        return flags.contains(Flag.STORE);
    }

    boolean compares() {
        return flags.contains(Flag.COMPARE);
    }

    /** The command that measures the same. */
    String command() {
        var words = new ArrayList<>(List.of(bench));
        profile.ifPresent(words::add);
        seconds.ifPresent(number -> words.addAll(List.of("--seconds", Integer.toString(number))));
        rounds.ifPresent(number -> words.addAll(List.of("--rounds", Integer.toString(number))));
        if (quick()) words.add(Flag.QUICK.text);
        return LAUNCHER + String.join(" ", words);
    }

    /** What a stored run's command measures, with these flags. */
    static Parsed ofStored(String command, Set<Flag> flags, Map<String, Accepted> benches) {
        if (!command.startsWith(LAUNCHER)) return invalid("\"" + command + "\" is no command", benches.keySet());
        var words = new ArrayList<>(List.of(command.substring(LAUNCHER.length()).split(" ")));
        flags.forEach(flag -> words.add(flag.text));
        return parse(words, benches);
    }

    private static Parsed stored(List<String> arguments, Set<String> names) {
        var flags = EnumSet.noneOf(Flag.class);
        for (var argument : arguments) {
            var flag = Flag.of(argument).filter(it -> it != Flag.QUICK);
            if (flag.isEmpty()) return invalid(STORED + " takes no \"" + argument + "\"", names);
            flags.add(flag.get());
        }
        return flags.isEmpty()
                ? invalid(STORED + " needs --store or --compare", names)
                : new Parsed.MeasureStored(flags);
    }

    /** @param benches by their names */
    static Parsed parse(List<String> arguments, Map<String, Accepted> benches) {
        var names = benches.keySet();
        if (arguments.isEmpty()) return invalid("name what to measure", names);
        if (arguments.contains("--help")
                || arguments.contains("-h")
                || arguments.getFirst().equals("help")) {
            return new Parsed.Help();
        }
        var bench = arguments.getFirst();
        if (bench.equals(REPORT)) {
            return arguments.size() == 1
                    ? new Parsed.WriteReport()
                    : invalid(REPORT + " takes no \"" + arguments.get(1) + "\"", names);
        }
        if (bench.equals(STORED)) return stored(arguments.subList(1, arguments.size()), names);
        var accepted = benches.get(bench);
        if (accepted == null) return invalid("there is no bench \"" + bench + "\"", names);
        var profiles = accepted.profiles();
        var options = of(bench);
        for (int i = 1; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            var flag = Flag.of(argument);
            if (flag.isPresent()) {
                options = options.with(flag.get());
                continue;
            }
            if (profiles.contains(argument) && options.profile.isEmpty()) {
                options = options.withProfile(argument);
                continue;
            }
            var equals = argument.indexOf('=');
            var name = equals < 0 ? argument : argument.substring(0, equals);
            var length = Length.of(name);
            if (length.isEmpty() && !name.equals("--json")) {
                return invalid(
                        "\"" + argument + "\" is not understood"
                                + (profiles.isEmpty() ? "" : ", " + bench + " has " + String.join("|", profiles)),
                        names);
            }
            if (length.isPresent() && !accepted.lengths().contains(length.get())) {
                return invalid(bench + " does not read " + name, names);
            }
            if (equals < 0 && i + 1 == arguments.size()) return invalid(name + " needs a value", names);
            var value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
            if (length.isEmpty()) {
                if (value.isBlank()) return invalid("--json needs a file", names);
                options = options.withJson(Path.of(value));
                continue;
            }
            int max = length.get().max;
            if (!value.matches("[1-9]\\d{0,3}") || Integer.parseInt(value) > max) {
                return invalid(name + " must be a whole number from 1 to " + max, names);
            }
            int number = Integer.parseInt(value);
            options = switch (length.get()) {
                case SECONDS -> options.withSeconds(number);
                case ROUNDS -> options.withRounds(number);
            };
        }
        if (options.quick() && (options.stores() || options.compares())) {
            return invalid("the figures of --quick mean nothing, so they are neither stored nor compared", names);
        }
        return new Parsed.Run(options);
    }

    private Options with(Flag flag) {
        var all = EnumSet.of(flag);
        all.addAll(flags);
        return new Options(bench, profile, json, seconds, rounds, all);
    }

    private Options withProfile(String name) {
        return new Options(bench, Optional.of(name), json, seconds, rounds, flags);
    }

    private Options withJson(Path file) {
        return new Options(bench, profile, Optional.of(file), seconds, rounds, flags);
    }

    private Options withSeconds(int number) {
        return new Options(bench, profile, json, OptionalInt.of(number), rounds, flags);
    }

    private Options withRounds(int number) {
        return new Options(bench, profile, json, seconds, OptionalInt.of(number), flags);
    }

    private static Parsed invalid(String sentence, Set<String> names) {
        return new Parsed.Invalid(
                "kis bench: " + sentence + "; " + String.join("|", names)
                        + " [PROFILE] [--json FILE] [--seconds N] [--rounds N] [--store] [--compare] [--quick], or stored, or report");
    }
}
