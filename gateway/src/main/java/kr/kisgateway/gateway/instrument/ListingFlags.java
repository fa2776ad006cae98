package kr.kisgateway.gateway.instrument;

/**
 * What a master file says of an issue's standing.
 *
 * @param halted trading is suspended (거래정지)
 * @param liquidation traded out before it leaves the exchange (정리매매)
 * @param managed an issue under administration (관리종목)
 */
public record ListingFlags(boolean halted, boolean liquidation, boolean managed, Warning warning) {
    /** How loudly the exchange warns (시장경고). */
    public enum Warning {
        NONE,
        /** 투자주의. */
        CAUTION,
        /** 투자경고. */
        WARNING,
        /** 투자위험. */
        DANGER,
        /** A code that nobody has explained yet. */
        UNKNOWN
    }
}
