package kr.kisgateway.client.master;

/** The level of the exchange's warning for a stock (시장경고구분코드). */
public enum MarketWarning {
    /** No warning. */
    NONE("00"),
    /** 투자주의. */
    CAUTION("01"),
    /** 투자경고. */
    WARNING("02"),
    /** 투자위험. */
    DANGER("03");

    private final String code;

    MarketWarning(String code) {
        this.code = code;
    }

    static Coded<MarketWarning> of(String code) {
        return Coded.of(code, values(), it -> it.code);
    }
}
