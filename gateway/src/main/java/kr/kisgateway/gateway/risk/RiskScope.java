package kr.kisgateway.gateway.risk;

import java.util.Optional;
import kr.kisgateway.gateway.risk.RiskPolicy.CountScope;
import kr.kisgateway.market.TradingDay;

/**
 * The owner of an order: decides which layers apply and which counters count it.
 *
 * @param account alias
 * @param day trading day of its market
 * @param principal name of the API key that placed the order
 * @param strategy the caller's label
 */
public record RiskScope(String account, TradingDay day, String principal, Optional<String> strategy) {
    public RiskScope {
        principal = principal.intern(); // one text for all orders in memory
    }

    // Written by hand as those of TradingDay: the first use of a record's own generates them at run time, on the desk's
    // thread.
    @Override
    public int hashCode() {
        return 31 * (31 * (31 * account.hashCode() + day.hashCode()) + principal.hashCode()) + strategy.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RiskScope it
                && account.equals(it.account)
                && day.equals(it.day)
                && principal.equals(it.principal)
                && strategy.equals(it.strategy);
    }

    /** The same for another API key. */
    public RiskScope withPrincipal(String other) {
        return new RiskScope(account, day, other, strategy);
    }

    /** The name that {@code countScope} counts by; empty for an account. */
    String nameWithin(CountScope countScope) {
        return switch (countScope) {
            case ACCOUNT -> "";
            case STRATEGY -> strategy.orElse("");
            case KEY -> principal;
        };
    }
}
