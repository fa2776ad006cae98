package kr.kisgateway.market;

/** A currency and the decimals its {@link Money} units carry: KRW whole won, USD ten-thousandths of a dollar. */
public enum Currency {
    KRW(0),
    USD(4);

    private final int decimals;

    Currency(int decimals) {
        this.decimals = decimals;
    }

    /** How many decimal places one unit of {@link Money} stands for. */
    public int decimals() {
        return decimals;
    }
}
