package kr.kisgateway.mcp;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.api.json.ApiJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI document of the gateway, as JSON Schemas of tools. */
final class Contract {
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String DEFINITIONS = "#/$defs/";
    /** What is for other readers than agents. */
    private static final Set<String> LEFT_OUT = Set.of("x-description-ko", "example", "examples", "discriminator");

    private final JsonNode document;

    private Contract(JsonNode document) {
        this.document = document;
    }

    /** @param json the document as {@code GET /openapi.json} answers it */
    static Contract parse(String json) {
        return new Contract(ApiJson.tree(json));
    }

    /** Parameters of the path and the query, in the contract's order. */
    List<JsonNode> parameters(Operation operation) {
        return definition(operation)
                .path("parameters")
                .valueStream()
                .map(this::resolved)
                .filter(it -> Set.of("path", "query").contains(it.path("in").asString()))
                .toList();
    }

    /** The schema of the body; empty where there is none. */
    Optional<JsonNode> body(Operation operation) {
        var schema = definition(operation)
                .path("requestBody")
                .path("content")
                .path("application/json")
                .path("schema");
        return schema.isMissingNode() ? Optional.empty() : Optional.of(resolved(schema));
    }

    /**
     * The path of a member of {@code value} that {@code schema} has not, as {@code stop.x}, also of a nested object; empty when there is
     * none.
     */
    Optional<String> unknownMember(JsonNode schema, JsonNode value) {
        return unknownMembers("", schema, value).findFirst();
    }

    private Stream<String> unknownMembers(String path, JsonNode schema, JsonNode value) {
        var forms = forms(schema).toList();
        if (value.isArray()) {
            return value.valueStream()
                    .flatMap(element -> forms.stream()
                            .map(form -> form.path("items"))
                            .flatMap(items -> unknownMembers(path, items, element)));
        }
        // A schema of members with any name describes their values alone.
        if (!value.isObject() || forms.stream().anyMatch(Contract::hasFreeNames)) {
            return Stream.empty();
        }
        return value.properties().stream().flatMap(member -> {
            var name = path.isEmpty() ? member.getKey() : path + '.' + member.getKey();
            return forms.stream()
                    .map(form -> form.path("properties").path(member.getKey()))
                    .filter(JsonNode::isObject)
                    .findFirst()
                    .map(property -> unknownMembers(name, property, member.getValue()))
                    .orElseGet(() -> Stream.of(name));
        });
    }

    private static boolean hasFreeNames(JsonNode form) {
        var names = form.path("additionalProperties");
        return names.isObject() || names.booleanValue(false);
    }

    /** A schema, or the alternatives that it consists of, without references. */
    private Stream<JsonNode> forms(JsonNode schema) {
        var plain = resolved(schema);
        return plain.path("oneOf").isArray()
                ? plain.path("oneOf").valueStream().flatMap(this::forms)
                : Stream.of(plain);
    }

    /** The schema of a tool's arguments: one property for each parameter, and for each member of the body. */
    ObjectNode inputSchema(Operation operation) {
        return inputSchema(operation, List.of(), List.of());
    }

    /**
     * The schema of a tool's arguments.
     *
     * @param leftOut members of the body that are no arguments
     * @param demanded arguments that are required, too
     */
    ObjectNode inputSchema(Operation operation, List<String> leftOut, List<String> demanded) {
        var schema = object().put("type", "object");
        var properties = schema.putObject("properties");
        var required = array();
        for (var parameter : parameters(operation)) {
            var name = parameter.path("name").asString();
            var property = (ObjectNode) plain(parameter.path("schema"));
            if (parameter.path("description").isString()) {
                property.set("description", parameter.path("description"));
            }
            properties.set(name, property);
            if (parameter.path("required").asBoolean(false)) {
                required.add(name);
            }
        }
        body(operation).ifPresent(body -> {
            body.path("properties").properties().stream()
                    .filter(member -> !leftOut.contains(member.getKey()))
                    .forEach(member -> properties.set(member.getKey(), plain(member.getValue())));
            body.path("required").forEach(required::add);
        });
        demanded.forEach(required::add);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return define(schema.put("additionalProperties", false));
    }

    /**
     * The schema of a tool's answer. It is an object: clients of 2025-11-25 accept nothing else, so that a list is the member
     * {@code items}.
     */
    ObjectNode outputSchema(Operation operation) {
        return define(answer(operation));
    }

    /**
     * The schema of what a tool wraps around the answer of an operation.
     *
     * @param member of {@code wrapper} that is the answer
     */
    ObjectNode outputSchema(ObjectNode wrapper, String member, Operation operation) {
        ((ObjectNode) wrapper.path("properties")).set(member, answer(operation));
        return define(wrapper);
    }

    private ObjectNode answer(Operation operation) {
        return asObject(plain(definition(operation)
                .path("responses")
                .path("200")
                .path("content")
                .path("application/json")
                .path("schema")));
    }

    /** The schema of an answer as its tool returns it: a list is the member {@code items}. */
    private static ObjectNode asObject(JsonNode answer) {
        if (answer.path("type").asString("").equals("array")) {
            var schema = object().put("type", "object");
            schema.putObject("properties").set("items", answer);
            schema.set("required", array().add("items"));
            return schema;
        }
        var schema = ((ObjectNode) answer).put("type", "object");
        if (answer.path("oneOf").isArray()) {
            var forms = array();
            answer.path("oneOf").forEach(form -> forms.add(asObject(form)));
            schema.set("oneOf", forms);
        }
        return schema;
    }

    private JsonNode definition(Operation operation) {
        var definition = document.path("paths")
                .path(operation.path())
                .path(operation.method().toLowerCase(Locale.ROOT));
        if (!definition.isObject()) {
            throw new IllegalStateException("the contract has no " + operation);
        }
        return definition;
    }

    private JsonNode resolved(JsonNode node) {
        var reference = node.path("$ref").asString("");
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    /** A copy without what is for other readers, whose references are to {@code $defs}. */
    private static JsonNode plain(JsonNode node) {
        if (node.isArray()) {
            var copy = array();
            node.forEach(element -> copy.add(plain(element)));
            return copy;
        }
        if (!node.isObject()) {
            return node;
        }
        var copy = object();
        node.properties().stream()
                .filter(member -> !LEFT_OUT.contains(member.getKey()))
                .forEach(member -> {
                    if (member.getKey().equals("$ref") && member.getValue().isString()) {
                        copy.put("$ref", member.getValue().asString().replace(SCHEMAS, DEFINITIONS));
                    } else if (member.getKey().equals("properties")) {
                        // Its members are names of the API, whatever they are called.
                        var named = copy.putObject("properties");
                        member.getValue()
                                .properties()
                                .forEach(property -> named.set(property.getKey(), plain(property.getValue())));
                    } else {
                        copy.set(member.getKey(), plain(member.getValue()));
                    }
                });
        return copy;
    }

    /** Adds to {@code schema} every schema that it refers to, and those that these refer to. */
    private ObjectNode define(ObjectNode schema) {
        var waiting = new ArrayDeque<>(references(schema).toList());
        var definitions = object();
        while (!waiting.isEmpty()) {
            var name = waiting.remove();
            if (definitions.has(name)) {
                continue;
            }
            var definition = plain(document.path("components").path("schemas").path(name));
            definitions.set(name, definition);
            references(definition).forEach(waiting::add);
        }
        if (!definitions.isEmpty()) {
            schema.set("$defs", definitions);
        }
        return schema;
    }

    private static Stream<String> references(JsonNode node) {
        return Stream.concat(
                node.path("$ref").isString()
                        ? Stream.of(node.path("$ref").asString().substring(DEFINITIONS.length()))
                        : Stream.empty(),
                node.valueStream().flatMap(Contract::references));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }
}
