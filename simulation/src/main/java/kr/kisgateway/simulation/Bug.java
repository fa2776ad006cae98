package kr.kisgateway.simulation;

import java.util.EnumSet;
import java.util.Set;

/**
 * Defects that the tests plant to verify that the checker finds them. No setting or option reaches them: only this
 * package can run a day with one.
 */
enum Bug {
    /** Resends a request without an answer. */
    RESENDS_ON_TIMEOUT,
    /** Answers callers before the commit is durable. */
    ANSWERS_BEFORE_DURABLE,
    /** Sends requests before the commit with their send is durable. */
    SENDS_BEFORE_DURABLE,
    /** Ignores corrections of fills from the broker's list, and gaps in the notices. */
    IGNORES_LOST_NOTICES,
    /** Closes an order in doubt that the list does not show. */
    CLOSES_ON_ABSENCE,
    /** Sends orders after their deadline. */
    IGNORES_THE_DEADLINE,
    /** Sends calls without a slot. */
    IGNORES_THE_BUDGET,
    /** Counts a notice twice, as if it had been delivered twice undetected. */
    COUNTS_A_NOTICE_TWICE,
    /** Allows equal orders to be in flight at the same time. */
    HAS_NO_FINGERPRINT_RULE,
    /** Forgets used keys at a restart. */
    LOSES_KEYS_AT_RESTART,
    /** Treats a request in flight at the death of the process as never sent. */
    TREATS_A_CRASH_AS_NOT_SENT,
    /** Skips the risk limits. */
    IGNORES_THE_LIMITS,
    /** The kill switch refuses later orders and sends the queued ones. */
    KILL_SWITCH_SPARES_QUEUED_ORDERS,
    /** Resends a partial cancel without an answer. */
    REPEATS_A_PARTIAL_CANCEL,
    /** Raises no alert. */
    RAISES_NO_ALERT,
    /** Treats each order of a repeated batch as a new one. */
    LOSES_BATCH_KEYS,
    /** A repeated cancel-all cancels what is open by then. */
    REPEATS_CANCEL_ALL,
    /** A restart clears the kill switch. */
    LOSES_THE_KILL_SWITCH_AT_RESTART,
    /** Acknowledges an operator's resolution without applying it. */
    IGNORES_THE_OPERATOR,
    /** Leaves orders open over the night. */
    CARRIES_ORDERS_OVERNIGHT,
    /** Places a stop for all shares of its parent order, whatever was filled. */
    STOPS_MORE_THAN_IS_LEFT,
    /** Leaves the other exit at the exchange when the stop is placed. */
    LEAVES_THE_OTHER_EXIT,
    /** Forgets at a restart which slices of a TWAP were placed. */
    FORGETS_SLICES_AT_RESTART,
    /** Acknowledges the cancel of a parent order without applying it. */
    ACTS_AFTER_A_CANCEL,
    /** Places orders of parent orders whose start the journal does not have. */
    LOSES_THE_START_OF_A_CHILD,
    /** Compares no price that is lower than the one before with what is waited for. */
    MISSES_FALLING_PRICES,
    /** Places an order at the first price after an absence without a decision. */
    PLACES_AFTER_AN_ABSENCE,
    /** Reads the prices of US fills as whole numbers, as if they were won. */
    COUNTS_DOLLARS_AS_WON,
    /** Reads the list of the first account for every account. */
    READS_THE_LIST_OF_ANOTHER_ACCOUNT,
    /** Sends every order with the number of the first account. */
    SENDS_FROM_ANOTHER_ACCOUNT,
    /** Gives an order another price for ever. */
    REPRICES_WITHOUT_END,
    /** Gives up an exit whose shares the balance does not have yet. */
    GIVES_UP_EXITS,
    /** Sells whatever the balance has. */
    SELLS_WHAT_IS_NOT_HELD,
    /** Sends orders of NXT to KRX. */
    SENDS_TO_ANOTHER_VENUE,
    /** Chooses the venue again when an order that KIS did not take is sent once more. */
    CHOOSES_THE_VENUE_AGAIN,
    /** Sends what is to be cancelled unless it trades at once as an order of the day. */
    SENDS_IOC_AS_DAY,
    /** Sends a stop limit as a limit order. */
    FORGETS_THE_STOP_PRICE,

    // Of several gateways that share a database.

    /** Commits without the epoch of its ownership. */
    CHECKS_NO_EPOCH,
    /** Sends until the database gives its lease to another. */
    HOLDS_WITHOUT_A_MARGIN,
    /** Counts a renewed lease from the database's answer. */
    COUNTS_FROM_THE_ANSWER,
    /** Compares the lease with the clock only when a send begins. */
    COMPARES_ONLY_AT_THE_BEGINNING,
    /** Treats what was in doubt at the former owner as never sent. */
    SUCCESSOR_SENDS_AGAIN,
    /** Takes over without the idempotency keys of the former owner. */
    SUCCESSOR_FORGETS_KEYS,
    /** Releases the lease at a regular stop before its sends have ended. */
    SENDS_AFTER_THE_RELEASE,
    /** Answers callers that nothing was recorded when a commit got no answer. */
    REFUSES_AFTER_A_LOST_ANSWER;

    /** Whether it needs several gateways. */
    boolean isOfCluster() {
        return compareTo(CHECKS_NO_EPOCH) >= 0;
    }

    /** The defects of a gateway that takes over from another. */
    static Set<Bug> atTakeover(Set<Bug> bugs) {
        Set<Bug> all = EnumSet.noneOf(Bug.class);
        all.addAll(bugs);
        if (bugs.contains(SUCCESSOR_SENDS_AGAIN)) {
            all.add(TREATS_A_CRASH_AS_NOT_SENT);
        }
        if (bugs.contains(SUCCESSOR_FORGETS_KEYS)) {
            all.add(LOSES_KEYS_AT_RESTART);
        }
        return all;
    }
}
