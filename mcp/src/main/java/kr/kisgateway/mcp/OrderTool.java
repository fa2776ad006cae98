package kr.kisgateway.mcp;

import java.util.Optional;
import kr.kisgateway.mcp.Confirmations.Checked;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does what a {@link PreviewTool} confirmed, under an idempotency key that belongs to the confirmation: however often an agent repeats
 * the call, it is done once. Where the person can be asked, they are asked before, and their no ends the confirmation.
 */
final class OrderTool implements Tool {
    /** Too many people are being asked, or were in the last two minutes. */
    static final ToolResult.Refused TOO_MANY_QUESTIONS =
            refused("TOO_MANY_QUESTIONS", "Too many questions to people are open. Nothing was done; try again later.");

    private static final ToolResult.Refused DECLINED = refused(
            "DECLINED",
            "The person does not want it. This call did nothing, and its confirmation is no longer valid; do not try again unasked.");

    private final OrderAction action;
    private final OrderArguments arguments;
    private final CallForm preview;
    private final Confirmations confirmations;
    private final AskedConfirmations asked;
    private final ObjectNode definition;

    OrderTool(Contract contract, OrderAction action, Confirmations confirmations, AskedConfirmations asked) {
        this.action = action;
        this.arguments = new OrderArguments(contract, action);
        this.preview = new CallForm(contract, action.preview());
        this.confirmations = confirmations;
        this.asked = asked;
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
        if (!(checked instanceof Checked.Valid confirmation)) {
            return refused(
                    checked instanceof Checked.Expired ? "CONFIRMATION_EXPIRED" : "CONFIRMATION_INVALID",
                    (checked instanceof Checked.Expired
                                    ? "The confirmation is older than two minutes."
                                    : "The confirmation is not for exactly this.")
                            + " Nothing was done. Call " + action.previewName() + " again.");
        }
        if (asked.isDeclined(confirmation)) {
            return DECLINED;
        }
        var person = call.person();
        if (person.canBeAsked()) {
            if (!asked.reserve(caller, confirmation)) {
                return TOO_MANY_QUESTIONS;
            }
            String question = exactly + ' ' + token;
            boolean isAnswer = person.state()
                    .filter(state -> confirmations.check(state, caller, question) instanceof Checked.Valid)
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
                        confirmations.issue(caller, question).token());
            }
            if (person.answer() == Person.Answer.NO) {
                asked.decline(confirmation);
                return DECLINED;
            }
        }
        return Tool.resultOf(call.api().send(request.withIdempotencyKey("agent-" + confirmation.number())));
    }

    private static ToolResult.Refused refused(String code, String message) {
        JsonNode error = JsonNodeFactory.instance
                .objectNode()
                .put("code", code)
                .put("message", message)
                .put("retryable", false);
        return new ToolResult.Refused(error);
    }
}
