package kr.kisgateway.simulation;

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
    CARRIES_ORDERS_OVERNIGHT
}
