package kr.kisgateway.api.clients;

import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** How a language writes the types and operations of the contract. */
abstract class ClientLanguage {
    private static final String SCHEMAS = "#/components/schemas/";

    /** The whole file. */
    abstract String source(JsonNode contract);

    abstract String text();

    abstract String literal(String value);

    abstract String number(boolean whole);

    abstract String flag();

    abstract String list(String element);

    abstract String map(String value);

    abstract String any();

    abstract String nothing();

    abstract String either(Stream<String> types);

    /** Another type of the file, which may follow later. */
    String named(String name) {
        return name;
    }

    /** A schema as a type. */
    final String type(JsonNode schema) {
        if (schema.has("$ref")) {
            return named(schema.path("$ref").asString().substring(SCHEMAS.length()));
        }
        if (schema.has("oneOf")) {
            return either(schema.path("oneOf").valueStream().map(this::type).distinct());
        }
        if (schema.has("const")) {
            return literal(schema.path("const").asString());
        }
        var names = schema.path("type").isArray()
                ? schema.path("type").valueStream().map(JsonNode::asString).toList()
                : java.util.List.of(schema.path("type").asString(""));
        return either(names.stream().flatMap(name -> of(name, schema)).distinct());
    }

    private Stream<String> of(String name, JsonNode schema) {
        return switch (name) {
            case "string" ->
                schema.has("enum")
                        ? schema.path("enum")
                                .valueStream()
                                .filter(JsonNode::isString)
                                .map(value -> literal(value.asString()))
                        : Stream.of(text());
            case "integer" -> Stream.of(number(true));
            case "number" -> Stream.of(number(false));
            case "boolean" -> Stream.of(flag());
            case "null" -> Stream.of(nothing());
            case "array" -> Stream.of(list(type(schema.path("items"))));
            case "object" ->
                Stream.of(map(
                        schema.path("additionalProperties").isObject()
                                ? type(schema.path("additionalProperties"))
                                : any()));
            default -> Stream.of(any());
        };
    }

    static String lines(JsonNode contract, Function<ApiOperation, String> line) {
        return ApiOperation.all(contract).stream().map(line).collect(Collectors.joining("\n"));
    }

    /** {@code placeOrder} as {@code place_order}. */
    static String snake(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /** {@code account_id} as {@code accountId}. */
    static String camel(String name) {
        var words = name.split("_");
        return words[0]
                + Stream.of(words)
                        .skip(1)
                        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                        .collect(Collectors.joining());
    }

    /** The properties of a schema that is an object of fixed members. */
    static boolean isRecord(JsonNode schema) {
        return schema.path("properties").isObject() && !schema.has("patternProperties");
    }

    static boolean isRequired(JsonNode schema, String member) {
        return schema.path("required")
                .valueStream()
                .anyMatch(it -> it.asString().equals(member));
    }
}
