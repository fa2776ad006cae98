package kr.kisgateway.market;

/**
 * How an order is priced, in which session it trades, and how long it is valid. Which of these exist on which venue is up to
 * the broker.
 */
public record OrderKind(OrderType type, OrderSession session, TimeInForce timeInForce) {
    public static final OrderKind LIMIT = regular(OrderType.LIMIT);
    public static final OrderKind MARKET = regular(OrderType.MARKET);
    /** A limit order of the US day market. */
    public static final OrderKind DAY_MARKET = new OrderKind(OrderType.LIMIT, OrderSession.DAY_MARKET, TimeInForce.DAY);

    /** An order of the regular session that is valid for the day; at the close price, after the close. */
    public static OrderKind regular(OrderType type) {
        OrderSession session = type == OrderType.CLOSE_PRICE ? OrderSession.AFTER_HOURS : OrderSession.REGULAR;
        return new OrderKind(type, session, TimeInForce.DAY);
    }

    // Written by hand as those of Symbol: the first use of a record's own generates them at run time.
    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + session.hashCode()) + timeInForce.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OrderKind it
                && type == it.type
                && session == it.session
                && timeInForce == it.timeInForce;
    }

    /** As people write it: {@code LIMIT}, {@code BEST IOC}, {@code LIMIT of AFTER_MARKET}. */
    @Override
    public String toString() {
        return type
                + (timeInForce == TimeInForce.DAY ? "" : " " + timeInForce)
                + (session == OrderSession.REGULAR ? "" : " of " + session);
    }
}
