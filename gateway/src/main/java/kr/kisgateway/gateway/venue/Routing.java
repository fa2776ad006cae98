package kr.kisgateway.gateway.venue;

/**
 * Why an order went to its venue, with the figures that it was decided by.
 *
 * @param reason which decided
 */
public record Routing(Reason reason, VenueFigures krx, VenueFigures nxt) {
    /** What decides: the venue that alone accepts the order, a {@link VenueRule}, or none, which is KRX. */
    public enum Reason {
        ONLY_OPEN,
        HALTED,
        REFUSED,
        SLOW,
        VOLUME,
        PRICE,
        USUAL
    }
}
