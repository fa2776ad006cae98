package kr.kisgateway.acceptance;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The contract that the gateway itself serves, to hold its answers against. */
final class OpenApi {
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode document;
    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    OpenApi(JsonNode document) {
        this.document = (ObjectNode) document;
    }

    /** What is wrong with {@code value} as the named schema; empty when nothing is. */
    List<String> wrong(String schema, JsonNode value) {
        return wrong("{\"$ref\":\"#/components/schemas/" + schema + "\"}", schema, value);
    }

    /** The same for an array of the named schema. */
    List<String> wrongItems(String schema, JsonNode value) {
        return wrong(
                "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/" + schema + "\"}}", schema, value);
    }

    private List<String> wrong(String root, String name, JsonNode value) {
        var whole = (ObjectNode) JSON.readTree(root);
        whole.set("components", document.get("components"));
        var schema = schemas.getSchema(whole.toString());
        return schema.validate(value).stream()
                .map(error -> name + ": " + error + " in " + value)
                .toList();
    }
}
