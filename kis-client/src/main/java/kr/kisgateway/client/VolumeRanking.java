package kr.kisgateway.client;

/** The measure of a ranking of traded volume ({@code FID_BLNG_CLS_CODE}). */
public enum VolumeRanking {
    /** 평균거래량: the average volume. */
    VOLUME("0"),
    /** 거래증가율: growth of the volume. */
    GROWTH("1"),
    /** 평균거래회전율: volume in relation to the listed shares. */
    TURNOVER_RATE("2"),
    /** 거래금액순: won traded. */
    AMOUNT("3"),
    /** 평균거래금액회전율: won traded in relation to market value. */
    AMOUNT_RATE("4");

    private final String code;

    VolumeRanking(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
