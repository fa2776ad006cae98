package kr.kisgateway.gateway.error;

/** A number of shares with its noun, as a refusal's message has it. */
public final class Shares {
    private Shares() {}

    /** {@code 1 share}, {@code 2 shares}. */
    public static String of(long count) {
        return count + (count == 1 ? " share" : " shares");
    }
}
