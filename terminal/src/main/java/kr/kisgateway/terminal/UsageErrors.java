package kr.kisgateway.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import kr.kisgateway.market.NearestWord;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Displays what is wrong with a command line, the word that is probably meant, and where the help is. */
final class UsageErrors implements IParameterExceptionHandler {
    private static final Set<Class<?>> FLAGS = Set.of(Boolean.class, boolean.class);
    private static final Set<Class<?>> WHOLE_NUMBERS = Set.of(Integer.class, int.class, Long.class, long.class);
    private static final Set<Class<?>> NUMBERS = Set.of(Double.class, double.class);

    private final Screen screen;
    private final List<String> otherCommands;
    private final Map<String, String> foreignOptions;

    /**
     * @param otherCommands commands of the first level that other programs run
     * @param foreignOptions what is meant by an option that other programs have, as the end of a sentence
     */
    UsageErrors(Screen screen, List<String> otherCommands, Map<String, String> foreignOptions) {
        this.screen = screen;
        this.otherCommands = otherCommands;
        this.foreignOptions = foreignOptions;
    }

    @Override
    public int handleParseException(ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        sentence(error, command, name).lines().forEach(screen::line);
        if (!(error instanceof SelfExplainedException)) {
            screen.line("What to do: " + name + " --help shows how it is written.");
            screen.line("할 일: " + name + " --help로 사용법을 확인하세요.");
        }
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private String sentence(ParameterException error, CommandLine command, String name) {
        return switch (error) {
            case UnmatchedArgumentException unmatched -> unmatched(unmatched, command, name);
            case MissingParameterException missing -> missing(missing.getMissing(), name);
            case OverwrittenOptionException repeated ->
                label(repeated.getOverwritten()) + " is given twice; give it once.";
            default -> other(error, command, name);
        };
    }

    private String unmatched(UnmatchedArgumentException error, CommandLine command, String name) {
        String first = error.getUnmatched().getFirst();
        if (error.isUnknownOption()) {
            String option = first.contains("=") ? first.substring(0, first.indexOf('=')) : first;
            return name + " has no option " + option
                    + Optional.ofNullable(foreignOptions.get(option))
                            .orElseGet(() -> NearestWord.ending(
                                    option,
                                    command.getCommandSpec().optionsMap().keySet()));
        }
        var commands = new ArrayList<>(command.getSubcommands().keySet());
        if (command.getParent() == null) {
            commands.addAll(otherCommands);
        }
        return commands.isEmpty()
                ? name + " takes no further argument: " + first + "."
                : name + " has no command \"" + first + "\"" + NearestWord.ending(first, commands);
    }

    private static String missing(List<ArgSpec> missing, String name) {
        ArgSpec first = missing.getFirst();
        String meaning = String.join(" ", first.description()).replace("%n", " ");
        return first.isOption()
                ? label(first) + " of " + name + " needs a value: " + meaning + "."
                : name + " needs " + label(first) + ": " + meaning + ".";
    }

    private static String other(ParameterException error, CommandLine command, String name) {
        Optional<ArgSpec> argument = Optional.ofNullable(error.getArgSpec());
        if (argument.isEmpty()) {
            boolean group = error.getCause() == null
                    && !command.getSubcommands().isEmpty()
                    && !(command.getCommand() instanceof Callable);
            return group && command.getParent() != null
                    ? name + " needs one of its commands: "
                            + String.join(", ", command.getSubcommands().keySet()) + "."
                    : endWithStop(String.valueOf(error.getMessage()));
        }
        Class<?> type = argument.get().typeInfo().getAuxiliaryTypes()[0];
        String value = Optional.ofNullable(error.getValue()).orElse("");
        if (FLAGS.contains(type)) {
            return label(argument.get()) + " takes no value.";
        }
        boolean parsedByPicocli = argument.get().converters().length == 0;
        if (parsedByPicocli && WHOLE_NUMBERS.contains(type)) {
            return label(argument.get()) + " needs a whole number and got '" + value + "'.";
        }
        if (parsedByPicocli && NUMBERS.contains(type)) {
            return label(argument.get()) + " needs a number and got '" + value + "'.";
        }
        return error.getCause() instanceof TypeConversionException wrong
                ? label(argument.get()) + ": " + endWithStop(String.valueOf(wrong.getMessage()))
                : label(argument.get()) + " does not accept '" + value + "'.";
    }

    private static String label(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String endWithStop(String text) {
        return text.endsWith(".") || text.endsWith("?") ? text : text + ".";
    }
}
