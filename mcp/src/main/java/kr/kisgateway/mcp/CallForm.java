package kr.kisgateway.mcp;

import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeSet;
import kr.kisgateway.api.call.ApiCall;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** How the arguments of a tool become a call of an operation: by the contract, in its path, its query and its body. */
final class CallForm {
    private final Contract contract;
    private final Operation operation;

    CallForm(Contract contract, Operation operation) {
        this.contract = contract;
        this.operation = operation;
    }

    /**
     * The call of the API for these arguments.
     *
     * @throws InvalidArgumentsException in a sentence for the agent
     */
    ApiPort.Request request(JsonNode arguments) {
        var left = new TreeSet<>(arguments.propertyNames());
        var path = operation.path();
        var query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (var parameter : contract.parameters(operation)) {
            var name = parameter.path("name").asString();
            left.remove(name);
            var value = arguments.path(name);
            if (value.isMissingNode() || value.isNull()) {
                if (parameter.path("required").asBoolean(false)) {
                    throw new InvalidArgumentsException("The argument " + name + " is required.");
                }
                continue;
            }
            var text = text(name, value);
            if (parameter.path("in").asString().equals("path")) {
                path = path.replace('{' + name + '}', segment(name, text));
            } else {
                query.add(name + '=' + ApiCall.encode(text));
            }
        }
        var body = body(arguments, left);
        if (!left.isEmpty()) {
            throw new InvalidArgumentsException("There is no argument " + left.first() + ".");
        }
        return new ApiPort.Request(operation.method(), path + query, body, Optional.empty());
    }

    private Optional<String> body(JsonNode arguments, TreeSet<String> left) {
        var schema = contract.body(operation);
        if (schema.isEmpty()) {
            return Optional.empty();
        }
        var body = JsonNodeFactory.instance.objectNode();
        schema.get().path("properties").propertyNames().forEach(name -> {
            if (left.remove(name)) {
                body.set(name, arguments.get(name));
            }
        });
        contract.unknownMember(schema.get(), body).ifPresent(name -> {
            throw new InvalidArgumentsException("There is no argument " + name + ".");
        });
        return Optional.of(body.toString());
    }

    private static String text(String name, JsonNode value) {
        if (value.isArray()) {
            var words = new StringJoiner(",");
            value.forEach(element -> words.add(text(name, element)));
            return words.toString();
        }
        if (value.isObject()) {
            throw new InvalidArgumentsException(
                    "The argument " + name + " must be a text, a number, a flag or a list of them.");
        }
        return value.asString();
    }

    /** A segment of a path that is empty, {@code .} or {@code ..} would be another path. */
    private static String segment(String name, String text) {
        if (text.isBlank()) {
            throw new InvalidArgumentsException("The argument " + name + " must not be empty.");
        }
        if (text.equals(".") || text.equals("..")) {
            throw new InvalidArgumentsException("The argument " + name + " must not be " + text + ".");
        }
        return ApiCall.encode(text);
    }
}
