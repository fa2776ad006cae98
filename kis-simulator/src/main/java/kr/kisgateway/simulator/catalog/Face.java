package kr.kisgateway.simulator.catalog;

import java.time.LocalDate;

/**
 * One of KIS's two brokers. They have the same protocol and differ in TR ids, figures, texts and the calls they offer.
 */
public enum Face {
    /** 실전투자: real money, everything of the catalog. */
    LIVE("simulator.db"),
    /** 모의투자: the practice system, of which KIS documents a part of the calls and a handful of realtime TRs. */
    PAPER("simulator-paper.db");

    /** The day on which both limits were lowered. */
    private static final LocalDate LIMITS_LOWERED_ON = LocalDate.of(2026, 4, 20);

    private final String fileName;

    Face(String fileName) {
        this.fileName = fileName;
    }

    /** The default name of its file: the faces do not share accounts. */
    public String fileName() {
        return fileName;
    }

    /** REST calls a second that an app key has on {@code day}. */
    public double callsPerSecond(LocalDate day) {
        boolean lowered = !day.isBefore(LIMITS_LOWERED_ON);
        return switch (this) {
            case LIVE -> lowered ? 18 : 20;
            case PAPER -> lowered ? 1 : 2;
        };
    }

    /** Calls a second that reach the ledger of one account. [assumed] */
    public double ledgerPerSecond(LocalDate day) {
        return this == LIVE ? 10 : callsPerSecond(day);
    }

    /** The branch that numbers the orders (KRX_FWDG_ORD_ORGNO, in queries ord_gno_brno). */
    public String orgNo() {
        return this == LIVE ? "06010" : "00950";
    }

    /** Where order numbers start each day; the first is above it. */
    public long firstOrderNumber() {
        return this == LIVE ? 100_000 : 1_000;
    }

    /** The TR of the notices about orders of overseas stocks. */
    public String overseasNoticeTr() {
        return this == LIVE ? "H0GSCNI0" : "H0GSCNI9";
    }

    /** The TR of the notices about orders of domestic stocks. */
    public String noticeTr() {
        return this == LIVE ? "H0STCNI0" : "H0STCNI9";
    }
}
