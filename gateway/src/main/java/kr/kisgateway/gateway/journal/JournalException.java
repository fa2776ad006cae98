package kr.kisgateway.gateway.journal;

/**
 * The journal cannot be written or read. After a failed commit its result is unknown: the file must be opened and
 * read again before it is used.
 */
public class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    /** What to do about a damaged file, as the end of a sentence. */
    static final String DAMAGE_ADVICE =
            ": the file journal.db is damaged, ./kis journal verify lists where. Restore the data folder from a backup;"
                    + " without one, move journal.db and journal.db-wal to another folder, run ./kis journal init, which"
                    + " creates an empty journal, and check the broker's list of the day before the first order";

    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The file is damaged: {@code finding}, then what to do. */
    public static JournalException damaged(String finding) {
        return new JournalException(finding + DAMAGE_ADVICE);
    }
}
