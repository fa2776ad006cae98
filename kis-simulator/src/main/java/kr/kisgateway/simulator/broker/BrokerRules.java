package kr.kisgateway.simulator.broker;

import java.time.Duration;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.MarketRules;

/**
 * The broker's figures; the defaults are KIS's live face of today.
 *
 * @param seed of the agents and of the gaps between order numbers
 * @param callsPerSecond admitted REST calls a second for each app key
 * @param ledgerPerSecond admitted calls a second for each account on orders and account queries
 * @param registrations realtime registrations that a session may have
 * @param actionsPerSecond agent actions, about trades, a second in each live stock; 0 = only the users trade
 * @param pingPeriod between two PINGPONGs, and the longest time to answer one
 * @param bookSpacing the least time between two books of one stock
 * @param custTypeRequired whether a call without {@code custtype} is EGW00208 instead of tolerated
 * @param face which of KIS's two brokers this is
 * @param market the exchange's rules beside matching
 */
public record BrokerRules(
        long seed,
        double callsPerSecond,
        double ledgerPerSecond,
        int registrations,
        double actionsPerSecond,
        Duration pingPeriod,
        Duration bookSpacing,
        boolean custTypeRequired,
        Face face,
        MarketRules market) {
    public BrokerRules {
        if (!(callsPerSecond > 0 && callsPerSecond <= 1_000_000)) {
            throw new IllegalArgumentException(
                    "calls per second must lie above 0 and up to 1,000,000, not " + callsPerSecond);
        }
        if (!(ledgerPerSecond > 0 && ledgerPerSecond <= 1_000_000)) {
            throw new IllegalArgumentException(
                    "ledger calls per second must lie above 0 and up to 1,000,000, not " + ledgerPerSecond);
        }
        if (registrations < 1 || registrations > 10_000) {
            throw new IllegalArgumentException("registrations must lie in 1..10,000, not " + registrations);
        }
        if (!(actionsPerSecond >= 0 && actionsPerSecond <= 100_000)) {
            throw new IllegalArgumentException("ticks per second must lie in 0..100,000, not " + actionsPerSecond);
        }
        if (pingPeriod.isNegative() || pingPeriod.isZero() || bookSpacing.isNegative()) {
            throw new IllegalArgumentException("the PINGPONG period must be above 0 and the book spacing not below");
        }
    }

    /** The rules of the live face with these figures. */
    public BrokerRules(
            long seed,
            double callsPerSecond,
            double ledgerPerSecond,
            int registrations,
            double actionsPerSecond,
            Duration pingPeriod,
            Duration bookSpacing,
            boolean custTypeRequired) {
        this(
                seed,
                callsPerSecond,
                ledgerPerSecond,
                registrations,
                actionsPerSecond,
                pingPeriod,
                bookSpacing,
                custTypeRequired,
                Face.LIVE,
                MarketRules.defaults());
    }

    /** These rules with another market. */
    public BrokerRules withMarket(MarketRules newMarket) {
        return new BrokerRules(
                seed,
                callsPerSecond,
                ledgerPerSecond,
                registrations,
                actionsPerSecond,
                pingPeriod,
                bookSpacing,
                custTypeRequired,
                face,
                newMarket);
    }

    public static BrokerRules live(long seed) {
        return new BrokerRules(seed, 18, 10, 41, 4, Duration.ofSeconds(100), Duration.ofMillis(100), false);
    }
}
