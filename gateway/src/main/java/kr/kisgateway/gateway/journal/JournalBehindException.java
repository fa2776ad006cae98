package kr.kisgateway.gateway.journal;

/** The journal in the database lacks what a gateway recorded of it: until the newest server is back, or a person accepts it. */
public final class JournalBehindException extends JournalException {
    private static final long serialVersionUID = 1L;

    JournalBehindException(String message) {
        super(message);
    }
}
