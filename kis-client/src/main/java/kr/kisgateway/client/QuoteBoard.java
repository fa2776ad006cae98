package kr.kisgateway.client;

/** The venue of requested prices ({@code FID_COND_MRKT_DIV_CODE}). Paper has those of KRX only. */
public enum QuoteBoard {
    /** The exchange. */
    KRX("J"),
    /** The alternative trading system. */
    NXT("NX"),
    /** Both together (통합). */
    UNIFIED("UN");

    private final String code;

    QuoteBoard(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
