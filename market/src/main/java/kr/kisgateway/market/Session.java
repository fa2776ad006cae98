package kr.kisgateway.market;

/** State of the Korean market at an instant. Half-open: a session includes its first instant and not its last. */
public enum Session implements MarketSession {
    /** Nothing is matched and no order is accepted. */
    CLOSED,
    /** Orders collect for the opening auction (시가단일가, KRX 08:30–09:00). */
    PRE_OPEN_AUCTION,
    /** Continuous trading (정규장, KRX 09:00–15:20). */
    REGULAR,
    /** Orders collect for the closing auction (종가단일가, KRX 15:20–15:30). */
    CLOSING_AUCTION,
    /** After-hours at the close price (장후시간외, KRX 15:30–16:00). */
    AFTER_HOURS,
    /** Single-price after-hours (시간외단일가, KRX 16:00–18:00 until 2026-09-13). */
    AFTER_HOURS_SINGLE_PRICE,
    /** KRX after-market (애프터마켓, 16:00–20:00 from 2026-09-14). */
    AFTER_MARKET;

    @Override
    public boolean isOpen() {
        return this != CLOSED;
    }

    @Override
    public boolean isBeforeTrading() {
        return this == PRE_OPEN_AUCTION;
    }

    @Override
    public boolean isAuction() {
        return this == PRE_OPEN_AUCTION || this == CLOSING_AUCTION || this == AFTER_HOURS_SINGLE_PRICE;
    }

    @Override
    public boolean setsPrice() {
        return this == REGULAR || this == CLOSING_AUCTION;
    }

    @Override
    public PriceSeries series() {
        return PriceSeries.MAIN;
    }
}
