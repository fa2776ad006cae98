package kr.kisgateway.gateway.portfolio;

import java.util.OptionalLong;

/**
 * The won that a further buy may cost, commission included: the deposit in two days less the gateway's open buys, and
 * less its buys that the broker's answer may not include yet. A buy that costs exactly that passes the risk check of
 * cash, one won more does not.
 */
@FunctionalInterface
public interface AvailableCash {
    /**
     * The available cash of the account at the time of {@code holdings}; empty when it is unknown: the broker's answer is
     * too old, the price of an open buy is unknown, or the journal cannot be read.
     */
    OptionalLong of(String account, Holdings holdings);
}
