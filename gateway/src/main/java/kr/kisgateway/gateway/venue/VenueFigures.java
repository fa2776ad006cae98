package kr.kisgateway.gateway.venue;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a venue when an order is placed. An absent figure is unknown.
 *
 * @param accepts whether it trades the stock and accepts such an order now
 * @param halted whether it has suspended trading in the stock
 * @param volume shares traded there today
 * @param best best price of the other side of its book, in won: where the order would trade now
 * @param answerMillis median time of KIS's last answers to orders there, in milliseconds
 * @param refusal KIS's code of the last refusal of an order of the stock there
 */
public record VenueFigures(
        boolean accepts,
        boolean halted,
        OptionalLong volume,
        OptionalLong best,
        OptionalLong answerMillis,
        Optional<String> refusal) {
    /** A venue of which nothing else is known. */
    public static VenueFigures unknown(boolean accepts) {
        return new VenueFigures(
                accepts, false, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
    }
}
