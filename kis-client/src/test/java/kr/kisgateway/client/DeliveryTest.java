package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dependencies of a program that adds the SDK to its pom. */
class DeliveryTest {
    /** By the name in the guide. */
    private static final Map<String, List<String>> PROMISED = Map.of(
            "`market`", List.of("market"),
            "`kis-wire`", List.of("kis-wire"),
            "Apache HttpClient 5", List.of("httpclient5"),
            "Jackson 3", List.of("jackson-databind"),
            "Resilience4j", List.of("resilience4j-circuitbreaker", "resilience4j-retry"),
            "SLF4J", List.of("slf4j-api"),
            "Tink", List.of("tink"));

    private static final Pattern DEPENDENCY =
            Pattern.compile("<dependency>.*?<artifactId>([^<]+)</artifactId>(.*?)</dependency>");

    @Test
    void the_sdk_depends_on_exactly_what_the_guide_lists() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "CLIENT.md"))
                .split("\n## Dependencies\n")[1]
                .split("\n## ")[0];
        assertThat(PROMISED.keySet()).allSatisfy(name -> assertThat(guide).contains(name));
        List<String> needed = DEPENDENCY
                .matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .filter(it -> !it.group(2).contains("<scope>test</scope>"))
                .map((MatchResult it) -> it.group(1))
                .toList();
        assertThat(needed)
                .containsExactlyInAnyOrderElementsOf(
                        PROMISED.values().stream().flatMap(List::stream).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"market", "kis-wire", "kis-client", "kis-simulator"})
    void a_library_is_delivered_with_sources_and_javadoc_and_compared_with_its_last_release(String module)
            throws IOException {
        assertThat(Files.readString(Path.of("..", module, "pom.xml")))
                .contains("<maven.source.skip>false<", "<maven.javadoc.skip>false<", "<japicmp.skip>false<");
    }
}
