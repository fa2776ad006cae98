package kr.kisgateway.simulation;

import java.util.EnumSet;
import java.util.Set;

/**
 * Defects that the tests plant to verify that the checker finds them. No setting or option reaches them: only this
 * package can run a day with one.
 */
enum Bug {
    /** Resends a request without an answer. */
    RESENDS_ON_TIMEOUT("transmitted before the journal entry was durable", 1),
    /** Answers callers before the commit is durable. */
    ANSWERS_BEFORE_DURABLE("acknowledged before it was on disk", 1),
    /** Sends requests before the commit with their send is durable. */
    SENDS_BEFORE_DURABLE("transmitted before the journal entry was durable", 1),
    /** Ignores corrections of fills from the broker's list, and gaps in the notices. */
    IGNORES_LOST_NOTICES("fills differ", 1),
    /** Closes an order in doubt that the list does not show. */
    CLOSES_ON_ABSENCE("refused and active again", 5),
    /** Sends orders after their deadline. */
    IGNORES_THE_DEADLINE("transmitted after its deadline", 1),
    /** Sends calls without a slot. */
    IGNORES_THE_BUDGET("in a second", 1),
    /** Counts a notice twice, as if it had been delivered twice undetected. */
    COUNTS_A_NOTICE_TWICE("fills differ", 4),
    /** Allows equal orders to be in flight at the same time. */
    HAS_NO_FINGERPRINT_RULE("not in the gateway", 37),
    /** Forgets used keys at a restart. */
    LOSES_KEYS_AT_RESTART("accepted before and refused now", 1),
    /** Loads only open orders at a restart: those of today that have ended are missing. */
    FORGETS_ENDED_ORDERS_AT_RESTART("of today and not in memory", 1),
    /** Treats a request in flight at the death of the process as never sent. */
    TREATS_A_CRASH_AS_NOT_SENT("times and at the broker", 7),
    /** Skips the risk limits. */
    IGNORES_THE_LIMITS("are allowed", 3),
    /** The kill switch refuses later orders and sends the queued ones. */
    KILL_SWITCH_SPARES_QUEUED_ORDERS("transmitted while the kill switch was on", 1),
    /** Resends a partial cancel without an answer. */
    REPEATS_A_PARTIAL_CANCEL("transmitted before the journal entry was durable", 6),
    /** Raises no alert. */
    RAISES_NO_ALERT("in doubt without an alert", 1),
    /** Treats each order of a repeated batch as a new one. */
    LOSES_BATCH_KEYS("one key, two orders", 10),
    /** A repeated cancel-all cancels what is open by then. */
    REPEATS_CANCEL_ALL("one key, two cancel-alls", 2),
    /** A restart clears the kill switch. */
    LOSES_THE_KILL_SWITCH_AT_RESTART("transmitted while the kill switch was on", 14),
    /** Acknowledges an operator's resolution without applying it. */
    IGNORES_THE_OPERATOR("differs from the operator's resolution", 9),
    /** Leaves orders open over the night. */
    CARRIES_ORDERS_OVERNIGHT("transmitted on the following day", 7),
    /** Places a stop for all shares of its parent order, whatever was filled. */
    STOPS_MORE_THAN_IS_LEFT("placed differently than its parent order says", 27),
    /** Leaves the other exit at the exchange when the stop is placed. */
    LEAVES_THE_OTHER_EXIT("two exits at the exchange", 4),
    /** Forgets at a restart which slices of a TWAP were placed. */
    FORGETS_SLICES_AT_RESTART("of a parent order was placed twice", 27),
    /** Acknowledges the cancel of a parent order without applying it. */
    ACTS_AFTER_A_CANCEL("placed after its parent order was cancelled", 4),
    /** Places orders of parent orders whose start the journal does not have. */
    LOSES_THE_START_OF_A_CHILD("an order of 0 parent orders", 1),
    /** Compares no price that is lower than the one before with what is waited for. */
    MISSES_FALLING_PRICES("the price was reached and nothing was done", 6),
    /** Places an order at the first price after an absence without a decision. */
    PLACES_AFTER_AN_ABSENCE("placed after an absence without a decision", 11),
    /** Reads the prices of US fills as whole numbers, as if they were won. */
    COUNTS_DOLLARS_AS_WON("the orders add up to", 10),
    /** Reads the list of the first account for every account. */
    READS_THE_LIST_OF_ANOTHER_ACCOUNT("one broker order, two gateway orders", 1),
    /** Sends every order with the number of the first account. */
    SENDS_FROM_ANOTHER_ACCOUNT("transmitted without a request", 1),
    /** Gives an order another price for ever. */
    REPRICES_WITHOUT_END("re-priced more often than requested", 7),
    /** Gives up an exit whose shares the balance does not have yet. */
    GIVES_UP_EXITS("an exit was given up although the broker holds", 3),
    /** Sells whatever the balance has. */
    SELLS_WHAT_IS_NOT_HELD("exceeds the position", 6),
    /** Sends orders of NXT to KRX. */
    SENDS_TO_ANOTHER_VENUE("transmitted without a request", 1),
    /** Chooses the venue again when an order that KIS did not take is sent once more. */
    CHOOSES_THE_VENUE_AGAIN("matched with a different order", 7),
    /** Sends what is to be cancelled unless it trades at once as an order of the day. */
    SENDS_IOC_AS_DAY("transmitted without a request", 1),
    /** Sends a stop limit as a limit order. */
    FORGETS_THE_STOP_PRICE("transmitted without a request", 1),

    // Of several gateways that share a database.

    /** Commits without the epoch of its ownership. */
    CHECKS_NO_EPOCH("written by a former owner", 2),
    /** Sends until the database gives its lease to another. */
    HOLDS_WITHOUT_A_MARGIN("transmitted by a former owner", 37),
    /** Counts a renewed lease from the database's answer. */
    COUNTS_FROM_THE_ANSWER("transmitted by a former owner", 16),
    /** Compares the lease with the clock only when a send begins. */
    COMPARES_ONLY_AT_THE_BEGINNING("transmitted by a former owner", 4),
    /** Treats what was in doubt at the former owner as never sent. */
    SUCCESSOR_SENDS_AGAIN("times and at the broker", 6),
    /** Takes over without the idempotency keys of the former owner. */
    SUCCESSOR_FORGETS_KEYS("accepted before and refused now", 1),
    /** Releases the lease at a regular stop before its sends have ended. */
    SENDS_AFTER_THE_RELEASE("transmitted by a former owner", 6),
    /** Believes after a commit without an answer that nothing of any commit was sent. */
    COUNTS_SENT_AS_UNSENT("order without a request", 7),
    /** Answers callers that nothing was recorded when a commit got no answer. */
    REFUSES_AFTER_A_LOST_ANSWER("refused order exists", 5);

    private final String finding;
    private final long seed;

    Bug(String finding, long seed) {
        this.finding = finding;
        this.seed = seed;
    }

    /** Part of the sentence by which the checker reports it. */
    String finding() {
        return finding;
    }

    /** A day on which it was found: days take a second, so it is tried first. */
    long seed() {
        return seed;
    }

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
