package kr.kisgateway.requirement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everything that the project's pages refer to exists. */
class PagesTest {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern HEADING_LINK = Pattern.compile("\\]\\(((?:[^)#:\\s]+)?)#([^)\\s]+)\\)");
    private static final Pattern PLACE = Pattern.compile("<a id=\"([^\"]+)\">");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
    private static final Pattern COMMAND = Pattern.compile("(?m)(?:^|`|\\$ )\\./kis ([a-z][a-z-]*)");
    private static final Pattern NAMED_TEST = Pattern.compile("`([A-Z][A-Za-z]*Test)(?:\\.([a-z0-9_]+))?`");

    @Test
    void each_link_of_a_page_leads_to_a_file() throws IOException {
        var dead = new TreeMap<String, List<String>>();
        for (Path page : pages()) {
            List<String> wrong = found(LINK, Files.readString(page), m -> m.group(1)).stream()
                    .filter(target -> !target.contains("://") && !target.startsWith("mailto:"))
                    .filter(target -> !Files.exists(page.resolveSibling(target)))
                    .toList();
            if (!wrong.isEmpty()) {
                dead.put(PROJECT.relativize(page).toString(), wrong);
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void each_link_to_a_heading_leads_to_one() throws IOException {
        var headings = new TreeMap<Path, List<String>>();
        var dead = new ArrayList<String>();
        for (Path page : pages()) {
            for (MatchResult link :
                    HEADING_LINK.matcher(withoutCode(page)).results().toList()) {
                Path target = link.group(1).isEmpty()
                        ? page
                        : page.resolveSibling(link.group(1)).normalize();
                if (target.toString().endsWith(".md")) {
                    if (!headings.containsKey(target)) {
                        headings.put(target, headings(target));
                    }
                    if (!headings.get(target).contains(link.group(2))) {
                        dead.add(PROJECT.relativize(page) + ": " + link.group());
                    }
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    private static String withoutCode(Path page) throws IOException {
        return CODE.matcher(BLOCK.matcher(Files.readString(page)).replaceAll(""))
                .replaceAll("");
    }

    /** Names of a page's headings, as links have them, and of the places that it names itself. */
    private static List<String> headings(Path page) throws IOException {
        var text = BLOCK.matcher(Files.readString(page)).replaceAll("");
        var headings = text.lines()
                .filter(line -> line.matches("#{1,6} .*"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'));
        return Stream.concat(headings, found(PLACE, text, m -> m.group(1)).stream())
                .toList();
    }

    @Test
    void each_command_that_a_page_names_is_one_of_the_launcher() throws IOException {
        String launcher = Files.readString(PROJECT.resolve("kis"));
        Set<String> commands = new TreeSet<>();
        for (String line :
                launcher.substring(launcher.indexOf("\ncase $command in")).split("\n")) {
            if (line.matches("[a-z][a-z |-]*\\).*")) {
                commands.addAll(List.of(line.substring(0, line.indexOf(')')).split(" \\| ")));
            }
        }
        assertThat(commands).contains("run", "test", "kill-switch");
        var unknown = new TreeMap<String, List<String>>();
        for (Path page : pages()) {
            List<String> wrong = found(COMMAND, Files.readString(page), m -> m.group(1)).stream()
                    .filter(command -> !commands.contains(command))
                    .toList();
            if (!wrong.isEmpty()) {
                unknown.put(PROJECT.relativize(page).toString(), wrong);
            }
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void each_promise_of_the_security_page_names_tests_that_exist() throws IOException {
        Map<String, List<Path>> tests = new TreeMap<>();
        try (Stream<Path> files =
                Files.find(PROJECT, 30, (file, _) -> file.toString().matches(".*/src/test/java/.*Test\\.java"))) {
            files.forEach(
                    f -> tests.computeIfAbsent(f.getFileName().toString().replace(".java", ""), _ -> new ArrayList<>())
                            .add(f));
        }
        List<String> promises = Files.readAllLines(PROJECT.resolve("SECURITY.md")).stream()
                .dropWhile(line -> !line.startsWith("| promise |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(promises).hasSizeGreaterThan(10);
        for (String promise : promises) {
            List<MatchResult> named = NAMED_TEST.matcher(promise).results().toList();
            assertThat(named).as("tests of: " + promise).isNotEmpty();
            for (MatchResult test : named) {
                assertThat(tests).as(promise).containsKey(test.group(1));
                if (test.group(2) != null) {
                    assertThat(tests.get(test.group(1)))
                            .as(test.group())
                            .anySatisfy(
                                    file -> assertThat(Files.readString(file)).contains(" " + test.group(2) + "("));
                }
            }
        }
    }

    @Test
    void the_korean_readme_has_the_commands_and_pages_of_the_english_one() throws IOException {
        String english = Files.readString(PROJECT.resolve("README.md"));
        String korean = Files.readString(PROJECT.resolve("README.ko.md"));
        Pattern call = Pattern.compile("^\\$ (curl (?:.*\\\\\\n)*.*)$", Pattern.MULTILINE);
        assertThat(found(call, korean, m -> m.group(1))).isNotEmpty().isEqualTo(found(call, english, m -> m.group(1)));
        assertThat(found(COMMAND, korean, m -> m.group(1)))
                .containsAll(found(COMMAND, english, m -> m.group(1)).stream()
                        .filter(c -> !c.equals("simulator"))
                        .toList());
        assertThat(english).contains("(README.ko.md)");
        assertThat(korean).contains("(README.md)");
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(PROJECT);
                Stream<Path> docs = Files.walk(PROJECT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(f -> f.toString().endsWith(".md"))
                    // Stored as they were written elsewhere.
                    .filter(f -> !f.startsWith(PROJECT.resolve("docs/founding")))
                    .filter(f -> !f.equals(PROJECT.resolve("docs/REQUIREMENTS.md")))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> found(Pattern pattern, String text, Function<MatchResult, String> part) {
        return pattern.matcher(text).results().map(part).distinct().toList();
    }
}
