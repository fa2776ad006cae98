package kr.kisgateway.gateway.order;

/**
 * One number of the broker in an order's chain. Every modification makes a new one; fills are counted under the number
 * they happened under.
 *
 * @param odno the broker's number
 * @param orgNo the broker's branch number, needed to modify or cancel
 * @param live whether the order rests under this number; a replaced number may still hear of late fills
 * @param noticed shares that execution notices spoke of; the rest of {@code filled} came from queries
 * @param noticedValue won that they spoke of
 * @param filled shares filled, by whichever of notices and queries says more
 * @param value won paid for them, exact
 */
public record Leg(long odno, String orgNo, boolean live, long noticed, long noticedValue, long filled, long value) {

    static Leg opened(long odno, String orgNo) {
        return new Leg(odno, orgNo, true, 0, 0, 0, 0);
    }

    Leg alive(boolean now) {
        return new Leg(odno, orgNo, now, noticed, noticedValue, filled, value);
    }

    Leg filled(OrderEvent.Filled event) {
        return new Leg(
                odno,
                orgNo,
                live,
                noticed + event.noticed(),
                noticedValue + event.noticedValue(),
                filled + event.fill().qty(),
                value + event.fill().value());
    }
}
