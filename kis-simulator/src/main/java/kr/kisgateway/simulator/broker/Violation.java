package kr.kisgateway.simulator.broker;

import java.util.Locale;

/** A client's violation of KIS's rules, or behaviour that costs its owner money. */
public enum Violation {
    /** REST calls refused with EGW00201 because of their rate, not because of a fault. */
    CALLS_OVER_LIMIT("calls over the limit of calls a second (EGW00201)"),
    /** Ledger calls refused with EGW00215 because of their rate, not because of a fault. */
    LEDGER_CALLS_OVER_LIMIT("calls over the ledger's limit of calls a second (EGW00215)"),
    /** More than one token a minute: EGW00133, and a message to the owner's telephone for each token issued. */
    TOKENS_OVER_LIMIT("tokens requested within a minute of the one before (EGW00133)"),
    /** The same order soon after one that was accepted, or that was never answered and not looked up. */
    DUPLICATE_ORDERS("orders sent twice"),
    /** The same order soon after it was refused. */
    REPEATED_REFUSALS("refused orders sent again unchanged"),
    /** Prices between two ticks. */
    OFF_TICK_PRICES("orders at prices between two ticks"),
    /** Orders on closed days, before the opening or after the close. */
    ORDERS_OUTSIDE_SESSIONS("orders while the market was closed"),
    /** Sessions opened repeatedly; KIS blocks key and address for it. */
    RECONNECT_LOOPS("connections opened too soon after one another"),
    /** The same registration made repeatedly. */
    REGISTRATION_LOOPS("registrations made over and over"),
    /** Registrations that were open when the client closed. */
    REGISTRATIONS_LEAKED("registrations still open when the client closed"),
    /** Registrations beyond the session's limit: OPSP0008. */
    REGISTRATIONS_OVER_LIMIT("registrations over the limit of a session (OPSP0008)"),
    /** PINGPONGs that the client did not answer. */
    UNANSWERED_PINGS("PINGPONGs unanswered"),
    /** TR ids that do not exist, or not on this face. */
    UNKNOWN_TR_IDS("unknown TR ids, or ones of the other face"),
    /** Mandatory headers that were not sent. */
    MISSING_HEADERS("calls without a mandatory header");

    private final String sentence;

    Violation(String sentence) {
        this.sentence = sentence;
    }

    /** The field name in the verdict's JSON. */
    public String fieldName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The violation in words, as the end of a sentence that begins with a number. */
    public String sentence() {
        return sentence;
    }
}
