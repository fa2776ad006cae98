package kr.kisgateway.client;

import kr.kisgateway.market.InvalidInputException;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * A cash order (주식주문 현금, {@code order-cash}). It is validated when it is sent.
 *
 * @param symbol the stock
 * @param side buy or sell
 * @param ordDvsn the order division ({@code ORD_DVSN}, 주문구분), such as 00 for a limit
 * @param qty shares, at least 1
 * @param price whole won of a limit; 0 for a division without one
 * @param stopPrice whole won of the last price that triggers it ({@code CNDT_PRIC}), of a stop limit (22); 0 for all others
 * @param venue the venue
 */
public record PlaceOrder(Symbol symbol, Side side, String ordDvsn, long qty, long price, long stopPrice, Venue venue) {

    /**
     * An order of the regular session, valid for the day; {@code CLOSE_PRICE} is the one after the close.
     *
     * @throws InvalidInputException for a type of US stocks
     */
    public PlaceOrder(Symbol symbol, Side side, OrderType type, long qty, long price, Venue venue) {
        this(symbol, side, division(type), qty, price, 0, venue);
    }

    private static String division(OrderType type) {
        return switch (type) {
            case LIMIT -> "00";
            case MARKET -> "01";
            case CONDITIONAL -> "02";
            case BEST -> "03";
            case TOP -> "04";
            case CLOSE_PRICE -> "06";
            case MID -> "21";
            case STOP_LIMIT -> "22";
            case LOO, LOC, MOO, MOC ->
                throw new InvalidInputException(
                        "INVALID_ORDER_TYPE", "Korea has no " + type + " order", "send a US stock as an OverseasOrder");
        };
    }
}
