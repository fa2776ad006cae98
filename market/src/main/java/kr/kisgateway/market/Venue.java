package kr.kisgateway.market;

/**
 * Destination of an order or origin of a trade. In Korea the exchange (KRX), the alternative trading system (NXT), or the
 * broker's smart order routing over both (SOR); in the US the exchange that lists the stock, as in {@link UsExchange}.
 */
public enum Venue {
    KRX,
    NXT,
    SOR,
    NASD,
    NYSE,
    AMEX;

    /** Where an order of {@code symbol} goes that names no venue. */
    public static Venue usual(MarketSymbol symbol) {
        return symbol instanceof UsSymbol us ? valueOf(us.exchange().name()) : KRX;
    }

    /** Whether an order of {@code symbol} may go there at all. */
    public boolean takes(MarketSymbol symbol) {
        return switch (this) {
            case KRX, NXT, SOR -> symbol.market().equals(Market.KOREA);
            case NASD, NYSE, AMEX -> this == usual(symbol);
        };
    }
}
