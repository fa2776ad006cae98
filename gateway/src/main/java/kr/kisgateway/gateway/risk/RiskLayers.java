package kr.kisgateway.gateway.risk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import kr.kisgateway.market.MarketSymbol;

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
    private static final int CHANGES_SHOWN = 20;

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
            Predicate<MarketSymbol> symbols) {
        return new RiskLayers(
                gateway.subset(symbols),
                subset(this.accounts, accounts, symbols),
                subset(this.strategies, strategies, symbols),
                subset(this.keys, keys, symbols));
    }

    private static Map<String, RiskLimits> subset(
            Map<String, RiskLimits> layers, Predicate<String> shown, Predicate<MarketSymbol> symbols) {
        var subset = new TreeMap<String, RiskLimits>();
        layers.forEach((name, limits) -> {
            if (shown.test(name)) {
                subset.put(name, limits.subset(symbols));
            }
        });
        return subset;
    }

    /**
     * The limits that differ in {@code next}, as {@code gateway.max_qty 10000 → 500, keys.bot.deny none → 000660}; at most
     * {@value #CHANGES_SHOWN} of them.
     */
    public String changesTo(RiskLayers next) {
        var changes = new ArrayList<>(gateway.changesTo(next.gateway, "gateway"));
        addChanges(changes, "accounts.", accounts, next.accounts);
        addChanges(changes, "strategies.", strategies, next.strategies);
        addChanges(changes, "keys.", keys, next.keys);
        return String.join(", ", changes.subList(0, Math.min(CHANGES_SHOWN, changes.size())))
                + (changes.size() > CHANGES_SHOWN ? " and " + (changes.size() - CHANGES_SHOWN) + " more" : "");
    }

    private static void addChanges(
            List<String> changes, String kind, Map<String, RiskLimits> before, Map<String, RiskLimits> after) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            changes.addAll(before.getOrDefault(name, RiskLimits.none())
                    .changesTo(after.getOrDefault(name, RiskLimits.none()), kind + name));
        }
    }

    /** The gateway's layer alone. */
    public static RiskLayers of(RiskLimits gateway) {
        return new RiskLayers(gateway, Map.of(), Map.of(), Map.of());
    }
}
