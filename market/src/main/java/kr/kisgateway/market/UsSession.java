package kr.kisgateway.market;

/** Session of US stocks as a Korean broker offers them. */
public enum UsSession implements MarketSession {
    CLOSED,
    /** 주간거래: New York's night. */
    DAY_MARKET,
    PRE,
    REGULAR,
    AFTER;

    @Override
    public boolean isOpen() {
        return this != CLOSED;
    }

    @Override
    public boolean isBeforeTrading() {
        return false;
    }

    @Override
    public boolean isAuction() {
        return false;
    }

    @Override
    public boolean setsPrice() {
        return isOpen();
    }

    @Override
    public PriceSeries series() {
        return this == DAY_MARKET ? PriceSeries.DAY_MARKET : PriceSeries.MAIN;
    }
}
