package kr.kisgateway.gateway.risk;

import java.util.Optional;
import kr.kisgateway.market.Currency;

/** A limit of an amount, which each currency has for itself. */
public enum AmountLimit {
    /** What one BUY order may cost. */
    NOTIONAL(RiskLimit.MAX_NOTIONAL, RiskLimit.MAX_NOTIONAL_USD),
    /** What a trading day's BUY orders may cost together. */
    DAILY_NOTIONAL(RiskLimit.DAILY_NOTIONAL, RiskLimit.DAILY_NOTIONAL_USD),
    /** What the shares of one symbol may be worth after BUY orders. */
    POSITION_VALUE(RiskLimit.MAX_POSITION_VALUE, RiskLimit.MAX_POSITION_VALUE_USD);

    private final RiskLimit won;
    private final RiskLimit dollars;

    AmountLimit(RiskLimit won, RiskLimit dollars) {
        this.won = won;
        this.dollars = dollars;
    }

    /** The limit of this kind in {@code currency}, whose units its value has; empty where there is none. */
    public Optional<RiskLimit> of(Currency currency) {
        return switch (currency) {
            case KRW -> Optional.of(won);
            case USD -> Optional.of(dollars);
            case HKD -> Optional.empty();
        };
    }
}
