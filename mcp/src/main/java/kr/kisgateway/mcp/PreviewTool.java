package kr.kisgateway.mcp;

import java.time.temporal.ChronoUnit;
import kr.kisgateway.mcp.Confirmations.Issued;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Shows what an {@link OrderAction} would do, and confirms it for two minutes. Changes nothing. */
final class PreviewTool implements Tool {
    private final OrderAction action;
    private final OrderArguments arguments;
    private final CallForm preview;
    private final Confirmations confirmations;
    private final ObjectNode definition;

    PreviewTool(Contract contract, OrderAction action, Confirmations confirmations) {
        this.action = action;
        this.arguments = new OrderArguments(contract, action);
        this.preview = new CallForm(contract, action.preview());
        this.confirmations = confirmations;
        this.definition = Toolbox.definition(
                action.previewName(),
                action.title() + ": preview",
                action.aboutPreview() + " Then call " + action.toolName()
                        + " with the same arguments and the confirmation, once a person agrees.",
                arguments.schema(),
                contract.outputSchema(wrapper(), "preview", action.preview()));
        Toolbox.annotate(definition, true);
    }

    private static ObjectNode wrapper() {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        var properties = schema.putObject("properties");
        properties
                .putObject("confirmation")
                .put("type", "string")
                .put(
                        "description",
                        "What the tool that does it needs; absent where the preview shows a refusal. The tool checks everything again.");
        properties
                .putObject("expires_at")
                .put("type", "string")
                .put("format", "date-time")
                .put("description", "Until when the confirmation is valid.");
        schema.putArray("required").add("preview");
        return schema;
    }

    @Override
    public String name() {
        return action.previewName();
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
        // What is no argument of the action is not previewed.
        arguments.request(complete);
        String exactly = arguments.exactly(complete);
        var reply = call.api().send(preview.request(action.previewed(complete)));
        if (!reply.isSuccess()) {
            return new ToolResult.Refused(reply.json());
        }
        JsonNode shown = reply.object();
        var result = JsonNodeFactory.instance.objectNode();
        if (action.isPossible(shown)) {
            Issued issued = confirmations.issue(call.api().caller(), exactly);
            result.put("confirmation", issued.token())
                    .put(
                            "expires_at",
                            issued.expires().truncatedTo(ChronoUnit.MILLIS).toString());
        }
        result.set("preview", shown);
        return new ToolResult.Answered(result);
    }
}
