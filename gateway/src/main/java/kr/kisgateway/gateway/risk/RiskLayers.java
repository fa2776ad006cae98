package kr.kisgateway.gateway.risk;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import kr.kisgateway.market.Symbol;

/**
 * The limits that may be changed while the gateway runs.
 *
 * @param gateway applies to every account
 * @param accounts by alias
 * @param strategies by the label that the caller gives its orders ({@code strategy_id})
 * @param keys by the name of the API key that places the orders
 */
public record RiskLayers(
        RiskLimits gateway,
        Map<String, RiskLimits> accounts,
        Map<String, RiskLimits> strategies,
        Map<String, RiskLimits> keys) {
    public RiskLayers {
        accounts = Collections.unmodifiableMap(new TreeMap<>(accounts));
        strategies = Collections.unmodifiableMap(new TreeMap<>(strategies));
        keys = Collections.unmodifiableMap(new TreeMap<>(keys));
    }

    /**
     * A subset of the layers.
     *
     * @param symbols which symbols of the allow and deny lists it contains
     */
    public RiskLayers subset(
            Predicate<String> accounts,
            Predicate<String> strategies,
            Predicate<String> keys,
            Predicate<Symbol> symbols) {
        return new RiskLayers(
                gateway.subset(symbols),
                subset(this.accounts, accounts, symbols),
                subset(this.strategies, strategies, symbols),
                subset(this.keys, keys, symbols));
    }

    private static Map<String, RiskLimits> subset(
            Map<String, RiskLimits> layers, Predicate<String> shown, Predicate<Symbol> symbols) {
        var subset = new TreeMap<String, RiskLimits>();
        layers.forEach((name, limits) -> {
            if (shown.test(name)) {
                subset.put(name, limits.subset(symbols));
            }
        });
        return subset;
    }

    /** The gateway's layer alone. */
    public static RiskLayers of(RiskLimits gateway) {
        return new RiskLayers(gateway, Map.of(), Map.of(), Map.of());
    }
}
