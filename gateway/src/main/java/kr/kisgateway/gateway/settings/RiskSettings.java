package kr.kisgateway.gateway.settings;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.gateway.risk.RiskGuard;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.gateway.risk.RiskLimits;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import tools.jackson.databind.JsonNode;

/**
 * Reads the order limits: the gateway's layer from settings over the environment's defaults, the other layers from
 * {@code gateway.yaml}. A misspelt or unreadable limit prevents the start: an ignored limit would be no limit.
 */
final class RiskSettings {
    private static final Pattern FIGURE = Pattern.compile("\\d{1,16}(\\.\\d{1,4})?");
    private static final String NONE = "none";
    private static final int NAME_MAX = 64;

    private final List<String> problems;
    private final Supplier<Set<String>> accountAliases;
    private final Map<String, RiskLimits> accounts = new TreeMap<>();
    private final Map<String, RiskLimits> strategies = new TreeMap<>();
    private final Map<String, RiskLimits> keys = new TreeMap<>();

    /**
     * @param problems receives sentences about invalid limits
     * @param accountAliases aliases of the configured accounts
     */
    RiskSettings(List<String> problems, Supplier<Set<String>> accountAliases) {
        this.problems = problems;
        this.accountAliases = accountAliases;
    }

    /** Reads the finer layers from the node {@code risk} of {@code gateway.yaml}. */
    void take(JsonNode risk) {
        layers(risk, "accounts", accounts);
        Set<String> aliases = accountAliases.get();
        accounts.keySet().stream()
                .filter(alias -> !aliases.contains(alias))
                .forEach(alias -> problems.add("gateway.yaml: risk.accounts." + alias + " names no account; there is "
                        + String.join(", ", new TreeSet<>(aliases)) + "."));
        layers(risk, "strategies", strategies);
        layers(risk, "keys", keys);
    }

    /** Whether {@link #take} reads the member {@code name} of the node {@code risk}. */
    static boolean isLayers(String name) {
        return Set.of("accounts", "strategies", "keys").contains(name);
    }

    /** The gateway's layer from {@code forms}, over the environment's defaults of the table. */
    RiskLayers layers(SettingForms forms) {
        RiskLimits gateway = RiskLimits.none();
        for (RiskLimit limit : RiskLimit.values()) {
            var name = Setting.valueOf("RISK_" + limit.name());
            gateway = limit(gateway, limit, name.name(), forms.effective(name).orElse(NONE));
        }
        for (RiskGuard guard : RiskGuard.values()) {
            var name = Setting.valueOf("RISK_" + guard.name());
            // A limit that is off by default stays unset: another layer may switch it on.
            if (forms.text(name).isPresent() || forms.flag(name)) {
                gateway =
                        guard(gateway, guard, name.name(), forms.effective(name).orElse("false"));
            }
        }
        var allow = forms.text(Setting.RISK_ALLOW);
        if (allow.isPresent()) {
            gateway = gateway.allowing(symbols("RISK_ALLOW", allow.get()));
        }
        var deny = forms.text(Setting.RISK_DENY);
        if (deny.isPresent()) {
            gateway = gateway.denying(symbols("RISK_DENY", deny.get()));
        }
        return new RiskLayers(gateway, accounts, strategies, keys);
    }

    private void layers(JsonNode risk, String kind, Map<String, RiskLimits> into) {
        JsonNode named = risk.get(kind);
        if (named == null || named.isNull()) {
            return;
        }
        String where = "gateway.yaml: risk." + kind;
        if (!named.isObject()) {
            problems.add(where + " must name layers, each with its limits.");
            return;
        }
        named.properties().forEach(member -> {
            String name = member.getKey();
            if (name.isBlank() || name.length() > NAME_MAX) {
                problems.add(where + " must have names of 1 to " + NAME_MAX + " characters.");
            } else if (!member.getValue().isObject()) {
                problems.add(where + "." + name + " must contain limits, as max-qty: 10.");
            } else {
                into.put(name, layer(where + "." + name, member.getValue()));
            }
        });
    }

    private RiskLimits layer(String where, JsonNode node) {
        RiskLimits layer = RiskLimits.none();
        for (var member : node.properties()) {
            String name = member.getKey();
            String full = where + "." + name;
            String value = text(member.getValue());
            Optional<RiskLimit> limit = RiskLimit.of(name);
            Optional<RiskGuard> guard = RiskGuard.of(name);
            if (limit.isPresent()) {
                layer = limit(layer, limit.get(), full, value);
            } else if (guard.isPresent()) {
                layer = guard(layer, guard.get(), full, value);
            } else if (name.equals("allow")) {
                layer = layer.allowing(symbols(full, value));
            } else if (name.equals("deny")) {
                layer = layer.denying(symbols(full, value));
            } else {
                problems.add(full + " is no limit; see docs/RISK.md for their names.");
            }
        }
        return layer;
    }

    private static String text(JsonNode node) {
        if (!node.isArray()) {
            return node.isObject() ? "{}" : node.asString();
        }
        var texts = new LinkedHashSet<String>();
        node.forEach(entry -> texts.add(entry.asString()));
        return String.join(",", texts);
    }

    /** {@code none} removes a limit. */
    private RiskLimits limit(RiskLimits layer, RiskLimit limit, String name, String text) {
        String plain = text.strip().replace("_", "");
        if (plain.equalsIgnoreCase(NONE)) {
            return layer.without(limit);
        }
        if (FIGURE.matcher(plain).matches()) {
            var units = limit.units(new BigDecimal(plain));
            if (units.isPresent()) {
                return layer.with(limit, units.getAsLong());
            }
        }
        problems.add(name
                + (limit == RiskLimit.COLLAR_PCT || limit.figure(1).scale() > 0
                        ? " must be " + limit.form() + ", or none."
                        : " must be a whole number above 0, or none."));
        return layer;
    }

    private RiskLimits guard(RiskLimits layer, RiskGuard guard, String name, String text) {
        Optional<Boolean> on = SettingForms.flag(text);
        if (on.isEmpty()) {
            problems.add(name + " must be true or false.");
        }
        return on.map(it -> layer.with(guard, it)).orElse(layer);
    }

    private Set<MarketSymbol> symbols(String name, String text) {
        var symbols = new LinkedHashSet<MarketSymbol>();
        for (String part : text.split(",")) {
            String code = part.strip();
            if (!code.isEmpty()) {
                Markets.standard()
                        .parse(code)
                        .ifPresentOrElse(
                                symbols::add,
                                () -> problems.add(name + ": \"" + code + "\" is not a six-character code"
                                        + MarketSymbol.suggestion(code)
                                                .map(it -> " (did you mean " + it + "?)")
                                                .orElse("")
                                        + "."));
            }
        }
        return symbols;
    }
}
