package kr.kisgateway.simulation;

import java.util.List;

/** What must hold on every day, and the findings of the checker where it does not. */
enum Invariant {
    ACKNOWLEDGED_ORDERS_EXIST(
            "an acknowledged order exists, as requested, under its key",
            "acknowledged order missing",
            "acknowledged as a different order"),
    ORDERS_ARE_REQUESTED(
            "no order exists without a request, or after a refusal",
            "order without a request",
            "refused order exists",
            "filled without the broker"),
    ONE_ORDER_A_KEY(
            "one key is one order, also after repetitions", "one key, two orders", "accepted before and refused now"),
    SENT_AS_OFTEN_AS_REQUESTED("no order reaches the broker more often than requested", "times and at the broker"),
    BOOKS_HAVE_THE_SAME_ORDERS(
            "the broker's orders and the gateway's are the same ones",
            "not in the gateway",
            "not at the broker",
            "matched with a different order",
            "one broker order, two gateway orders"),
    FILLS_AND_MONEY_AGREE(
            "fills, money and shares agree with the broker's",
            "fills differ",
            "ended at one side only",
            "the orders add up to",
            "the gateway read"),
    DURABLE_FIRST(
            "nothing is acknowledged or sent before it is durable",
            "acknowledged before it was on disk",
            "transmitted before the journal entry was durable"),
    DEADLINES_HOLD("nothing is sent after its deadline", "transmitted after its deadline", "sent after its deadline"),
    CALLS_A_SECOND("no second has more calls than KIS allows", "in a second"),
    LIMITS_HOLD("no limit is exceeded, by orders or by modifications", "are allowed", "above the limit"),
    MODIFIED_AS_REQUESTED(
            "a modification is made once, and the gateway's terms are those at the broker",
            "modified … times and requested",
            "terms differ at the broker",
            "re-priced … times and requested",
            "partially cancelled … times and requested"),
    KILL_SWITCH_HOLDS(
            "nothing is placed or re-priced while the kill switch is on", "transmitted while the kill switch was on"),
    REFUSALS_ARE_FINAL("a refusal is final", "refused and active again"),
    CURSORS_INCREASE("cursors of the stream increase, also across a restart", "a cursor decreased"),
    DOUBT_ALERTS("no order is in doubt without an alert", "in doubt without an alert"),
    CANCELS_COMPLETE("an accepted cancel completes", "the cancel was accepted and the order is"),
    IMMEDIATE_AND_REPLACING_ORDERS(
            "an IOC or FOK order never rests, a FOK order is never filled in part; an order that replaces "
                    + "another takes the place of one that has ended, once, for what its fills left",
            "rested until the close although",
            "filled in part although",
            "replaces an order that has not ended",
            "order without a request"),
    CANCELLED_AS_REQUESTED(
            "no order is cancelled without a request; a repeated cancel-all is the same one",
            "cancelled without a request",
            "one key, two cancel-alls",
            "cancelled by a cancel-all of another symbol"),
    RESOLUTIONS_ARE_PERMANENT(
            "an operator's resolution of an order in doubt is permanent", "differs from the operator's resolution"),
    ORDERS_END_WITH_THEIR_DAY("nothing of an order is sent on the following day", "transmitted on the following day"),
    PARENT_ORDERS_AS_REQUESTED(
            "a parent order is as requested, once, and changes only by request",
            "acknowledged as a different parent order",
            "one key, two parent orders",
            "parent order changed without a request",
            "acknowledged parent order missing",
            "parent order without a request",
            "refused parent order exists"),
    CHILDREN_BELONG_TO_ONE_PARENT(
            "every order of a parent order belongs to exactly one, is the one that was requested, and is "
                    + "placed once, not before what it waits for",
            "an order of … parent orders",
            "was placed twice",
            "placed before what it waits for",
            "placed differently than its parent order says",
            "an order of another parent order"),
    EXITS_CLOSE_WHAT_IS_HELD(
            "exits never close more than is held, and no two orders of a bracket or OCO are at the exchange "
                    + "at once, by the broker's file at the moment of each placing",
            "closes more than is left",
            "two exits at the exchange",
            "closed more than was held"),
    EXITS_FIT_THE_POSITION(
            "an exit is never for more shares than may be sold at the broker at that moment, except for "
                    + "those sold elsewhere in the half minute before",
            "exceeds the position"),
    EXITS_ARE_KEPT(
            "an exit is not given up before its time while the broker holds shares for it", "an exit was given up"),
    REACHED_PRICES_ACT(
            "a price that was received and is reached is acted on; the first one after an absence "
                    + "only by a decision",
            "the price was reached and nothing was done",
            "placed after an absence without a decision"),
    ENDED_PARENTS_PLACE_NOTHING(
            "nothing is placed after a cancel of the parent order or its end; it ends with its orders, in "
                    + "its time, with an alert where one was not placed",
            "placed after its parent order",
            "the parent order ended and its order is open",
            "its time is over and the parent order is open",
            "a parent order without an alert"),
    PARENTS_KNOW_THEIR_FILLS(
            "a parent order's memory of fills is that of its orders", "the parent order counts other fills"),
    REPRICED_AS_REQUESTED(
            "the gateway re-prices only where that was requested, as often, not sooner, and towards the market",
            "re-priced without a request",
            "re-priced more often than requested",
            "re-priced away from the market",
            "re-priced too soon"),
    ORDERS_AS_REQUESTED_AT_THE_WIRE(
            "an order is what was requested, where it was requested: symbol, side, quantity, price, account,"
                    + " exchange, division (ORD_DVSN) and stop price identify it in every rule, at the wire, in the "
                    + "broker's file and in the gateway; the divisions are a table of the checker (`WireForm`), from "
                    + "KIS's documents. One that the gateway routes goes to KRX or NXT, once",
            "transmitted without a request",
            "matched with a different order"),
    ACCOUNTS_ARE_APART(
            "nothing of one account is another's; money is compared by account and currency",
            "one broker order, two gateway orders",
            "transmitted without a request"),
    SESSIONS_END_ORDERS("after the session every order has ended", "the session has ended and the order has not"),
    MEMORY_IS_THE_JOURNAL(
            "the core's memory is the fold of its journal, without orders that ended yesterday",
            "memory and journal differ",
            "still in memory",
            "not in memory"),

    // Of several gateways that share a database.

    ONLY_THE_OWNER_SENDS(
            "no request for an order leaves after a later owner took the lease, except the labelled ones",
            "transmitted by a former owner"),
    ONLY_THE_OWNER_WRITES(
            "every event is written under the epoch that is in force in the database", "written by a former owner"),
    EPOCHS_GROW("epochs grow", "an epoch did not grow"),
    A_FREE_LEASE_IS_TAKEN(
            "a free lease is taken within 10 s by a gateway that waits and reaches the database; after the "
                    + "faults one owns the accounts",
            "the lease was free and not taken",
            "no gateway owns the accounts");

    private final String sentence;
    private final List<String> findings;

    Invariant(String sentence, String... findings) {
        this.sentence = sentence;
        this.findings = List.of(findings);
    }

    String sentence() {
        return sentence;
    }

    /** Parts of the sentences by which the checker reports it; what differs from day to day is {@code …}. */
    List<String> findings() {
        return findings;
    }

    /** Whether it is about several gateways. */
    boolean isOfCluster() {
        return compareTo(ONLY_THE_OWNER_SENDS) >= 0;
    }

    /** Whether {@code finding}, or what it begins with, says that this does not hold. */
    boolean isBrokenBy(String finding) {
        return findings.stream().anyMatch(it -> contains(finding, it));
    }

    private static boolean contains(String finding, String part) {
        int from = 0;
        for (String piece : part.split("…")) {
            int at = finding.indexOf(piece, from);
            if (at < 0) {
                return false;
            }
            from = at + piece.length();
        }
        return true;
    }
}
