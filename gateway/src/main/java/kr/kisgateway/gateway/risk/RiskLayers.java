package kr.kisgateway.gateway.risk;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The limits that may be changed while the gateway runs.
 *
 * @param gateway holds for every account
 * @param accounts by alias
 * @param strategies by the label that the caller gives its orders ({@code strategy_id})
 * @param keys by the name of the key that orders come with
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

    /** What concerns {@code accounts} and the key {@code name}: the layers of other accounts and keys are left out. */
    public RiskLayers of(Set<String> accounts, String name) {
        var mine = new TreeMap<>(this.accounts);
        mine.keySet().retainAll(accounts);
        var own = new TreeMap<>(keys);
        own.keySet().retainAll(Set.of(name));
        return new RiskLayers(gateway, mine, strategies, own);
    }

    /** The gateway's layer alone. */
    public static RiskLayers of(RiskLimits gateway) {
        return new RiskLayers(gateway, Map.of(), Map.of(), Map.of());
    }
}
