package kr.kisgateway.client;

import java.math.BigDecimal;
import kr.kisgateway.market.Side;
import kr.kisgateway.wire.OverseasSymbol;

/**
 * An order for US stocks. It is validated when it is sent.
 *
 * @param symbol the stock
 * @param side buy or sell
 * @param type the order type
 * @param qty shares, at least 1
 * @param price dollars, in cents from 1 dollar on and in hundredths of a cent below; 0 where the type has no price
 * @param dayMarket whether it is for the day market (주간거래), which takes limits in live only
 */
public record OverseasOrder(
        OverseasSymbol symbol, Side side, OverseasOrderType type, long qty, BigDecimal price, boolean dayMarket) {
    /** An order that is not for the day market. */
    public OverseasOrder(OverseasSymbol symbol, Side side, OverseasOrderType type, long qty, BigDecimal price) {
        this(symbol, side, type, qty, price, false);
    }
}
