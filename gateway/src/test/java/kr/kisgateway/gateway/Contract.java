package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The served OpenAPI document, for checking real answers. */
final class Contract {
    private final JsonMapper mapper = new JsonMapper();
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final JsonNode document;

    Contract(JsonNode document) {
        this.document = document;
    }

    /** Every call of the document, as {@code GET /path}. */
    Set<String> calls() {
        var calls = new TreeSet<String>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> calls.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        return calls;
    }

    /** The query parameters of a call. */
    Set<String> query(String method, String path) {
        var names = new TreeSet<String>();
        for (var declared : document.get("paths")
                .get(path)
                .get(method.toLowerCase(java.util.Locale.ROOT))
                .path("parameters")) {
            var parameter = declared.has("$ref")
                    ? document.at(declared.get("$ref").stringValue().substring(1))
                    : declared;
            if (parameter.path("in").asString("").equals("query")) {
                names.add(parameter.get("name").stringValue());
            }
        }
        return names;
    }

    /** Fails unless {@code answer} has the form that the document gives for its status. */
    void check(String method, String path, HttpResponse<String> answer) {
        var responses = document.get("paths")
                .get(path)
                .get(method.toLowerCase(java.util.Locale.ROOT))
                .get("responses");
        var response = responses.get(Integer.toString(answer.statusCode()));
        if (response == null) {
            response = responses.get("default");
        }
        assertThat(response)
                .as("a response for %s of %s", answer.statusCode(), path)
                .isNotNull();
        if (response.has("$ref")) {
            response = document.at(response.get("$ref").stringValue().substring(1));
        }
        var schema = schema(response.get("content").get("application/json").get("schema"));
        assertThat(schema.validate(mapper.readTree(answer.body())))
                .as("%s %s answered %s", method, path, answer.body())
                .isEmpty();
        assertThat(answer.headers().firstValue("X-Trace-Id")).isPresent();
    }

    /** Fails unless {@code message} is one of the stream's. */
    void message(JsonNode message) {
        var reference = mapper.createObjectNode().put("$ref", "#/components/schemas/StreamMessage");
        assertThat(schema(reference).validate(message))
                .as("stream message %s", message)
                .isEmpty();
    }

    /** Fails unless {@code line} is one of a batch's. */
    void batchLine(JsonNode line) {
        var reference = mapper.createObjectNode().put("$ref", "#/components/schemas/BatchLine");
        assertThat(schema(reference).validate(line)).as("line %s", line).isEmpty();
    }

    /** Fails unless {@code line} is one of a batch's of bars. */
    void barLine(JsonNode line) {
        var reference = mapper.createObjectNode().put("$ref", "#/components/schemas/BarBatchLine");
        assertThat(schema(reference).validate(line)).as("line %s", line).isEmpty();
    }

    /** The node as a schema of its own, with the document's components beside it so that its references resolve. */
    private Schema schema(JsonNode node) {
        ObjectNode root = mapper.createObjectNode();
        root.putArray("allOf").add(node);
        root.set("components", document.get("components"));
        return registry.getSchema(root);
    }
}
