package kr.kisgateway.gateway.instrument;

import kr.kisgateway.market.Board;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.UsExchange;

/**
 * A list of instruments of one market, in one master file: KOSPI, NASD.
 *
 * @param name in capitals, as the API writes it; unique among all markets
 */
public record ListingMarket(String name, Market market) {
    public static final ListingMarket KOSPI = new ListingMarket(Board.KOSPI.name(), Market.KOREA);
    public static final ListingMarket KOSDAQ = new ListingMarket(Board.KOSDAQ.name(), Market.KOREA);
    public static final ListingMarket KONEX = new ListingMarket(Board.KONEX.name(), Market.KOREA);
    public static final ListingMarket NASD = new ListingMarket(UsExchange.NASD.name(), Market.US);
    public static final ListingMarket NYSE = new ListingMarket(UsExchange.NYSE.name(), Market.US);
    /** NYSE American and Arca. */
    public static final ListingMarket AMEX = new ListingMarket(UsExchange.AMEX.name(), Market.US);

    /** The list of a Korean board. */
    public static ListingMarket of(Board board) {
        return switch (board) {
            case KOSPI -> KOSPI;
            case KOSDAQ -> KOSDAQ;
            case KONEX -> KONEX;
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
