package kr.kisgateway.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code docs/API.md} is the contract for readers. {@code ./kis openapi} writes it: this test, with the property {@code kis.openapi.write}. */
final class ApiPageTest {
    private static final Path PAGE = Path.of("..", "docs", "API.md");
    private static final Path CONTRACT = Path.of("src/main/resources/openapi.yaml");
    private static final Pattern LINK = Pattern.compile("\\[(\\w+)\\]\\(#");
    private static final String HEAD = """
            # API

            Every call of the gateway's port, with its parameters, what it takes and what it answers. The machine-readable contract is
            `gateway-api/src/main/resources/openapi.yaml` of the sources, which a running gateway answers at `/openapi.json`; refusals have the codes of
            [ERRORS.md](ERRORS.md), keys and roles are those of [ACCESS.md](ACCESS.md), the stream's messages those of
            [MARKET-DATA.md](MARKET-DATA.md#stream). Written by `./kis openapi`. 게이트웨이 API의 전체 호출입니다.
            """;

    @Test
    void the_page_of_the_api_is_the_contract() throws IOException {
        var expected = page(YAMLMapper.builder().build().readTree(CONTRACT.toFile()));
        if (Boolean.getBoolean("kis.openapi.write")) {
            Files.writeString(PAGE, expected);
            return;
        }
        assertThat(Files.readString(PAGE))
                .as("docs/API.md differs from openapi.yaml: ./kis openapi")
                .isEqualTo(expected);
    }

    private static String page(JsonNode contract) {
        var text = new StringBuilder(HEAD);
        for (var tag : contract.path("tags")) {
            var name = tag.path("name").asString();
            text.append("\n## ")
                    .append(name.substring(0, 1).toUpperCase(Locale.ROOT))
                    .append(name.substring(1))
                    .append("\n");
            contract.path("paths")
                    .properties()
                    .forEach(path -> path.getValue().properties().stream()
                            .filter(operation -> operation
                                    .getValue()
                                    .path("tags")
                                    .path(0)
                                    .asString("")
                                    .equals(name))
                            .forEach(operation -> operation(
                                    contract, operation.getKey() + " " + path.getKey(), operation.getValue(), text)));
        }
        var records = new LinkedHashMap<String, String>();
        contract.path("components").path("schemas").properties().forEach(schema -> {
            var record = new StringBuilder();
            record(schema.getKey(), schema.getValue(), record);
            records.put(schema.getKey(), record.toString());
        });
        var used = used(text.toString(), records);
        text.append("\n## Records\n");
        records.entrySet().stream()
                .filter(record -> used.contains(record.getKey()))
                .forEach(record -> text.append(record.getValue()));
        return text.toString();
    }

    /** The records that a text names, and those that they name. */
    private static Set<String> used(String text, Map<String, String> records) {
        var used = new HashSet<String>();
        var open = new ArrayDeque<String>(List.of(text));
        while (!open.isEmpty()) {
            LINK.matcher(open.remove()).results().map(link -> link.group(1)).forEach(name -> {
                if (records.containsKey(name) && used.add(name)) {
                    open.add(records.get(name));
                }
            });
        }
        return used;
    }

    private static void operation(JsonNode contract, String call, JsonNode operation, StringBuilder text) {
        int blank = call.indexOf(' ');
        text.append("\n### `")
                .append(call.substring(0, blank).toUpperCase(Locale.ROOT))
                .append(call.substring(blank))
                .append("`\n\n");
        text.append(sentence(operation.path("summary").asString()));
        var korean = operation.path("x-summary-ko").asString("");
        text.append(korean.isEmpty() ? "" : " " + korean).append("\n");
        var description = operation.path("description").asString("").strip();
        if (!description.isEmpty()) {
            text.append("\n").append(escaped(description)).append("\n");
        }
        var parameters = operation
                .path("parameters")
                .valueStream()
                .map(parameter -> parameter.has("$ref")
                        ? contract.at(parameter.path("$ref").asString().substring(1))
                        : parameter)
                .toList();
        if (!parameters.isEmpty()) {
            text.append("\n| parameter | in | type | |\n|---|---|---|---|\n");
            for (var parameter : parameters) {
                text.append("| `")
                        .append(parameter.path("name").asString())
                        .append("` | ")
                        .append(parameter.path("in").asString())
                        .append(" | ")
                        .append(type(parameter.path("schema")))
                        .append(" | ")
                        .append(parameter.path("required").asBoolean(false) ? "required. " : "")
                        .append(cell(parameter.path("description").asString("")))
                        .append(" |\n");
            }
        }
        var body = operation.path("requestBody").path("content").properties().stream()
                .toList();
        body.forEach(content -> text.append("\nTakes ")
                .append(type(content.getValue().path("schema")))
                .append(" (")
                .append(content.getKey())
                .append(").\n"));
        operation.path("responses").properties().stream()
                .filter(response -> !response.getKey().equals("default"))
                .forEach(response -> text.append("\nAnswers ")
                        .append(response.getKey())
                        .append(": ")
                        .append(answer(response.getValue()))
                        .append("\n"));
    }

    private static String answer(JsonNode response) {
        var contents = response.path("content").properties().stream()
                .map(content -> type(content.getValue().path("schema")) + " (" + content.getKey() + ")")
                .collect(Collectors.joining(", "));
        var description = escaped(response.path("description").asString("").strip());
        return contents.isEmpty() ? description : contents + (description.isEmpty() ? "." : ". " + description);
    }

    private static void record(String name, JsonNode schema, StringBuilder text) {
        text.append("\n### ").append(name).append("\n\n");
        var description = schema.path("description").asString("").strip();
        if (!description.isEmpty()) {
            text.append(escaped(description)).append("\n\n");
        }
        var required =
                schema.path("required").valueStream().map(JsonNode::asString).toList();
        var fields = new ArrayList<String>();
        schema.path("properties")
                .properties()
                .forEach(field -> fields.add("| `" + field.getKey() + "` | "
                        + type(field.getValue()) + (required.contains(field.getKey()) ? "" : ", may be absent") + " | "
                        + cell(field.getValue().path("description").asString("")) + " |\n"));
        if (fields.isEmpty()) {
            text.append("Type: ").append(type(schema)).append("\n");
        } else {
            text.append("| field | type | |\n|---|---|---|\n");
            fields.forEach(text::append);
        }
    }

    /** The type of a value in a few words; of a record its name, linked. */
    private static String type(JsonNode schema) {
        if (schema.has("$ref")) {
            var name = schema.path("$ref").asString().replaceAll(".*/", "");
            return "[" + name + "](#" + anchor(name) + ")";
        }
        for (var several : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.has(several)) {
                return schema.path(several).valueStream().map(ApiPageTest::type).collect(Collectors.joining(" or "));
            }
        }
        if (schema.has("enum")) {
            return schema.path("enum")
                    .valueStream()
                    .map(value -> "`" + value.asString() + "`")
                    .collect(Collectors.joining(", "));
        }
        var types = schema.path("type").isArray()
                ? schema.path("type").valueStream().map(JsonNode::asString).toList()
                : List.of(schema.path("type").asString("any"));
        return types.stream()
                .map(type -> type.equals("array") ? "list of " + type(schema.path("items")) : type)
                .collect(Collectors.joining(" or "));
    }

    private static String anchor(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String sentence(String text) {
        return text.isEmpty() || text.endsWith(".") ? text : text + ".";
    }

    private static String cell(String text) {
        return escaped(text.strip().replaceAll("\\s+", " ")).replace("|", "\\|");
    }

    /** Angle brackets outside of code are no elements. */
    private static String escaped(String text) {
        var parts = text.split("`", -1);
        return IntStream.range(0, parts.length)
                .mapToObj(i -> i % 2 == 0 ? parts[i].replace("<", "&lt;") : parts[i])
                .collect(Collectors.joining("`"));
    }
}
