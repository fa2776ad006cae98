package kr.kisgateway.simulation;

/**
 * Defects that the tests plant on purpose to see whether the judge finds them. No setting and no option reaches them: only
 * this package can ask a day for one.
 */
enum Bug {
    /** A request without an answer is sent again. */
    RESENDS_ON_TIMEOUT,
    /** Callers are told before the commit is on disk. */
    ANSWERS_BEFORE_DURABLE,
    /** Requests leave before the commit that says so is on disk. */
    SENDS_BEFORE_DURABLE,
    /** What the broker's list knows better about fills is left aside, and so are gaps in the notices. */
    IGNORES_LOST_NOTICES,
    /** An order in doubt that the list does not show is closed. */
    CLOSES_ON_ABSENCE,
    /** Orders leave however late it is. */
    IGNORES_THE_DEADLINE,
    /** Calls leave without a slot. */
    IGNORES_THE_BUDGET,
    /** A notice counts twice, as if it had come twice and nobody had noticed. */
    COUNTS_A_NOTICE_TWICE,
    /** Equal orders may be on their way at the same time. */
    HAS_NO_FINGERPRINT_RULE,
    /** A restart forgets which keys were used. */
    LOSES_KEYS_AT_RESTART,
    /** A request that was on its way when the process died is taken for one that never left. */
    TREATS_A_CRASH_AS_NOT_SENT,
    /** The risk limits are not looked at. */
    IGNORES_THE_LIMITS,
    /** The kill switch refuses what comes after it and lets go what was waiting before. */
    KILL_SWITCH_SPARES_QUEUED_ORDERS,
    /** A cancel of some shares that got no answer is sent again. */
    REPEATS_A_PARTIAL_CANCEL,
    /** What is wrong is told to nobody. */
    RAISES_NO_ALERT,
    /** Each order of a batch that is repeated is a new one. */
    LOSES_BATCH_KEYS,
    /** A cancel of everything that is repeated cancels what is open by then. */
    REPEATS_CANCEL_ALL,
    /** A restart lifts the kill switch. */
    LOSES_THE_KILL_SWITCH_AT_RESTART,
    /** What an operator says about an order in doubt is acknowledged and not done. */
    IGNORES_THE_OPERATOR,
    /** Orders live on over the night. */
    CARRIES_ORDERS_OVERNIGHT
}
