package kr.kisgateway.market;

/**
 * The matching phase of a stock on a venue. Finer than {@link Session}, which is the state of the exchange as a whole:
 * venues have phases of their own, and a single stock can be interrupted or halted.
 */
public enum Phase {
    /** Before the first and after the last session: no order is accepted, nothing is matched. */
    CLOSED(Matching.NONE),
    /** Between two sessions of a day (NXT 08:50–09:00:30, 15:20–15:30): orders stay, none is accepted. */
    BREAK(Matching.NONE),
    /** Orders collect for the opening price (시가단일가). */
    OPENING_AUCTION(Matching.COLLECTS),
    /** Continuous trading before the regular session (NXT 프리마켓). */
    PRE_MARKET(Matching.CONTINUOUS),
    /** Continuous trading (정규장; of NXT 메인마켓). */
    REGULAR(Matching.CONTINUOUS),
    /** Orders collect for the closing price (종가단일가). */
    CLOSING_AUCTION(Matching.COLLECTS),
    /** Orders collect until the after-market begins (NXT 15:30–15:40). */
    AFTER_INTAKE(Matching.COLLECTS),
    /** Continuous trading after the close (애프터마켓). */
    AFTER_MARKET(Matching.CONTINUOUS),
    /** One of the ten-minute auctions after the close (시간외단일가). */
    SINGLE_PRICE(Matching.COLLECTS),

    /** Trades at the close of the day before (장전 시간외종가). */
    PREVIOUS_CLOSE(Matching.AT_ONE_PRICE),
    /** Orders at the close queue, and are matched when {@link #CLOSE_PRICE} begins (장후 시간외종가). */
    CLOSE_PRICE_INTAKE(Matching.QUEUES),
    /** Trades at the close of the day (장후 시간외종가). */
    CLOSE_PRICE(Matching.AT_ONE_PRICE),

    /** A volatility interruption (VI): orders collect for one price. In no table; it applies to a single stock. */
    INTERRUPTED(Matching.COLLECTS),
    /** Orders collect after a halt. In no table. */
    RESUMING(Matching.COLLECTS),
    /** Trading of the stock is suspended: no order is accepted, nothing is matched. In no table. */
    HALTED(Matching.NONE);

    /** How orders become trades. */
    public enum Matching {
        /** Not at all. */
        NONE,
        /** All at once and at one price when the phase ends. */
        COLLECTS,
        /** Each against the book as it arrives. */
        CONTINUOUS,
        /** At a fixed price, the oldest first. */
        AT_ONE_PRICE,
        /** Not yet; they retain their order of arrival. */
        QUEUES
    }

    private final Matching matching;

    Phase(Matching matching) {
        this.matching = matching;
    }

    public Matching matching() {
        return matching;
    }

    /** Whether orders are matched in an auction when the phase ends. */
    public boolean isAuction() {
        return matching == Matching.COLLECTS;
    }

    /** Whether orders are matched as they arrive. */
    public boolean isContinuous() {
        return matching == Matching.CONTINUOUS;
    }
}
