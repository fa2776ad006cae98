package kr.kisgateway.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Parsed arguments behind a command's name: positional arguments, {@code --name=value}, {@code --name value} and flags.
 *
 * @param arguments positional arguments in order
 * @param values by option name; empty for a flag
 */
record CommandOptions(List<String> arguments, Map<String, String> values) {
    /** The command line is invalid; the message gives the reason. */
    static final class BadRequestException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadRequestException(String message) {
            super(message);
        }
    }

    /**
     * @param maxArguments maximum number of positional arguments
     * @param valueOptions names of the options that take a value
     * @param flags names of the options without a value
     * @param help the command suggested with an error
     * @throws BadRequestException when an argument is invalid
     */
    static CommandOptions read(
            List<String> args, int maxArguments, Set<String> valueOptions, Set<String> flags, String help) {
        var found = new ArrayList<String>();
        var values = new HashMap<String, String>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            int equals = arg.indexOf('=');
            String name = arg.startsWith("--") ? arg.substring(2, equals < 0 ? arg.length() : equals) : "";
            if (!arg.startsWith("--") && found.size() < maxArguments) {
                found.add(arg);
            } else if (flags.contains(name) && equals < 0) {
                values.put(name, "");
            } else if (!valueOptions.contains(name)) {
                throw new BadRequestException("\"" + arg + "\" is not understood; try " + help + ".");
            } else if (equals >= 0) {
                values.put(name, arg.substring(equals + 1));
            } else if (i + 1 < args.size()) {
                values.put(name, args.get(++i));
            } else {
                throw new BadRequestException("--" + name + " needs a value.");
            }
        }
        return new CommandOptions(List.copyOf(found), Map.copyOf(values));
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(values.get(name));
    }

    boolean hasFlag(String name) {
        return values.containsKey(name);
    }
}
