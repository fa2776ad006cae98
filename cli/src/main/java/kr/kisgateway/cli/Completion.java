package kr.kisgateway.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
        description =
                "Print what makes a shell complete commands and options. bash: source <(./kis completion bash); zsh: the"
                        + " same with zsh; fish: ./kis completion fish | source.%n셸 자동 완성 스크립트를 출력합니다.")
final class Completion implements Callable<Integer> {
    private final Kis kis;
    private final CommandLine all;

    private enum Shell {
        BASH,
        ZSH,
        FISH
    }

    /** A shell by its name in small letters. */
    static final class ByName implements ITypeConverter<Shell> {
        @Override
        public Shell convert(String name) {
            return Arrays.stream(Shell.values())
                    .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("is bash, zsh or fish: " + name));
        }
    }

    @Parameters(paramLabel = "SHELL", converter = ByName.class, description = "bash, zsh or fish")
    private Shell shell = Shell.BASH;

    /** @param all the commands; those that are added later are completed, too */
    Completion(Kis kis, CommandLine all) {
        this.kis = kis;
        this.all = all;
    }

    @Override
    public Integer call() {
        kis.process()
                .out()
                .print(
                        switch (shell) {
                            case BASH -> bash();
                            case ZSH ->
                                "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n"
                                        + bash();
                            case FISH -> fish();
                        });
        return Kis.DONE;
    }

    private String bash() {
        // Below a root without the options of these commands: what the launcher runs has others.
        var root = new CommandLine(CommandSpec.create().name("kis"));
        all.getSubcommands().forEach(root::addSubcommand);
        LauncherCommands.of(kis.process()).forEach(name -> {
            var command = new CommandLine(CommandSpec.create());
            words(name).forEach(word -> command.addSubcommand(word, CommandSpec.create()));
            root.addSubcommand(name, command);
        });
        return AutoComplete.bash("kis", root);
    }

    private String fish() {
        return Stream.concat(
                        LauncherCommands.of(kis.process()).stream()
                                .flatMap(name -> Stream.concat(
                                        Stream.of(fishCommand("__fish_use_subcommand", name, "")),
                                        words(name).stream()
                                                .map(word ->
                                                        fishCommand("__fish_seen_subcommand_from " + name, word, "")))),
                        all.getSubcommands().entrySet().stream()
                                .flatMap(command -> fishCommands(command.getKey(), command.getValue())))
                .collect(Collectors.joining());
    }

    private static List<String> words(String launcherCommand) {
        return LauncherCommands.WORDS.getOrDefault(launcherCommand, List.of());
    }

    private static Stream<String> fishCommands(String name, CommandLine command) {
        String within = "__fish_seen_subcommand_from " + name;
        return Stream.of(
                        Stream.of(fishCommand("__fish_use_subcommand", name, summary(command))),
                        command.getSubcommands().entrySet().stream()
                                .map(child -> fishCommand(within, child.getKey(), summary(child.getValue()))),
                        command.getCommandSpec().options().stream()
                                .map(option -> option.longestName())
                                .filter(option -> option.startsWith("--"))
                                .map(option -> "complete -c kis -n '" + within + "' -l " + option.substring(2) + "\n"))
                .flatMap(it -> it);
    }

    private static String fishCommand(String condition, String name, String about) {
        return "complete -c kis -f -n '" + condition + "' -a " + name
                + (about.isEmpty() ? "" : " -d '" + about.replace("'", "").toLowerCase(Locale.ROOT) + "'") + "\n";
    }

    private static String summary(CommandLine command) {
        var lines = command.getCommandSpec().usageMessage().description();
        var first = lines.length == 0 ? "" : lines[0].split("%n", 2)[0];
        return first.length() > 60 ? first.substring(0, 60) : first;
    }
}
