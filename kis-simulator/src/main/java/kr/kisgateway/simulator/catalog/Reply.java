package kr.kisgateway.simulator.catalog;

/**
 * An answer of the table.
 *
 * @param trCont header {@code tr_cont}; empty where the call has no pages
 */
public record Reply(int status, String trCont, String body) {
    /** The width to which ledger answers pad {@code msg1} with spaces. */
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

    /** A refusal of the ledger: HTTP 200 and its message padded with spaces. */
    static Reply refusedByLedger(String code, String message) {
        return refused(200, "2", code, padded(message));
    }

    /** {@code message} padded with spaces, as the ledger sends it. */
    public static String padded(String message) {
        return message + " ".repeat(Math.max(0, LEDGER_WIDTH - message.length()));
    }
}
