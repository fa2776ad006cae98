package kr.kisgateway.simulator.catalog;

/**
 * An answer of the table.
 *
 * @param trCont header {@code tr_cont}; empty where the call has no pages
 */
public record Reply(int status, String trCont, String body) {
    /** Ledger answers fill {@code msg1} with spaces to this width. */
    private static final int LEDGER_WIDTH = 80;

    static Reply refused(int status, String rtCd, String code, String message) {
        return new Reply(
                status,
                "",
                Json.object()
                        .field("rt_cd", rtCd)
                        .field("msg_cd", code)
                        .field("msg1", message)
                        .text());
    }

    /** As the ledger refuses: with HTTP 200 and its message filled up with spaces. */
    static Reply refusedByLedger(String code, String message) {
        return refused(200, "2", code, padded(message));
    }

    /** {@code message} with spaces behind it, as the ledger sends it. */
    public static String padded(String message) {
        return message + " ".repeat(Math.max(0, LEDGER_WIDTH - message.length()));
    }
}
