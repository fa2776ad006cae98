package kr.kisgateway.market;

/**
 * One trade on the tape (체결) with the day's figures after it. Prices are units of the market's currency (whole won,
 * ten-thousandths of a dollar), quantities shares; an absent price is 0.
 *
 * @param symbol the instrument
 * @param businessDate the exchange's business date as {@code yyyyMMdd}; 0 when the source does not have it
 * @param timeOfDay time by the market's clock as {@code HHmmss}; 0 when the source does not have it
 * @param price price of this trade
 * @param qty shares of this trade
 * @param change signed difference from the base price (전일 대비)
 * @param open first price of the day
 * @param high highest price of the day
 * @param low lowest price of the day
 * @param ask best ask after the trade; 0 when there is none
 * @param bid best bid after the trade; 0 when there is none
 * @param volume shares traded today, this trade included
 * @param turnover units of the currency traded today, this trade included
 * @param aggressor side of the aggressive order: {@code B} buyer, {@code S} seller, {@code -} auction or undetermined
 */
public record Trade(
        MarketSymbol symbol,
        int businessDate,
        int timeOfDay,
        long price,
        long qty,
        long change,
        long open,
        long high,
        long low,
        long ask,
        long bid,
        long volume,
        long turnover,
        char aggressor) {}
