package kr.kisgateway.mcp;

import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Orders of which it is not known whether KIS has them: an agent that sees one must not place it again. */
final class Doubt {
    private Doubt() {}

    /** What to say beside an answer that shows such orders, as JSON; empty when there are none. */
    static Optional<String> in(JsonNode answer) {
        var orders = JsonNodeFactory.instance.arrayNode();
        Stream.of(
                        Stream.of(answer, answer.path("preview")),
                        answer.path("orders").valueStream(),
                        answer.path("preview").path("orders").valueStream())
                .flatMap(it -> it)
                .filter(it -> it.path("status").asString("").equals("UNKNOWN"))
                .map(it -> it.path("order_id").asString(""))
                .filter(id -> !id.isEmpty())
                .forEach(orders::add);
        if (orders.isEmpty()) {
            return Optional.empty();
        }
        var note = JsonNodeFactory.instance.objectNode().put("retry_safe", false);
        note.set("unknown", orders);
        return Optional.of(note.put(
                        "do",
                        "It is not known whether KIS has these orders. Do not repeat them; look at get_order_timeline, and"
                                + " leave the decision to a person.")
                .toString());
    }
}
