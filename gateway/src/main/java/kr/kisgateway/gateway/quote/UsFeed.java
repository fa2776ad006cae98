package kr.kisgateway.gateway.quote;

/** By which of KIS's feeds American prices are pushed. */
public enum UsFeed {
    /** What every customer has (무료시세); KIS calls it delayed, for the US by no time [assumed]. */
    FREE("free"),
    /** What a customer pays for (유료시세). */
    PAID("paid"),
    /** The day market's own (주간거래). */
    DAY_MARKET("day-market");

    private final String wireName;

    UsFeed(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
