package kr.kisgateway.mcp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The tools that agents are offered. Immutable. */
final class Toolbox {
    private final Map<String, Tool> tools = new LinkedHashMap<>();

    Toolbox(Contract contract, Set<Toolset> toolsets, Confirmations confirmations, AskedConfirmations asked) {
        var reading = ReadCalls.ALL.stream()
                .filter(read -> toolsets.contains(read.toolset()))
                .<Tool>map(read -> new ReadTool(contract, read));
        var trading = toolsets.contains(Toolset.TRADING)
                ? Stream.of(OrderAction.values())
                        .flatMap(action -> Stream.<Tool>of(
                                new PreviewTool(contract, action, confirmations),
                                new OrderTool(contract, action, confirmations, asked)))
                : Stream.<Tool>empty();
        Stream.concat(reading, trading).forEach(tool -> tools.put(tool.name(), tool));
    }

    /** The definitions of the tools that the role of {@code api} covers, in an order that never changes. */
    ArrayNode listed(ApiPort api) {
        var listed = JsonNodeFactory.instance.arrayNode();
        tools.values().stream()
                .filter(tool -> tool.operation().isFor(api))
                .map(Tool::definition)
                .forEach(listed::add);
        return listed;
    }

    Optional<Tool> find(String name) {
        return Optional.ofNullable(tools.get(name));
    }

    static ObjectNode definition(String name, String title, String about, ObjectNode input, ObjectNode output) {
        var definition = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("title", title)
                .put("description", about);
        definition.set("inputSchema", input);
        definition.set("outputSchema", output);
        return definition;
    }

    /** Says whether a tool reads only. One that changes something can destroy, and has no further effect when it is repeated. */
    static void annotate(ObjectNode definition, boolean readOnly) {
        definition
                .putObject("annotations")
                .put("title", definition.path("title").asString())
                .put("readOnlyHint", readOnly)
                .put("destructiveHint", !readOnly)
                .put("idempotentHint", true)
                .put("openWorldHint", true);
    }
}
