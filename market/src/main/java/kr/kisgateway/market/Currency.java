package kr.kisgateway.market;

/**
 * A currency and the decimals of its {@link Money} units: KRW whole won, USD ten-thousandths of a dollar, HKD
 * thousandths of one.
 */
public enum Currency {
    KRW(0),
    USD(4),
    HKD(3);

    private final int decimals;

    Currency(int decimals) {
        this.decimals = decimals;
    }

    /** Decimal places of one unit of {@link Money}. */
    public int decimals() {
        return decimals;
    }
}
