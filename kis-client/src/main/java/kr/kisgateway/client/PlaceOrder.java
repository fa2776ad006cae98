package kr.kisgateway.client;

import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * A cash order (주식주문 현금, {@code order-cash}). It is validated when it is sent.
 *
 * @param symbol the stock
 * @param side buy or sell
 * @param type LIMIT ({@code ORD_DVSN} 00) or MARKET (01)
 * @param qty shares, at least 1
 * @param price whole won of a limit; 0 for a market order
 * @param venue the venue
 */
public record PlaceOrder(Symbol symbol, Side side, OrderType type, long qty, long price, Venue venue) {}
