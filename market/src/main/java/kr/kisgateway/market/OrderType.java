package kr.kisgateway.market;

/** How the price of an order is set (주문 유형). */
public enum OrderType {
    /** Its own price or a better one (지정가). */
    LIMIT(true),
    /** Any price (시장가). */
    MARKET(false),
    /** Its own price until the closing auction, in which it becomes a market order (조건부지정가). */
    CONDITIONAL(true),
    /** The other side's best price at its arrival (최유리지정가). */
    BEST(false),
    /** Its own side's best price at its arrival (최우선지정가). */
    TOP(false),
    /** The midpoint of both best prices, as it moves (중간가). */
    MID(false),
    /** Its own price, from the moment at which the last price reaches its stop price (스톱지정가). */
    STOP_LIMIT(true),
    /** The close of the day, or of the day before (시간외종가). */
    CLOSE_PRICE(false),
    /** At its own price or a better one when the regular session opens (LOO, 장개시지정가); US stocks. */
    LOO(true),
    /** At its own price or a better one when the regular session closes (LOC, 장마감지정가); US stocks. */
    LOC(true),
    /** At any price when the regular session opens (MOO, 장개시시장가); sales of US stocks. */
    MOO(false),
    /** At any price when the regular session closes (MOC, 장마감시장가); sales of US stocks. */
    MOC(false);

    private final boolean priced;

    OrderType(boolean priced) {
        this.priced = priced;
    }

    /** Whether the order names a limit price. */
    public boolean isPriced() {
        return priced;
    }

    /** Whether a share of a buy never costs more than the limit price. */
    public boolean isBoundByPrice() {
        return priced && this != CONDITIONAL;
    }
}
