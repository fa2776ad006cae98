package kr.kisgateway.client;

import java.util.Optional;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.InvalidInputException;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * An order for Korean stocks, in cash (주식주문 현금, {@code order-cash}) or on credit (주식주문 신용, {@code order-credit}, which paper
 * does not have). It is validated when it is sent.
 *
 * @param symbol the stock
 * @param side buy or sell
 * @param ordDvsn the order division ({@code ORD_DVSN}, 주문구분), such as 00 for a limit
 * @param qty shares, at least 1
 * @param price whole won of a limit; 0 for a division without one
 * @param stopPrice whole won of the last price that triggers it ({@code CNDT_PRIC}), of a stop limit (22); 0 for all others
 * @param venue the venue
 * @param credit the loan that a buy takes out, or a sale repays; empty for an order in cash
 */
public record PlaceOrder(
        Symbol symbol,
        Side side,
        String ordDvsn,
        long qty,
        long price,
        long stopPrice,
        Venue venue,
        Optional<Credit> credit) {

    /** An order in cash. */
    public PlaceOrder(Symbol symbol, Side side, String ordDvsn, long qty, long price, long stopPrice, Venue venue) {
        this(symbol, side, ordDvsn, qty, price, stopPrice, venue, Optional.empty());
    }

    /**
     * An order in cash of the regular session, valid for the day; {@code CLOSE_PRICE} is the one after the close.
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
