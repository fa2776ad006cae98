package kr.kisgateway.gateway.pool;

import java.time.Instant;

/**
 * How one demand is served, and why.
 *
 * @param registered whether it has, or is about to have, a registration
 * @param mode what its listeners were told: pushed or polled
 * @param weight the heavier, the sooner it has a registration
 * @param listeners subscriptions of clients
 * @param pinned whether the settings want it
 * @param hasOpenOrder whether an order of ours is open in it
 * @param since when {@code mode} began
 */
public record Allocation(
        Demand demand,
        boolean registered,
        Mode mode,
        Reason reason,
        long weight,
        int listeners,
        boolean pinned,
        boolean hasOpenOrder,
        Instant since) {
    /** How values come. */
    public enum Mode {
        PUSH,
        POLL,
        /** Neither: a status that has no place. */
        NONE
    }

    /** Why. */
    public enum Reason {
        /** Pushed: the settings want it. */
        PINNED,
        /** Pushed: it weighs enough. */
        DEMAND,
        /** Registered, and nobody wants it any more. */
        LINGERING,
        /** Registered, and KIS has not confirmed it. */
        UNCONFIRMED,
        /** Polled: no socket takes registrations of this market now. */
        NO_SLOTS,
        /** Polled: KIS refused the registration a moment ago. */
        REFUSED,
        /** Polled: there is room, and this minute's changes are spent. */
        CHURN,
        /** Polled: it outweighs a registered one, not yet for long enough. */
        RISING,
        /** Polled: what only keys beyond their share want ranks behind all else. */
        OVER_SHARE,
        /** Polled: everything registered weighs as much or nearly. Of a status: no place is left over. */
        OUTWEIGHED,
        /** A status that is registered: a place was left over. */
        SPARE,
        /** A status without a place: one of its kind had to give way a moment ago. */
        YIELDED
    }
}
