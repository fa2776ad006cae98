package kr.kisgateway.cli;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An order with what is in doubt of it, for programs. */
record Explanation(JsonNode order, JsonNode events) {
    String json() {
        return new JsonMapper().writeValueAsString(tree());
    }

    ObjectNode tree() {
        ObjectNode tree = new JsonMapper().createObjectNode();
        tree.set("order", order);
        var doubts = tree.putArray("in_doubt");
        for (Doubt doubt : Doubt.of(order, events)) {
            ObjectNode node = doubts.addObject()
                    .put("request", doubt.request())
                    .put("what", doubt.what())
                    .put("sent_at", doubt.sentAt())
                    .put("why", doubt.why());
            node.put("target", doubt.target().orElse(null));
            node.put("looked", doubt.looked().orElse(null));
            var known = node.putArray("known_before");
            doubt.known().forEach(known::add);
        }
        tree.set("events", events);
        return tree;
    }
}
