package kr.kisgateway.gateway.risk;

import java.util.OptionalLong;

/**
 * What is known of a symbol today. Prices are won; absent is unknown.
 *
 * @param last the last price, where it is fresh enough to judge by
 * @param lower lowest price of the day (하한가)
 * @param upper highest price of the day (상한가)
 */
public record MarketFacts(OptionalLong last, OptionalLong lower, OptionalLong upper, Designation designation) {
    /** What the exchange says of an issue. */
    public enum Designation {
        UNKNOWN,
        /** It was normal, and something has changed since. */
        OUTDATED,
        NORMAL,
        /** Investment warning or risk notice (투자경고, 투자위험). */
        WARNED,
        /** Under administration (관리종목). */
        MANAGED,
        /** Trading is suspended (거래정지). */
        HALTED
    }

    /** Nothing is known. */
    public static MarketFacts none() {
        return new MarketFacts(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Designation.UNKNOWN);
    }
}
