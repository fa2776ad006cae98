package kr.kisgateway.mcp;

/**
 * A call of the API that reads, as a tool. Its arguments, their meanings and the form of its answer are those of the contract.
 *
 * @param name as agents call it
 * @param title for people
 * @param operation of the API
 * @param about what it answers, for the agent
 */
record ReadCall(Toolset toolset, String name, String title, Operation operation, String about) {
    ReadCall(Toolset toolset, String name, String title, String path, String about) {
        this(toolset, name, title, Operation.get(path), about);
    }
}
