package kr.kisgateway.market;

/**
 * What an order does with a margin loan (신용융자): a buy takes one out, a sell repays one. The broker lends its own money (자기융자) or
 * that of the Korea Securities Finance Corporation (유통융자). Stock borrowing (대주) is not among them.
 */
public enum CreditType {
    /** A buy with the broker's money (자기융자신규). */
    SELF_LOAN_OPEN(Side.BUY, false),
    /** A buy with the corporation's money (유통융자신규). */
    KSFC_LOAN_OPEN(Side.BUY, true),
    /** A sale that repays the broker's loan (자기융자상환). */
    SELF_LOAN_REPAY(Side.SELL, false),
    /** A sale that repays the corporation's loan (유통융자상환). */
    KSFC_LOAN_REPAY(Side.SELL, true);

    private final Side side;
    private final boolean ksfc;

    CreditType(Side side, boolean ksfc) {
        this.side = side;
        this.ksfc = ksfc;
    }

    /** The side of such an order. */
    public Side side() {
        return side;
    }

    /** Whether the order borrows money. */
    public boolean opensLoan() {
        return side == Side.BUY;
    }

    /** Whether the money is that of the Korea Securities Finance Corporation. */
    public boolean isKsfc() {
        return ksfc;
    }

    /** The type of a side and a lender. */
    public static CreditType of(Side side, boolean ksfc) {
        return switch (side) {
            case BUY -> ksfc ? KSFC_LOAN_OPEN : SELF_LOAN_OPEN;
            case SELL -> ksfc ? KSFC_LOAN_REPAY : SELF_LOAN_REPAY;
        };
    }
}
