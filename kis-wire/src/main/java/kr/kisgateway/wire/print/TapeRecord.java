package kr.kisgateway.wire.print;

import kr.kisgateway.market.Trade;

/**
 * All values of one record of {@code H0STCNT0}. Percentages and averages follow from these figures and
 * are calculated by the printer.
 *
 * @param trade the trade and the day's prices after it
 * @param sign the price against the base price: {@code 1} upper limit, {@code 2} up, {@code 3} unchanged, {@code 4} lower
 *     limit, {@code 5} down
 * @param sellCount number of trades so far with a selling aggressor
 * @param buyCount number of trades so far with a buying aggressor
 * @param sellQty shares of those sells
 * @param buyQty shares of those buys
 * @param openTime time of the day's first trade, {@code HHmmss}
 * @param highTime time of the day's high
 * @param lowTime time of the day's low
 * @param marketPhase {@code NEW_MKOP_CLS_CODE}, {@code 20} in continuous trading
 * @param halted trading of the symbol is suspended
 * @param askQty shares at the best ask
 * @param bidQty shares at the best bid
 * @param totalAskQty shares offered on all levels
 * @param totalBidQty shares bid on all levels
 * @param listedShares for the turnover rate; 0 when unknown
 * @param previousVolume shares traded on the day before; 0 when unknown
 * @param previousSameTimeVolume shares traded on the day before up to this time; 0 when unknown
 * @param hourClass {@code HOUR_CLS_CODE}, {@code 0} in the session
 * @param viPrice {@code VI_STND_PRC}, the reference price of the volatility interruption
 * @param marketClass {@code MARKET_CLS_CODE} of the 47-column layout: {@code 1} pre, {@code 2} regular, {@code 3} after,
 *     {@code 5} closing price
 */
public record TapeRecord(
        Trade trade,
        char sign,
        long sellCount,
        long buyCount,
        long sellQty,
        long buyQty,
        int openTime,
        int highTime,
        int lowTime,
        String marketPhase,
        boolean halted,
        long askQty,
        long bidQty,
        long totalAskQty,
        long totalBidQty,
        long listedShares,
        long previousVolume,
        long previousSameTimeVolume,
        char hourClass,
        long viPrice,
        char marketClass) {}
