package kr.kisgateway.mcp;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What agents may do with orders, in two calls: a preview answers a confirmation, with which it is done. */
enum OrderAction {
    PLACE(
            "preview_order",
            "place_order",
            "Place an order",
            Operation.post("/v1/orders"),
            Operation.post("/v1/orders/preview"),
            List.of("dry_run", "dispatch_by"),
            List.of(),
            "Shows what placing an order would be answered, cost and use, and places nothing. It confirms only what would be accepted now.",
            "Places the order. The answer comes when the order is recorded; get_order shows what KIS makes of it."),
    MODIFY(
            "preview_modify_order",
            "modify_order",
            "Modify an order",
            Operation.post("/v1/orders/{id}/modify"),
            Operation.get("/v1/orders/{id}"),
            List.of(),
            List.of(),
            "Shows an order as it is before its quantity or price is changed, and changes nothing. It does not check the new quantity and price:"
                    + " modify_order does, and may refuse what was confirmed.",
            "Changes the quantity or the price of an open order. The old terms apply until KIS has accepted the new ones."),
    CANCEL(
            "preview_cancel_order",
            "cancel_order",
            "Cancel an order",
            Operation.post("/v1/orders/{id}/cancel"),
            Operation.get("/v1/orders/{id}"),
            List.of(),
            List.of(),
            "Shows an order as it is before it is cancelled, and cancels nothing. It does not check whether it can be cancelled: cancel_order"
                    + " does, and may refuse what was confirmed.",
            "Cancels what is open of an order. It may still fill before the cancel takes effect."),
    CANCEL_ALL(
            "preview_cancel_orders",
            "cancel_orders",
            "Cancel all orders",
            Operation.post("/v1/orders/cancel-all"),
            Operation.get("/v1/orders"),
            List.of(),
            List.of("account_id"),
            "Shows the open orders of an account, or of one symbol or strategy of it, before they are cancelled, and cancels nothing.",
            "Cancels all open orders of an account, or of one symbol or strategy of it, also those that opened since the preview."),
    BRACKET(
            "preview_bracket",
            "place_bracket",
            "Place a bracket",
            Operation.post("/v1/parents"),
            Operation.post("/v1/orders/preview"),
            List.of(
                    "kind",
                    "at",
                    "when",
                    "after_fill_of",
                    "trail",
                    "slices",
                    "account_id",
                    "side",
                    "orders",
                    "amount",
                    "partial",
                    "dry_run"),
            List.of("order", "stop"),
            "Shows what placing the entry of a bracket would be answered, cost and use, and places nothing. It confirms only an entry that would"
                    + " be accepted now, and does not check the take-profit and the stop: place_bracket does, and may refuse what was confirmed.",
            "Places an entry, and after its fill a take-profit and a stop of which one cancels the other."),
    CANCEL_PARENT(
            "preview_cancel_parent",
            "cancel_parent",
            "Cancel a parent order",
            Operation.post("/v1/parents/{id}/cancel"),
            Operation.get("/v1/parents/{id}"),
            List.of(),
            List.of(),
            "Shows a bracket or other parent order before it is cancelled, and cancels nothing. It does not check whether it can be cancelled:"
                    + " cancel_parent does, and may refuse what was confirmed.",
            "Ends a parent order and cancels its orders.");

    private final String previewName;
    private final String toolName;
    private final String title;
    private final Operation operation;
    private final Operation preview;
    private final List<String> leftOut;
    private final List<String> required;
    private final String aboutPreview;
    private final String about;

    OrderAction(
            String previewName,
            String toolName,
            String title,
            Operation operation,
            Operation preview,
            List<String> leftOut,
            List<String> required,
            String aboutPreview,
            String about) {
        this.previewName = previewName;
        this.toolName = toolName;
        this.title = title;
        this.operation = operation;
        this.preview = preview;
        this.leftOut = leftOut;
        this.required = required;
        this.aboutPreview = aboutPreview;
        this.about = about;
    }

    String previewName() {
        return previewName;
    }

    String toolName() {
        return toolName;
    }

    String title() {
        return title;
    }

    String aboutPreview() {
        return aboutPreview;
    }

    String about() {
        return about;
    }

    /** What changes something. */
    Operation operation() {
        return operation;
    }

    /** What shows it before. */
    Operation preview() {
        return preview;
    }

    /** Whether its arguments name an order that there is; the preview answers that order. */
    boolean isAboutOneOrder() {
        return preview.path().endsWith("/{id}");
    }

    /** Members of the operation's body that agents have not. */
    List<String> leftOut() {
        return leftOut;
    }

    /** Arguments that agents must give, beside those that the contract requires. */
    List<String> required() {
        return required;
    }

    /** The arguments of the operation, with what is the same for every agent. */
    ObjectNode complete(ObjectNode arguments) {
        return this == BRACKET ? arguments.put("kind", "BRACKET") : arguments;
    }

    /** The arguments of the preview, of those of the operation. */
    ObjectNode previewed(ObjectNode arguments) {
        return switch (this) {
            case PLACE -> arguments;
            case BRACKET -> (ObjectNode) arguments.path("order").deepCopy();
            case MODIFY, CANCEL, CANCEL_PARENT ->
                JsonNodeFactory.instance.objectNode().set("id", arguments.get("id"));
            case CANCEL_ALL -> arguments.deepCopy().put("status", "open");
        };
    }

    /** Whether it can be done, by the answer of the preview. */
    boolean isPossible(JsonNode previewed) {
        return !preview.method().equals("POST") || previewed.path("ok").asBoolean(false);
    }
}
