package kr.kisgateway.gateway;

/** The gateway cannot start; the message is one sentence for the operator. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    public StartException(String sentence) {
        this(sentence, false);
    }

    private StartException(String sentence, boolean passing) {
        super(sentence);
        this.passing = passing;
    }

    /** One whose cause may go away without a change of this gateway: its supervisor may start it again. */
    static StartException thatMayPass(String sentence) {
        return new StartException(sentence, true);
    }

    boolean mayPass() {
        return passing;
    }
}
