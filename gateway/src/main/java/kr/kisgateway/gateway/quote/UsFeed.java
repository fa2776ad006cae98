package kr.kisgateway.gateway.quote;

/** KIS's feeds that push US prices. */
public enum UsFeed {
    /** Free for every customer (무료시세); KIS calls it delayed, for the US by no time [assumed]. */
    FREE("free"),
    /** Paid by the customer (유료시세). */
    PAID("paid"),
    /** Of the day market (주간거래). */
    DAY_MARKET("day-market");

    private final String wireName;

    UsFeed(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
