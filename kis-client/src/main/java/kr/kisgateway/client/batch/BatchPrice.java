package kr.kisgateway.client.batch;

import java.math.BigDecimal;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.QuickPrice;

/**
 * A price from a batch, in whole won and shares.
 *
 * @param symbol short code
 * @param price last price
 * @param change signed difference from the base
 * @param changePct the same in percent, signed
 * @param volume shares traded today
 * @param turnover won traded today
 * @param open first price; 0 before the first trade
 * @param high highest price; 0 before the first trade
 * @param low lowest price; 0 before the first trade
 * @param upperLimit highest price allowed today
 * @param lowerLimit lowest price allowed today
 * @param base the base price of the limits
 */
public record BatchPrice(
        Symbol symbol,
        long price,
        long change,
        BigDecimal changePct,
        long volume,
        long turnover,
        long open,
        long high,
        long low,
        long upperLimit,
        long lowerLimit,
        long base) {
    static BatchPrice of(QuickPrice row) {
        return new BatchPrice(
                row.symbol(),
                row.price(),
                row.change(),
                row.changePct(),
                row.volume(),
                row.turnover(),
                row.open(),
                row.high(),
                row.low(),
                row.upperLimit(),
                row.lowerLimit(),
                row.base());
    }

    static BatchPrice of(Symbol symbol, PriceAnswer answer) {
        return new BatchPrice(
                symbol,
                answer.price(),
                answer.change(),
                answer.changePct(),
                answer.volume(),
                answer.turnover(),
                answer.open(),
                answer.high(),
                answer.low(),
                answer.upperLimit(),
                answer.lowerLimit(),
                answer.base());
    }
}
