package kr.kisgateway.gateway.face;

/** KIS's codes about orders, which live and paper trading spell differently (PROTOCOL 4.3). */
enum OrderCode {
    CLOSED_DAY("APBK0919", "40100000"),
    TOO_EARLY("APBK0918", "40570000"),
    TOO_LATE("APBK0918", "40580000"),
    US_CLOSED("APBK1664", "40580000"),
    UNKNOWN_SYMBOL("APBK0656", "40070000"),
    NO_HOLDING("APBK0400", "40240000"),
    TOO_MANY_SHARES("APBK0400", "40310000"),
    NOT_ENOUGH_CASH("APBK0952", "40250000"),
    NO_PRICE("APBK0506", "40310000"),
    OFF_TICK("APBK0506", "40030000"),
    OUTSIDE_LIMITS("APBK0506", "40270000"),
    /** An order division or exchange that does not exist. */
    UNKNOWN_KIND("APBK0506", "90000000"),
    NO_ORIGINAL("APBK0344", "40320000"),
    NOTHING_LEFT("APBK0344", "40330000"),
    /** The gateway refuses for a reason that KIS has not: to KIS's clients the account takes no such order. */
    NOT_PERMITTED("APBK0918", "40910000");

    private final String live;
    private final String paper;

    OrderCode(String live, String paper) {
        this.live = live;
        this.paper = paper;
    }

    /** The code in an environment. */
    String of(boolean isPaper) {
        return isPaper ? paper : live;
    }
}
