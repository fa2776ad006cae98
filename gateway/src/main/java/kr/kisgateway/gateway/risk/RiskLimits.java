package kr.kisgateway.gateway.risk;

import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kr.kisgateway.market.MarketSymbol;

/**
 * The limits of one layer: of the gateway, an account, a strategy or a key. Limits it does not set are left to the others.
 *
 * @param limits figures in the units of {@link RiskLimit#units}, above 0
 * @param guards the checks it switches on or off
 * @param allow the only symbols that may be ordered, if there is such a list
 * @param deny symbols that may not be ordered
 */
public record RiskLimits(
        Map<RiskLimit, Long> limits,
        Map<RiskGuard, Boolean> guards,
        Optional<Set<MarketSymbol>> allow,
        Set<MarketSymbol> deny) {
    private static final int SYMBOLS_SHOWN = 10;

    public RiskLimits {
        limits = limits.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(limits));
        guards = guards.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(guards));
        allow = allow.map(RiskLimits::ordered);
        deny = ordered(deny);
        limits.forEach((limit, units) -> {
            if (units < 1 || units > RiskLimit.MAX) {
                throw new IllegalArgumentException(limit.jsonName() + " is no limit: " + units);
            }
        });
    }

    /** In the order of their codes: symbols of several markets have no other order. */
    private static Set<MarketSymbol> ordered(Set<MarketSymbol> symbols) {
        var ordered = new TreeSet<>(Comparator.comparing(MarketSymbol::code));
        ordered.addAll(symbols);
        return Collections.unmodifiableSet(ordered);
    }

    /** A layer that sets nothing. */
    public static RiskLimits none() {
        return new RiskLimits(Map.of(), Map.of(), Optional.empty(), Set.of());
    }

    /** The value of {@code limit} in this layer, in its units. */
    public OptionalLong get(RiskLimit limit) {
        Long units = limits.get(limit);
        return units == null ? OptionalLong.empty() : OptionalLong.of(units);
    }

    /** Whether this layer switches {@code guard} on. */
    public boolean isEnabled(RiskGuard guard) {
        return Boolean.TRUE.equals(guards.get(guard));
    }

    public RiskLimits with(RiskLimit limit, long units) {
        var more = new EnumMap<RiskLimit, Long>(RiskLimit.class);
        more.putAll(limits);
        more.put(limit, units);
        return new RiskLimits(more, guards, allow, deny);
    }

    /** The layer without {@code limit}. */
    public RiskLimits without(RiskLimit limit) {
        var fewer = new EnumMap<RiskLimit, Long>(RiskLimit.class);
        fewer.putAll(limits);
        fewer.remove(limit);
        return new RiskLimits(fewer, guards, allow, deny);
    }

    public RiskLimits with(RiskGuard guard, boolean on) {
        var more = new EnumMap<RiskGuard, Boolean>(RiskGuard.class);
        more.putAll(guards);
        more.put(guard, on);
        return new RiskLimits(limits, more, allow, deny);
    }

    /** The limits that differ in {@code next}, each as {@code layer.max_qty 10000 → 500}. */
    List<String> changesTo(RiskLimits next, String layer) {
        var before = byName();
        var after = next.byName();
        var names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .map(name -> layer + "." + name + " " + shown(before.getOrDefault(name, "none")) + " → "
                        + shown(after.getOrDefault(name, "none")))
                .toList();
    }

    /** Every limit that the layer sets, by its name in the API. */
    private Map<String, Object> byName() {
        var values = new LinkedHashMap<String, Object>();
        limits.forEach((limit, units) -> values.put(limit.jsonName(), limit.figure(units)));
        guards.forEach((guard, on) -> values.put(guard.jsonName(), on));
        allow.ifPresent(symbols -> values.put("allow", symbols));
        if (!deny.isEmpty()) {
            values.put("deny", deny);
        }
        return values;
    }

    private static String shown(Object value) {
        if (!(value instanceof Set<?> symbols)) {
            return value.toString();
        }
        int hidden = symbols.size() - SYMBOLS_SHOWN;
        return symbols.isEmpty()
                ? "no symbol"
                : symbols.stream().limit(SYMBOLS_SHOWN).map(Object::toString).collect(Collectors.joining(" "))
                        + (hidden > 0 ? " and " + hidden + " more" : "");
    }

    /** The layer without the symbols that {@code shown} rejects. */
    RiskLimits subset(Predicate<MarketSymbol> shown) {
        return new RiskLimits(limits, guards, allow.map(all -> subset(all, shown)), subset(deny, shown));
    }

    private static Set<MarketSymbol> subset(Set<MarketSymbol> symbols, Predicate<MarketSymbol> shown) {
        return symbols.stream().filter(shown).collect(Collectors.toSet());
    }

    public RiskLimits allowing(Set<MarketSymbol> symbols) {
        return new RiskLimits(limits, guards, Optional.of(symbols), deny);
    }

    public RiskLimits denying(Set<MarketSymbol> symbols) {
        return new RiskLimits(limits, guards, allow, symbols);
    }
}
