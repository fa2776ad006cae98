package kr.kisgateway.gateway.instrument;

/**
 * Listing status of an issue in a master file.
 *
 * @param halted trading is suspended (거래정지)
 * @param liquidation liquidation trading before delisting (정리매매)
 * @param managed an issue under administration (관리종목)
 */
public record ListingFlags(boolean halted, boolean liquidation, boolean managed, Warning warning) {
    /** Market warning of the exchange (시장경고). */
    public enum Warning {
        NONE,
        /** 투자주의. */
        CAUTION,
        /** 투자경고. */
        WARNING,
        /** 투자위험. */
        DANGER,
        /** An undocumented code. */
        UNKNOWN
    }
}
