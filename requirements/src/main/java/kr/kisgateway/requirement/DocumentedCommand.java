package kr.kisgateway.requirement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command {@code ./kis …} in a code block of a page, or among the examples of the launcher's help.
 *
 * @param place file and line
 * @param words the words after {@code ./kis}; quotes are removed
 */
public record DocumentedCommand(String place, List<String> words) {
    private static final Pattern COMMAND =
            Pattern.compile("^(?:\\$ |e\\.g\\. +)?(?:sudo )?(?:[A-Z_]+=\\S* )*(?:\\./|bin/)?kis (?<words>[a-z-].*)");
    /** An example in the help of the launcher. */
    private static final Pattern EXAMPLE = Pattern.compile("^(?: {2}e\\.g\\. {2}| {8})\\./kis ");

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"']+)");

    /** Where the command ends for a shell; what follows belongs to another. */
    private static final Pattern END = Pattern.compile("\\s(?:#|\\||&|>|<|;|2>)|;|\\)| · ");

    /** The same in the help of a program, which is not typed. */
    private static final Pattern SYNOPSIS = Pattern.compile("[\\[<|…]| {2,}|,$|\\b[A-Z]{3,}\\b$");

    public DocumentedCommand {
        words = List.copyOf(words);
    }

    /** All of the project whose folder is {@code project}. */
    public static List<DocumentedCommand> allOf(Path project) throws IOException {
        var found = new ArrayList<DocumentedCommand>();
        for (Path page : pages(project)) {
            boolean launcher = page.endsWith("kis");
            boolean inBlock = false;
            int number = 0;
            for (String line : Files.readAllLines(page)) {
                number++;
                if (line.strip().startsWith("```")) {
                    inBlock = !inBlock;
                } else if (launcher ? EXAMPLE.matcher(line).find() : inBlock) {
                    add(found, project.relativize(page) + ":" + number, line.strip());
                }
            }
        }
        return found;
    }

    private static List<Path> pages(Path project) throws IOException {
        try (Stream<Path> docs = Files.walk(project.resolve("docs"));
                Stream<Path> clients =
                        Files.find(project.resolve("clients"), 2, (file, _) -> file.endsWith("README.md"))) {
            var pages = new ArrayList<>(Stream.concat(docs, clients)
                    .filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.startsWith(project.resolve("docs/founding"))) // as they were written then
                    .filter(file -> !file.endsWith("COMMANDS.md")) // written from the commands
                    .sorted()
                    .toList());
            pages.add(project.resolve("README.md"));
            pages.add(project.resolve("README.ko.md"));
            pages.add(project.resolve("kis"));
            return pages;
        }
    }

    private static void add(List<DocumentedCommand> found, String place, String line) {
        var command = COMMAND.matcher(line);
        if (!command.matches()) {
            return;
        }
        String typed = command.group("words");
        var end = END.matcher(typed);
        typed = (end.find() ? typed.substring(0, end.start()) : typed).strip();
        if (SYNOPSIS.matcher(typed).find()) {
            return;
        }
        var words = new ArrayList<String>();
        for (var word = WORD.matcher(typed); word.find(); ) {
            words.add(Stream.of(1, 2, 3)
                    .map(word::group)
                    .filter(java.util.Objects::nonNull)
                    .findFirst()
                    .orElse(""));
        }
        found.add(new DocumentedCommand(place, words));
    }

    @Override
    public String toString() {
        return place + ": ./kis " + String.join(" ", words);
    }
}
