package kr.kisgateway.acceptance;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.gatewayclient.Answer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The contract that the gateway serves, for checking its answers. */
final class OpenApi {
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode document;
    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    OpenApi(JsonNode document) {
        this.document = (ObjectNode) document;
    }

    /** The violations of the named schema in {@code value}; empty when there are none. */
    List<String> violations(String schema, JsonNode value) {
        return violations("{\"$ref\":\"#/components/schemas/" + schema + "\"}", schema, value);
    }

    /** The violations of the named schema in an array. */
    List<String> itemViolations(String schema, JsonNode value) {
        return violations(
                "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/" + schema + "\"}}", schema, value);
    }

    /** The violations in the answer to a call; a path that the contract does not name is one. */
    List<String> violations(String method, String path, Answer answer) {
        var bare = path.replaceFirst("\\?.*", "");
        var responses = document.path("paths")
                .propertyStream()
                .filter(named -> bare.matches(named.getKey().replaceAll("\\{[a-z]+}", "[^/]+")))
                // A fixed path comes before a template with an id: /v1/orders/batch is no order.
                .sorted((one, other) -> Boolean.compare(
                        one.getKey().contains("{"), other.getKey().contains("{")))
                .map(named ->
                        named.getValue().path(method.toLowerCase(Locale.ROOT)).path("responses"))
                .filter(JsonNode::isObject)
                .findFirst();
        if (responses.isEmpty()) return List.of("the contract has no " + method + " " + bare);
        var statusCode = String.valueOf(answer.status());
        var response = responses.get().path(responses.get().has(statusCode) ? statusCode : "default");
        if (response.has("$ref")) {
            response = document.at(response.path("$ref").asString().substring(1));
        }
        if (response.isMissingNode())
            return List.of("the contract has no " + statusCode + " of " + method + " " + bare);
        var root = JSON.createObjectNode();
        root.putArray("allOf")
                .add(response.path("content").path("application/json").path("schema"));
        return violations(root, method + " " + path + " " + statusCode, answer.body());
    }

    private List<String> violations(String root, String name, JsonNode value) {
        return violations((ObjectNode) JSON.readTree(root), name, value);
    }

    private List<String> violations(ObjectNode rootSchema, String name, JsonNode value) {
        rootSchema.set("components", document.get("components"));
        var schema = schemas.getSchema(rootSchema.toString());
        return schema.validate(value).stream()
                .map(error -> name + ": " + error + " in " + value)
                .toList();
    }
}
