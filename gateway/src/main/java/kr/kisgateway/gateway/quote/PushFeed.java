package kr.kisgateway.gateway.quote;

import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.VenueSymbol;

/** A broker's feeds that push prices. */
public enum PushFeed {
    /** Of the broker's own country (국내시세): every trade and ten levels. */
    DOMESTIC("domestic", OrderBook.LEVELS, PriceSeries.MAIN),
    /** Of NXT alone: every trade there and ten levels. */
    NXT("nxt", OrderBook.LEVELS, PriceSeries.NXT),
    /** Of KRX and NXT together (통합). */
    UNIFIED("unified", OrderBook.LEVELS, PriceSeries.UNIFIED),
    /** Of other countries, free for every customer (무료시세); KIS calls it delayed, for the US by no time [assumed]. */
    FREE("free", 1, PriceSeries.MAIN),
    /** Of other countries, paid by the customer (유료시세). */
    PAID("paid", 1, PriceSeries.MAIN),
    /** Of the day market (주간거래). */
    DAY_MARKET("day-market", 1, PriceSeries.DAY_MARKET);

    private final String wireName;
    private final int levels;
    private final PriceSeries series;

    PushFeed(String wireName, int levels, PriceSeries series) {
        this.wireName = wireName;
        this.levels = levels;
        this.series = series;
    }

    /** The feed of a stock at a venue. */
    public static PushFeed of(VenueSymbol symbol) {
        return symbol.series() == PriceSeries.NXT ? NXT : UNIFIED;
    }

    public String wireName() {
        return wireName;
    }

    /** Levels of a side of the order books that it pushes. */
    public int levels() {
        return levels;
    }

    /** The series that its prices belong to. */
    public PriceSeries series() {
        return series;
    }
}
