package kr.kisgateway.terminal;

/** A command line that its parser accepts and the command does not; the message gives the reason. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
