package kr.kisgateway.mcp;

/** The arguments of a tool's call are wrong; the message is a sentence for the agent, which can correct them. */
final class InvalidArgumentsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidArgumentsException(String message) {
        super(message, null, false, false);
    }
}
