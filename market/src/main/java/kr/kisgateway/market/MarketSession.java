package kr.kisgateway.market;

/** A session of a market's day, as far as rules that hold in every market need it. Each market names its own. */
public interface MarketSession {
    /** The name, as the API writes it. */
    String name();

    /** Whether orders are matched or collected. */
    boolean isOpen();

    /** Whether orders only collect for the day's first price: nothing has traded yet. */
    boolean isBeforeTrading();

    /** Whether orders collect for one price. */
    boolean isAuction();

    /**
     * Whether the trades of this session are the market's price; in others the figures of the regular session stand, and
     * trades beside them have prices of their own.
     */
    boolean setsPrice();

    /** Which of the market's separate price series trades; while the market is closed the main one. */
    PriceSeries series();
}
