package kr.kisgateway.client;

/** The type of an order in US stocks ({@code ORD_DVSN}). There is no plain market order; paper takes limits only. */
public enum OverseasOrderType {
    /** 지정가. */
    LIMIT("00"),
    /** 장개시지정가, LOO. */
    LIMIT_ON_OPEN("32"),
    /** 장마감지정가, LOC. */
    LIMIT_ON_CLOSE("34"),
    /** 장개시시장가, MOO; sales only. */
    MARKET_ON_OPEN("31"),
    /** 장마감시장가, MOC; sales only. */
    MARKET_ON_CLOSE("33");

    private final String code;

    OverseasOrderType(String code) {
        this.code = code;
    }

    /** ORD_DVSN of it. */
    public String code() {
        return code;
    }

    /** Whether it has no price and can only sell. */
    public boolean isMarket() {
        return this == MARKET_ON_OPEN || this == MARKET_ON_CLOSE;
    }
}
