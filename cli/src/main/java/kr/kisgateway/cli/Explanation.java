package kr.kisgateway.cli;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An order with its requests in doubt, for programs. */
record Explanation(JsonNode order, JsonNode events) {
    String json() {
        return new JsonMapper().writeValueAsString(tree());
    }

    ObjectNode tree() {
        ObjectNode tree = new JsonMapper().createObjectNode();
        tree.set("order", order);
        var doubts = tree.putArray("in_doubt");
        for (UnresolvedRequest unresolved : UnresolvedRequest.of(order, events)) {
            ObjectNode node = doubts.addObject()
                    .put("request", unresolved.request())
                    .put("what", unresolved.description())
                    .put("sent_at", unresolved.sentAt())
                    .put("why", unresolved.reason());
            node.put("target", unresolved.target().orElse(null));
            node.put("looked", unresolved.lastFinding().orElse(null));
            var numbers = node.putArray("known_before");
            unresolved.numbersBefore().forEach(numbers::add);
        }
        tree.set("events", events);
        return tree;
    }
}
