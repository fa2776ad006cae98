package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.Test;

/** Links of all documents: each leads to a file that is there and a heading that it has. */
class DocumentsTest {
    private static final Path HOME = Launch.projectHome();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern CODE = Pattern.compile("`[^`\n]*`");

    private static List<Path> documents() throws IOException {
        var documents = new ArrayList<Path>();
        try (var all = Files.walk(HOME.resolve("docs"))) {
            all.filter(file -> file.toString().endsWith(".md") && !file.startsWith(HOME.resolve("docs/founding")))
                    .forEach(documents::add);
        }
        for (var name : List.of("README.md", "README.ko.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")) {
            documents.add(HOME.resolve(name));
        }
        return documents;
    }

    @Test
    void every_link_leads_to_a_file_and_a_heading() throws IOException {
        var headings = new HashMap<Path, List<String>>();
        var broken = new ArrayList<String>();
        for (var document : documents()) {
            var text = CODE.matcher(FENCE.matcher(Files.readString(document)).replaceAll(""))
                    .replaceAll("");
            for (var link :
                    LINK.matcher(text).results().map(match -> match.group(1)).toList()) {
                if (!link.matches("[a-z]+:.*") && !isFound(document, link, headings)) {
                    broken.add(HOME.relativize(document) + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean isFound(Path document, String link, Map<Path, List<String>> headings) throws IOException {
        int at = link.indexOf('#');
        var name = at < 0 ? link : link.substring(0, at);
        var file = name.isEmpty() ? document : document.resolveSibling(name).normalize();
        if (!file.startsWith(HOME) || !Files.exists(file)) {
            return false;
        }
        if (at < 0 || !file.toString().endsWith(".md")) {
            return true;
        }
        if (!headings.containsKey(file)) {
            headings.put(file, headings(file));
        }
        return headings.get(file).contains(link.substring(at + 1));
    }

    private static List<String> headings(Path file) throws IOException {
        var slugs = new ArrayList<String>();
        FENCE.matcher(Files.readString(file))
                .replaceAll("")
                .lines()
                .filter(line -> line.matches("#{1,6} .*"))
                .forEach(line -> slugs.add(line.replaceFirst("^#+ ", "")
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-')));
        return slugs;
    }
}
