package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** The POMs of what is published, by the rules of Maven Central: what is missing in one comes from its parent, which is published, too. */
class PublishedPomsTest {
    private static final List<String> REQUIRED = List.of(
            "/project/name",
            "/project/description",
            "/project/url",
            "/project/licenses/license/name",
            "/project/licenses/license/url",
            "/project/developers/developer/name",
            "/project/scm/connection",
            "/project/scm/url");
    private static final Pattern LIBRARIES = Pattern.compile("(?m)^libraries=\"([^\"]+)\"");

    private static List<String> published() throws Exception {
        var script = LIBRARIES.matcher(Files.readString(Launch.projectHome().resolve("scripts/kis-release")));
        assertThat(script.find()).isTrue();
        return List.of(script.group(1).split(" "));
    }

    private static Document pom(String module) throws Exception {
        var file = Launch.projectHome().resolve(module).resolve("pom.xml");
        return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static String text(Document pom, String path) throws Exception {
        return XPathFactory.newDefaultInstance().newXPath().evaluate(path, pom).strip();
    }

    @Test
    void each_has_what_central_requires() throws Exception {
        var parent = pom("");
        for (var path : REQUIRED) {
            assertThat(text(parent, path)).as(path).isNotEmpty();
        }
        for (var module : published()) {
            var pom = pom(module);
            assertThat(text(pom, "/project/name")).as(module).isNotEmpty();
            assertThat(text(pom, "/project/description")).as(module).isNotEmpty();
            assertThat(text(pom, "/project/artifactId")).isEqualTo(module);
        }
    }

    /** A dependency that is not published could not be resolved; one of tests does not matter. */
    @Test
    void each_depends_only_on_what_is_published_and_has_sources_and_javadoc() throws Exception {
        var published = published();
        for (var module : published) {
            var pom = pom(module);
            var path = "/project/dependencies/dependency[groupId='kr.kisgateway' and not(scope='test')]";
            int count = Integer.parseInt(text(pom, "count(" + path + ")"));
            for (int i = 1; i <= count; i++) {
                assertThat(published).as(module).contains(text(pom, "(" + path + ")[" + i + "]/artifactId"));
            }
            for (var skip : List.of("maven.source.skip", "maven.javadoc.skip", "japicmp.skip")) {
                assertThat(text(pom, "/project/properties/" + skip))
                        .as(module + " " + skip)
                        .isEqualTo("false");
            }
        }
    }
}
