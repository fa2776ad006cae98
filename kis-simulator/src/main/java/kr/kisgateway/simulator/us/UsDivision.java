package kr.kisgateway.simulator.us;

import java.util.Arrays;
import java.util.Optional;
import kr.kisgateway.market.Side;

/** The order divisions (ORD_DVSN) of US stocks. TWAP (35) and VWAP (36) are not simulated. */
public enum UsDivision {
    LIMIT("00", '2', true),
    /** 장개시시장가 MOO, sales only. */
    MARKET_ON_OPEN("31", 'A', false),
    /** 장개시지정가 LOO. */
    LIMIT_ON_OPEN("32", 'B', true),
    /** 장마감시장가 MOC, sales only. */
    MARKET_ON_CLOSE("33", 'C', false),
    /** 장마감지정가 LOC. */
    LIMIT_ON_CLOSE("34", 'D', true);

    private final String code;
    private final char noticeCode;
    private final boolean priced;

    UsDivision(String code, char noticeCode, boolean priced) {
        this.code = code;
        this.noticeCode = noticeCode;
        this.priced = priced;
    }

    public static Optional<UsDivision> of(String code, Side side) {
        return Arrays.stream(values())
                .filter(it -> it.code.equals(code) && (it.priced || side == Side.SELL))
                .findFirst();
    }

    /** ORD_DVSN. */
    public String code() {
        return code;
    }

    /** ODER_KIND2 of a notice. */
    public char noticeCode() {
        return noticeCode;
    }

    /** Whether the order has a price. */
    public boolean isPriced() {
        return priced;
    }

    boolean waitsForOpen() {
        return this == MARKET_ON_OPEN || this == LIMIT_ON_OPEN;
    }

    boolean waitsForClose() {
        return this == MARKET_ON_CLOSE || this == LIMIT_ON_CLOSE;
    }
}
