package kr.kisgateway.mcp;

import java.util.Optional;
import kr.kisgateway.mcp.Confirmations.Checked;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does what a {@link PreviewTool} confirmed, under an idempotency key that belongs to the confirmation: however often an agent repeats
 * the call, it is done once. Where the person can be asked, they are asked before.
 */
final class OrderTool implements Tool {
    private final OrderAction action;
    private final OrderArguments arguments;
    private final CallForm preview;
    private final Confirmations confirmations;
    private final ObjectNode definition;

    OrderTool(Contract contract, OrderAction action, Confirmations confirmations) {
        this.action = action;
        this.arguments = new OrderArguments(contract, action);
        this.preview = new CallForm(contract, action.preview());
        this.confirmations = confirmations;
        this.definition = Toolbox.definition(
                action.toolName(),
                action.title(),
                action.about() + " It needs the confirmation of " + action.previewName()
                        + ". Repeating the call with the same confirmation has no further effect.",
                arguments.schemaWithConfirmation(),
                contract.outputSchema(action.operation()));
        Toolbox.annotate(definition, false);
    }

    @Override
    public String name() {
        return action.toolName();
    }

    @Override
    public Operation operation() {
        return action.operation();
    }

    @Override
    public ObjectNode definition() {
        return definition;
    }

    @Override
    public ToolResult call(ToolCall call) {
        var complete = arguments.read(call.arguments());
        var request = arguments.request(complete);
        String exactly = arguments.exactly(complete);
        String caller = call.api().caller();
        String token = call.arguments().path(OrderArguments.CONFIRMATION).asString("");
        var checked = confirmations.check(token, caller, exactly);
        if (!(checked instanceof Checked.Valid(String number))) {
            return refused(
                    checked instanceof Checked.Expired ? "CONFIRMATION_EXPIRED" : "CONFIRMATION_INVALID",
                    (checked instanceof Checked.Expired
                                    ? "The confirmation is older than two minutes."
                                    : "The confirmation is not for exactly this.")
                            + " Nothing was done. Call " + action.previewName() + " again.");
        }
        var person = call.person();
        if (person.canBeAsked()) {
            String asked = exactly + ' ' + token;
            boolean isAnswer = person.state()
                    .filter(state -> confirmations.check(state, caller, asked) instanceof Checked.Valid)
                    .isPresent();
            if (!isAnswer || person.answer() == Person.Answer.NONE) {
                Optional<JsonNode> subject = Optional.empty();
                if (action.isAboutOneOrder()) {
                    // A person knows an order by its symbol, not by its number.
                    var order = call.api().send(preview.request(action.previewed(complete)));
                    if (!order.isSuccess()) {
                        return new ToolResult.Refused(order.json());
                    }
                    subject = Optional.of(order.object());
                }
                return new ToolResult.Question(
                        arguments.question(complete, subject),
                        confirmations.issue(caller, asked).token());
            }
            if (person.answer() == Person.Answer.NO) {
                return refused("DECLINED", "The person does not want it. Nothing was done; do not try again unasked.");
            }
        }
        return Tool.resultOf(call.api().send(request.withIdempotencyKey("agent-" + number)));
    }

    private static ToolResult refused(String code, String message) {
        JsonNode error = JsonNodeFactory.instance
                .objectNode()
                .put("code", code)
                .put("message", message)
                .put("retryable", false);
        return new ToolResult.Refused(error);
    }
}
