package kr.kisgateway.gateway.risk;

import java.util.OptionalLong;

/**
 * The facts about a symbol today. Prices are in units of its currency; absent is unknown, or without such a limit.
 *
 * @param last the last price, where it is fresh enough for the rules
 * @param lower lowest price of the day (하한가)
 * @param upper highest price of the day (상한가)
 */
public record MarketFacts(OptionalLong last, OptionalLong lower, OptionalLong upper, Designation designation) {
    /** The exchange's designation of an issue. */
    public enum Designation {
        UNKNOWN,
        /** It was normal, and a change was published since. */
        OUTDATED,
        NORMAL,
        /** Investment warning or risk notice (투자경고, 투자위험). */
        WARNED,
        /** Under administration (관리종목). */
        MANAGED,
        /** Trading is suspended (거래정지). */
        HALTED,
        /** The order's venue does not trade it. */
        NOT_TRADED
    }

    /** Nothing but the last price. */
    public static MarketFacts ofLast(OptionalLong last) {
        return new MarketFacts(last, OptionalLong.empty(), OptionalLong.empty(), Designation.UNKNOWN);
    }

    /** The same with another designation. */
    public MarketFacts with(Designation other) {
        return new MarketFacts(last, lower, upper, other);
    }

    /** All unknown. */
    public static MarketFacts none() {
        return new MarketFacts(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Designation.UNKNOWN);
    }
}
