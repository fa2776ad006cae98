package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * One volatility interruption (VI) of today.
 *
 * @param kind the reference that the price left
 * @param at when it began
 * @param ended when its auction traded; empty while it lasts
 * @param price the price that would have been traded
 * @param staticReference the last price that an auction made, or the base price
 * @param dynamicReference the last price before it
 * @param count its number among the stock's interruptions of today
 */
public record Interruption(
        Symbol symbol,
        Venue venue,
        Kind kind,
        Instant at,
        Optional<Instant> ended,
        long price,
        long staticReference,
        long dynamicReference,
        int count) {
    /** The reference that the price left. */
    public enum Kind {
        STATIC,
        DYNAMIC,
        BOTH
    }

    Interruption ongoing() {
        return new Interruption(
                symbol, venue, kind, at, Optional.empty(), price, staticReference, dynamicReference, count);
    }

    Interruption endedAt(Instant end) {
        return new Interruption(
                symbol, venue, kind, at, Optional.of(end), price, staticReference, dynamicReference, count);
    }
}
