package kr.kisgateway.client.master;

/** The kind of an overseas listing (Security type). */
public enum OverseasType {
    /** An index, which cannot be traded. */
    INDEX("1"),
    /** A stock. */
    STOCK("2"),
    /** An ETF or its like. */
    ETP("3"),
    /** A warrant. */
    WARRANT("4");

    private final String code;

    OverseasType(String code) {
        this.code = code;
    }

    static Coded<OverseasType> of(String code) {
        return Coded.of(code, values(), it -> it.code);
    }
}
