package kr.kisgateway.gateway.venue;

import java.time.Duration;
import java.util.List;

/** A reason to prefer one venue to the other. */
public sealed interface VenueRule {
    /** Trading in the stock is suspended on the other one. */
    record Halted() implements VenueRule {}

    /**
     * KIS refused the last order of the stock on the other one.
     *
     * @param codes KIS's codes that count; one with {@code *} at the end stands for all that begin so
     */
    record Refused(List<String> codes) implements VenueRule {
        public Refused {
            codes = List.copyOf(codes);
        }

        boolean counts(String code) {
            return codes.stream()
                    .anyMatch(it ->
                            it.endsWith("*") ? code.startsWith(it.substring(0, it.length() - 1)) : code.equals(it));
        }
    }

    /** KIS took longer than this to answer orders on the other one. */
    record Slow(Duration limit) implements VenueRule {}

    /** Fewer shares than these were traded on the other one today, and at least as many here. */
    record Volume(long least) implements VenueRule {}

    /**
     * The order trades at once here, and not there or at a worse price, commission included.
     *
     * @param margin basis points by which it must be better
     */
    record Price(int margin) implements VenueRule {}
}
