package kr.kisgateway.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The schemas of {@code openapi.yaml} are those of the records. {@code ./kis openapi} writes them: this test, with the
 * property {@code kis.openapi.write}.
 */
final class OpenApiTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path DOCUMENT = Path.of("src/main/resources/openapi.yaml");
    private static final String BEGIN =
            "    # Below this line written by ./kis openapi from the records of gateway-api.\n";

    @Test
    void the_schemas_of_the_document_are_those_of_the_records() throws IOException {
        var document = Files.readString(DOCUMENT);
        int at = document.indexOf(BEGIN);
        assertThat(at).as("the line that divides the document").isPositive();
        var byHand = document.substring(0, at + BEGIN.length());
        var expected = byHand + new Schemas(SourceTexts.read(SOURCES)).document(types());
        if (Boolean.getBoolean("kis.openapi.write")) {
            Files.writeString(DOCUMENT, expected);
            return;
        }
        assertThat(document)
                .as("openapi.yaml differs from the records: ./kis openapi")
                .isEqualTo(expected);
    }

    @TestFactory
    Stream<DynamicTest> an_example_is_read_as_its_record_and_written_as_it_was() throws IOException {
        return types().stream()
                .filter(type -> Schemas.example(type).isPresent())
                .map(type -> DynamicTest.dynamicTest(Schemas.name(type), () -> {
                    var example = Schemas.example(type).orElseThrow();
                    var written = ApiJson.text(ApiJson.read(example, type));
                    assertThat(ApiJson.tree(written)).isEqualTo(ApiJson.tree(example));
                }));
    }

    @Test
    void every_request_and_answer_of_a_path_has_an_example() throws IOException {
        var document = new YAMLMapper().readTree(DOCUMENT.toFile());
        var withExample = types().stream()
                .filter(type -> Schemas.example(type).isPresent())
                .map(Schemas::name)
                .toList();
        var named = new TreeSet<String>();
        references(document.get("paths"), named);
        named.removeIf(name -> {
            var schema = document.at("/components/schemas/" + name);
            return !schema.has("properties"); // a text, or one of several types with examples of their own
        });
        assertThat(withExample).containsAll(named);
    }

    private static void references(JsonNode node, Set<String> names) {
        if (node.has("$ref") && node.get("$ref").stringValue().startsWith("#/components/schemas/")) {
            names.add(node.get("$ref").stringValue().substring("#/components/schemas/".length()));
        }
        node.forEach(child -> references(child, names));
    }

    /** Every type of the contract, nested ones too. */
    private static List<Class<?>> types() throws IOException {
        var types = new ArrayList<Class<?>>();
        try (var files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                var name =
                        SOURCES.relativize(file).toString().replace(".java", "").replace('/', '.');
                if (!name.endsWith("-info")
                        && !name.contains(".api.schema.")
                        && !name.contains(".api.json.")
                        && !name.contains(".api.call.")
                        && !name.endsWith("Calls")
                        && !name.equals(ErrorCode.class.getName())) {
                    withNested(load(name)).filter(type -> !type.isEnum()).forEach(types::add);
                }
            }
        }
        return types;
    }

    private static Stream<Class<?>> withNested(Class<?> type) {
        return Stream.concat(
                Stream.of(type), Arrays.stream(type.getDeclaredClasses()).flatMap(OpenApiTest::withNested));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
