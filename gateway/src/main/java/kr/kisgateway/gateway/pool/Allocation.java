package kr.kisgateway.gateway.pool;

import java.time.Instant;

/**
 * How one demand is served, and why.
 *
 * @param registered whether it has a registration, confirmed or not
 * @param mode the published delivery: pushed or polled
 * @param weight a heavier demand is registered sooner
 * @param listeners subscriptions of clients
 * @param pinned whether the settings name it
 * @param hasOpenOrder whether the gateway has an open order in it
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
    /** How values are delivered. */
    public enum Mode {
        PUSH,
        POLL,
        /** Neither: a status without a slot. */
        NONE
    }

    /** Reason for the mode. */
    public enum Reason {
        /** Pushed: the settings name it. */
        PINNED,
        /** Pushed: it weighs enough. */
        DEMAND,
        /** Registered, but no subscriber is left. */
        LINGERING,
        /** Registered, and KIS has not confirmed it. */
        UNCONFIRMED,
        /** Polled: no socket takes registrations of this market now. */
        NO_SLOTS,
        /** Polled: KIS refused the registration recently. */
        REFUSED,
        /** Polled: there is a slot, but this minute's changes are spent. */
        CHURN,
        /** Polled: it outweighs a registered demand, but not yet for long enough. */
        RISING,
        /** Polled: only keys beyond their share demand it, and it ranks behind all others. */
        OVER_SHARE,
        /** Polled: all registered demands weigh as much or nearly. For a status: no slot is left over. */
        OUTWEIGHED,
        /** A registered status: a slot was left over. */
        SPARE,
        /** A status without a slot: a status recently yielded to another demand. */
        YIELDED
    }
}
