package kr.kisgateway.mcp;

import tools.jackson.databind.node.ObjectNode;

/** A tool that reads: one call of the API. */
final class ReadTool implements Tool {
    private final ReadCall read;
    private final CallForm form;
    private final ObjectNode definition;

    ReadTool(Contract contract, ReadCall read) {
        this.read = read;
        this.form = new CallForm(contract, read.operation());
        this.definition = Toolbox.definition(
                read.name(),
                read.title(),
                read.about(),
                contract.inputSchema(read.operation()),
                contract.outputSchema(read.operation()));
        Toolbox.annotate(definition, true);
    }

    @Override
    public String name() {
        return read.name();
    }

    @Override
    public Operation operation() {
        return read.operation();
    }

    @Override
    public ObjectNode definition() {
        return definition;
    }

    @Override
    public ToolResult call(ToolCall call) {
        return Tool.resultOf(call.api().send(form.request(call.arguments())));
    }
}
