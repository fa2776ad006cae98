package kr.kisgateway.mcp;

import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.mcp.ApiPort.Request;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What agents can read as documents: the codes of errors, the day's report, the journal of an order. */
final class Resources {
    private static final String ERRORS = "kis://errors";
    private static final String REPORT = "kis://report/today";
    private static final Pattern JOURNAL = Pattern.compile("kis://orders/([A-Za-z0-9_]{1,60})/journal");
    private static final String JSON = "application/json";

    private Resources() {}

    static ArrayNode listed() {
        var list = JsonNodeFactory.instance.arrayNode();
        list.add(resource(
                "uri",
                ERRORS,
                "errors",
                "Error codes",
                "Every code of the gateway: cause, remedy, who acts, retryable."));
        list.add(
                resource(
                        "uri",
                        REPORT,
                        "report",
                        "Report of the day",
                        "Orders, fills, realised profit, what is open and in doubt, and alerts of today, for each account of the key."));
        return list;
    }

    static ArrayNode templates() {
        var list = JsonNodeFactory.instance.arrayNode();
        list.add(resource(
                "uriTemplate",
                "kis://orders/{id}/journal",
                "journal",
                "Journal of an order",
                "What happened to one order, in the order in which it was recorded."));
        return list;
    }

    private static ObjectNode resource(String key, String uri, String name, String title, String about) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(key, uri)
                .put("name", name)
                .put("title", title)
                .put("description", about)
                .put("mimeType", JSON);
    }

    /** The contents of a resource; empty when there is none of this address. */
    static Optional<ObjectNode> read(String uri, ApiPort api) {
        return text(uri, api).map(text -> {
            var result = JsonNodeFactory.instance.objectNode();
            result.putArray("contents")
                    .addObject()
                    .put("uri", uri)
                    .put("mimeType", JSON)
                    .put("text", text);
            return result;
        });
    }

    private static Optional<String> text(String uri, ApiPort api) {
        if (uri.equals(ERRORS)) {
            return Optional.of(errors().toString());
        }
        if (uri.equals(REPORT)) {
            return Optional.of(api.send(Request.get("/v1/ops/report")).body());
        }
        var journal = JOURNAL.matcher(uri);
        return journal.matches()
                ? Optional.of(api.send(Request.get("/v1/orders/" + journal.group(1) + "/events"))
                        .body())
                : Optional.empty();
    }

    private static ArrayNode errors() {
        var all = JsonNodeFactory.instance.arrayNode();
        for (var code : ErrorCode.values()) {
            all.addObject()
                    .put("code", code.name())
                    .put("status", code.status())
                    .put("retryable", code.retryable())
                    .put("who_acts", code.actor().name())
                    .put("cause", code.cause())
                    .put("remedy", code.remedy().english());
        }
        return all;
    }
}
