package kr.kisgateway.wire.print;

import kr.kisgateway.market.OrderBook;

/**
 * All values of one record of {@code H0STASP0}.
 *
 * @param book the ten levels and their totals
 * @param hourClass {@code HOUR_CLS_CODE}, {@code 0} in the session
 * @param expectedPrice {@code ANTC_CNPR} during auctions; 0 otherwise
 * @param expectedQty {@code ANTC_CNQN}
 * @param expectedVolume {@code ANTC_VOL}
 * @param base the base price, for the expected price's difference; 0 when unknown
 * @param volume shares traded today
 * @param totalAskChange change of the offered total since the last book
 * @param totalBidChange change of the bid total since the last book
 * @param dealClass {@code STCK_DEAL_CLS_CODE}; KIS usually leaves it empty
 * @param marketClass {@code MARKET_CLS_CODE} of the 60-column layout
 * @param midPrice {@code KMID_PRC} of the 62-column layout; 0 when there is none
 * @param midQty {@code KMID_TOTAL_RSQN}
 * @param midClass {@code KMID_CLS_CODE}
 */
public record BookRecord(
        OrderBook book,
        char hourClass,
        long expectedPrice,
        long expectedQty,
        long expectedVolume,
        long base,
        long volume,
        long totalAskChange,
        long totalBidChange,
        String dealClass,
        char marketClass,
        long midPrice,
        long midQty,
        char midClass) {

    /** A book of continuous trading: no expected price, no mid-price orders. */
    public static BookRecord continuous(OrderBook book, long volume, long totalAskChange, long totalBidChange) {
        return new BookRecord(book, '0', 0, 0, 0, 0, volume, totalAskChange, totalBidChange, "", '2', 0, 0, ' ');
    }
}
