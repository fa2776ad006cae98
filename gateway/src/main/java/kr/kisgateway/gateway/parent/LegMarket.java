package kr.kisgateway.gateway.parent;

import java.time.Instant;
import kr.kisgateway.market.MarketSymbol;

/** What the market of a leg decides: when its order is accepted, whose prices start it, and when these count. */
@FunctionalInterface
public interface LegMarket {
    /** Whether the market accepts the order of {@code leg} at a time. */
    boolean accepts(Leg leg, Instant at);

    /** Whether prices are made at a time: one that is known from before, or from another session, starts nothing. */
    default boolean isPriced(Leg leg, Instant at) {
        return true;
    }

    /**
     * The series of prices that starts {@code leg}: that of the venue to which its order goes, of both together where the order may go to
     * either.
     */
    default MarketSymbol series(Leg leg, Start.PriceTrigger start) {
        return start.symbol();
    }
}
