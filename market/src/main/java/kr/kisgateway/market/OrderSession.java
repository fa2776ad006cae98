package kr.kisgateway.market;

/** The session in which an order is to trade. */
public enum OrderSession {
    /** The venue's day: KRX's auctions and continuous trading (정규장); NXT from its pre-market to its after-market; the US likewise. */
    REGULAR,
    /** At the close of the day before, before the opening (장전 시간외종가, KRX). */
    PRE_OPEN,
    /** At the close of the day after it (장후 시간외종가), until 2026-09-13 also in auctions (시간외단일가, KRX). */
    AFTER_HOURS,
    /** KRX's after-market (애프터마켓, since 2026-09-14). */
    AFTER_MARKET,
    /** NXT's pre-market only (프리마켓): what it leaves is cancelled at its end, until 2026-09-13 it stays. */
    NXT_PRE,
    /** NXT's after-market (애프터마켓). */
    NXT_AFTER,
    /** The day market of US stocks (주간거래), which the broker treats as a market of its own. */
    DAY_MARKET
}
