package kr.kisgateway.api.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * An operation of the contract that the clients call.
 *
 * @param summary in English
 * @param path with its parameters in braces
 * @param parameters of the path first, then those of the query
 * @param body schema; empty without one
 * @param answer schema
 * @param keyed whether it takes an idempotency key
 * @param operator whether it sends the operator's token
 */
record ApiOperation(
        String id,
        String summary,
        String method,
        String path,
        List<Parameter> parameters,
        Optional<JsonNode> body,
        JsonNode answer,
        boolean keyed,
        boolean operator) {
    /** @param inPath whether it is in the path, else in the query */
    record Parameter(String name, boolean inPath, boolean required, JsonNode schema) {}

    private static final Set<String> SUCCESS = Set.of("200", "202");

    /** All that answer with JSON, in the contract's order; {@code /api/…} is for programs that exist. */
    static List<ApiOperation> all(JsonNode contract) {
        var all = new ArrayList<ApiOperation>();
        contract.path("paths").properties().stream()
                .filter(path -> !path.getKey().startsWith("/api/"))
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> of(contract, path.getKey(), operation.getKey(), operation.getValue())
                                .ifPresent(all::add)));
        return all;
    }

    private static Optional<ApiOperation> of(JsonNode contract, String path, String method, JsonNode operation) {
        var answer = operation.path("responses").properties().stream()
                .filter(response -> SUCCESS.contains(response.getKey()))
                .map(response -> response.getValue()
                        .path("content")
                        .path("application/json")
                        .path("schema"))
                .filter(schema -> !schema.isMissingNode())
                .findFirst();
        var body = operation.path("requestBody").path("content");
        if (answer.isEmpty() || !body.isMissingNode() && !body.has("application/json")) {
            return Optional.empty();
        }
        var given = operation
                .path("parameters")
                .valueStream()
                .map(parameter -> parameter.has("$ref")
                        ? contract.at(parameter.path("$ref").asString().substring(1))
                        : parameter)
                .toList();
        return Optional.of(new ApiOperation(
                operation.path("operationId").asString(),
                operation.path("summary").asString(),
                method.toUpperCase(java.util.Locale.ROOT),
                path,
                Stream.of("path", "query")
                        .flatMap(in -> given.stream()
                                .filter(parameter ->
                                        parameter.path("in").asString().equals(in)))
                        .map(parameter -> new Parameter(
                                parameter.path("name").asString(),
                                parameter.path("in").asString().equals("path"),
                                parameter.path("required").asBoolean(false),
                                parameter.path("schema")))
                        .toList(),
                Optional.of(body.path("application/json").path("schema")).filter(schema -> !schema.isMissingNode()),
                answer.get(),
                given.stream().anyMatch(it -> it.path("name").asString().equals("Idempotency-Key")),
                given.stream().anyMatch(it -> it.path("name").asString().equals("X-Operator-Token"))));
    }
}
