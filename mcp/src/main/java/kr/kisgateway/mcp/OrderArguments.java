package kr.kisgateway.mcp;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The arguments of an {@link OrderAction}: the same for its preview and for what follows it. */
final class OrderArguments {
    static final String CONFIRMATION = "confirmation";

    /** No quantity and no price has more digits before or after its point. */
    private static final int SCALE_MAX = 1_000;

    /** Characters that end a line or are not seen. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\p{Cf}]");

    private final Contract contract;
    private final OrderAction action;
    private final CallForm form;

    OrderArguments(Contract contract, OrderAction action) {
        this.contract = contract;
        this.action = action;
        this.form = new CallForm(contract, action.operation());
    }

    ObjectNode schema() {
        return contract.inputSchema(action.operation(), action.leftOut(), action.required());
    }

    /** The schema with the confirmation. */
    ObjectNode schemaWithConfirmation() {
        var schema = schema();
        ((ObjectNode) schema.path("properties"))
                .putObject(CONFIRMATION)
                .put("type", "string")
                .put(
                        "description",
                        "Of " + action.previewName() + " with the same arguments, not older than two minutes.");
        schema.withArray("/required").add(CONFIRMATION);
        return schema;
    }

    /**
     * The arguments without the confirmation, complete.
     *
     * @throws InvalidArgumentsException where one is missing or is not one of the tool's
     */
    ObjectNode read(JsonNode given) {
        var arguments = given.isObject() ? (ObjectNode) given.deepCopy() : JsonNodeFactory.instance.objectNode();
        arguments.remove(CONFIRMATION);
        for (var name : action.required()) {
            if (arguments.path(name).isMissingNode() || arguments.path(name).isNull()) {
                throw new InvalidArgumentsException("The argument " + name + " is required.");
            }
        }
        for (var name : action.leftOut()) {
            if (arguments.has(name)) {
                throw new InvalidArgumentsException("There is no argument " + name + ".");
            }
        }
        if (action.required().contains("order") && !arguments.path("order").isObject()) {
            throw new InvalidArgumentsException("The argument order must be an object.");
        }
        return action.complete(arguments);
    }

    /** The call that does it. */
    ApiPort.Request request(ObjectNode complete) {
        return form.request(complete);
    }

    /** What would be done, in one form: the same arguments in another order are the same. */
    String exactly(ObjectNode complete) {
        return action.toolName() + ' ' + sorted(complete);
    }

    /**
     * What would be done, for a person: the arguments of the agent's call, and of the order that they name its terms.
     *
     * @param subject that order as it is now
     */
    String question(ObjectNode complete, Optional<JsonNode> subject) {
        var text = new StringBuilder(action.title()).append('?');
        lines(text, "", complete);
        subject.ifPresent(order -> {
            var terms = JsonNodeFactory.instance.objectNode();
            // A parent order has those of the order that it places.
            for (var from : List.of(order, order.path("order"))) {
                for (var name : SUBJECT) {
                    if (from.path(name).isValueNode() && !from.path(name).isNull()) {
                        terms.set(name, from.path(name));
                    }
                }
            }
            lines(text, "now ", terms);
        });
        return text.toString();
    }

    private static final List<String> SUBJECT =
            List.of("account_id", "symbol", "side", "qty", "filled_qty", "price", "status");

    private static void lines(StringBuilder text, String prefix, JsonNode arguments) {
        arguments.properties().forEach(member -> {
            var name = onOneLine(member.getKey());
            var value = member.getValue();
            if (value.isObject()) {
                lines(text, prefix + name + ' ', value);
            } else {
                text.append('\n')
                        .append(prefix)
                        .append(name)
                        .append(": ")
                        .append(onOneLine(value.isValueNode() ? value.asString() : value.toString()));
            }
        });
    }

    /** Neither a name nor a value can look like a line of its own. */
    private static String onOneLine(String text) {
        return CONTROL.matcher(text).replaceAll(" ");
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isArray()) {
            var copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> copy.add(sorted(element)));
            return copy;
        }
        if (!node.isObject()) {
            return node.isNumber() ? number(node) : node;
        }
        var members = new TreeMap<String, JsonNode>();
        node.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
        var copy = JsonNodeFactory.instance.objectNode();
        members.forEach(copy::set);
        return copy;
    }

    /** The same for 10 and 10.0, another than for the text 10. */
    private static JsonNode number(JsonNode number) {
        var value = number.decimalValue();
        if (Math.abs((long) value.scale()) > SCALE_MAX) {
            throw new InvalidArgumentsException("A number of the arguments is out of range.");
        }
        return JsonNodeFactory.instance.numberNode(value.stripTrailingZeros());
    }
}
