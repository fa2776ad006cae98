package kr.kisgateway.mcp;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The tools that agents are offered. Immutable. */
final class Toolbox {
    private final Contract contract;
    private final Map<String, ReadTool> tools = new LinkedHashMap<>();
    private final ArrayNode listed = JsonNodeFactory.instance.arrayNode();

    Toolbox(Contract contract, Set<Toolset> toolsets) {
        this.contract = contract;
        for (var tool : ReadTools.ALL) {
            if (toolsets.contains(tool.toolset())) {
                tools.put(tool.name(), tool);
                listed.add(definition(tool));
            }
        }
    }

    /** The definitions, in an order that never changes. */
    ArrayNode listed() {
        return listed;
    }

    private ObjectNode definition(ReadTool tool) {
        var definition = JsonNodeFactory.instance
                .objectNode()
                .put("name", tool.name())
                .put("title", tool.title())
                .put("description", tool.about());
        definition.set("inputSchema", contract.inputSchema(tool.path()));
        definition.set("outputSchema", contract.outputSchema(tool.path()));
        definition
                .putObject("annotations")
                .put("title", tool.title())
                .put("readOnlyHint", true)
                .put("destructiveHint", false)
                .put("idempotentHint", true)
                .put("openWorldHint", true);
        return definition;
    }

    Optional<ReadTool> find(String name) {
        return Optional.ofNullable(tools.get(name));
    }

    /**
     * The call of the API for these arguments.
     *
     * @throws InvalidArgumentsException in a sentence for the agent
     */
    ApiPort.Request request(ReadTool tool, JsonNode arguments) {
        var left = new TreeSet<String>();
        arguments.propertyNames().forEach(left::add);
        var path = tool.path();
        var query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (var parameter : contract.parameters(tool.path())) {
            var name = parameter.path("name").asString();
            left.remove(name);
            var value = arguments.path(name);
            if (value.isMissingNode() || value.isNull()) {
                if (parameter.path("required").asBoolean(false)) {
                    throw new InvalidArgumentsException("The argument " + name + " is required.");
                }
                continue;
            }
            var text = encoded(text(name, value));
            if (parameter.path("in").asString().equals("path")) {
                path = path.replace('{' + name + '}', text);
            } else {
                query.add(name + '=' + text);
            }
        }
        if (!left.isEmpty()) {
            throw new InvalidArgumentsException("The tool " + tool.name() + " has no argument " + left.first() + ".");
        }
        return ApiPort.Request.get(path + query);
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

    /** A segment of a path that is {@code .} or {@code ..} would be another path. */
    private static String encoded(String text) {
        if (text.equals(".") || text.equals("..")) {
            throw new InvalidArgumentsException("An argument must not be " + text + ".");
        }
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static final class InvalidArgumentsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvalidArgumentsException(String message) {
            super(message, null, false, false);
        }
    }
}
