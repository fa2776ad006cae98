package kr.kisgateway.mcp;

/**
 * A tool that reads: a GET of the API. Its parameters, their meanings and the form of its answer are those of the contract.
 *
 * @param name as agents call it
 * @param title for people
 * @param path of the API, with its parameters in braces
 * @param about what it answers, for the agent
 */
record ReadTool(Toolset toolset, String name, String title, String path, String about) {}
