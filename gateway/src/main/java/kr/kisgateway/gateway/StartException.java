package kr.kisgateway.gateway;

import java.util.Optional;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.journal.JournalBehindException;
import kr.kisgateway.gateway.lease.LeaseLostException;

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

    /** The sentence of what a part of the gateway could not do: it may pass where a database was away, or another gateway has the lease. */
    static StartException of(RuntimeException cause) {
        boolean passing = cause instanceof JournalBehindException;
        for (Optional<Throwable> at = Optional.of(cause); at.isPresent(); at = at.map(Throwable::getCause)) {
            passing |= at.get() instanceof LeaseLostException || Postgres.mayPass(at.get());
        }
        return new StartException(String.valueOf(cause.getMessage()), passing);
    }

    /** One whose cause may go away without a change of this gateway: its supervisor may start it again. */
    static StartException thatMayPass(String sentence) {
        return new StartException(sentence, true);
    }

    boolean mayPass() {
        return passing;
    }
}
