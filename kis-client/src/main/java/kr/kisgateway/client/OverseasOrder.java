package kr.kisgateway.client;

import java.math.BigDecimal;
import kr.kisgateway.market.Side;
import kr.kisgateway.wire.OverseasSymbol;

/**
 * An order for shares in the USA. Whether it makes sense is checked when it is sent.
 *
 * @param symbol what
 * @param side buy or sell
 * @param type how it names its price
 * @param qty shares, at least 1
 * @param price dollars, in cents from 1 dollar on and in hundredths of a cent below; 0 where the type names no price
 */
public record OverseasOrder(OverseasSymbol symbol, Side side, OverseasOrderType type, long qty, BigDecimal price) {}
