package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The site that {@code ./kis site} builds of the documents; the build itself fails at a link between pages that leads nowhere. CI
 * builds it beforehand; elsewhere the test is skipped without it.
 */
@Tag("slow")
class SiteTest {
    private static final Path SITE = Launch.projectHome().resolve(".kis/site");
    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"(/[^\"#?]*)");

    @BeforeAll
    static void isBuilt() {
        boolean built = Files.exists(SITE.resolve("index.html"));
        if (System.getenv("CI") != null) {
            assertThat(built).as("./kis site").isTrue();
        }
        assumeTrue(built, "not run: ./kis site builds it");
    }

    private static Stream<Path> pages() throws IOException {
        try (var all = Files.walk(SITE)) {
            return all.filter(file -> file.toString().endsWith(".html")).toList().stream();
        }
    }

    @Test
    void every_page_and_file_that_a_page_refers_to_is_there() throws IOException {
        var broken = new ArrayList<String>();
        for (var page : pages().toList()) {
            REFERENCE
                    .matcher(Files.readString(page))
                    .results()
                    .map(match -> match.group(1))
                    .filter(path -> !Files.exists(SITE.resolve(path.substring(1)))
                            && !Files.exists(SITE.resolve(path.substring(1) + "index.html")))
                    .forEach(path -> broken.add(SITE.relativize(page) + ": " + path));
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void every_guide_has_a_page_in_english_and_korean_and_can_be_searched() throws IOException {
        try (var guides = Files.list(Launch.projectHome().resolve("docs/guides"))) {
            for (var guide : guides.toList()) {
                var page = guide.getFileName().toString().replace(".md", ".html");
                assertThat(SITE.resolve("guides").resolve(page)).exists();
                assertThat(Files.readString(SITE.resolve("ko/guides").resolve(page)))
                        .contains("lang=\"ko\"");
            }
        }
        var indexes = new ArrayList<String>();
        try (var all = Files.walk(SITE.resolve("assets"))) {
            for (var file : all.filter(it -> it.getFileName().toString().startsWith("@localSearchIndex"))
                    .toList()) {
                indexes.add(Files.readString(file));
            }
        }
        assertThat(indexes).hasSize(2);
        assertThat(String.join("", indexes)).contains("멱등키", "idempotency");
    }
}
