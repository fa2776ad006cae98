package kr.kisgateway.gateway.error;

/** Formats a number of shares for the message of a refusal. */
public final class Shares {
    private Shares() {}

    /** {@code 1 share}, {@code 2 shares}. */
    public static String of(long count) {
        return count + (count == 1 ? " share" : " shares");
    }
}
