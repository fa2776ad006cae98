package kr.kisgateway.gateway.risk;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.risk.RiskPolicy.GatewayLimits;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;

/**
 * The layers as JSON, the same in calls and in the journal: {@code {"gateway":{"daily_orders":50, …},"accounts":{"A1":{…}},
 * "strategies":{},"keys":{}}}. A limit that is absent or null is not set by the layer. A text that replaces layers must
 * mention everything that they set, with null to remove it, so that a short text cannot remove a limit unnoticed.
 */
public final class RiskLayersJson {
    private static final int NAME_MAX = 64;
    private static final Markets MARKETS = Markets.standard();
    private static final int SYMBOLS_MAX = 4_000;
    private static final Set<String> LAYERS = Set.of("gateway", "accounts", "strategies", "keys");
    /** Members of the answer of {@code GET /v1/risk/limits} beside the layers. */
    private static final Set<String> ANSWERED = Set.of("guards", "set_by", "set_at", "warnings");

    private static final Set<String> MEMBERS =
            Stream.concat(LAYERS.stream(), ANSWERED.stream()).collect(Collectors.toUnmodifiableSet());

    private RiskLayersJson() {}

    /** {@code layers} as the journal stores them: the four members. */
    public static String text(RiskLayers layers) {
        return ApiJson.text(new Layers(
                gateway(layers.gateway()), named(layers.accounts()), named(layers.strategies()), named(layers.keys())));
    }

    private record Layers(
            GatewayLimits gateway,
            Map<String, kr.kisgateway.api.risk.RiskLimits> accounts,
            Map<String, kr.kisgateway.api.risk.RiskLimits> strategies,
            Map<String, kr.kisgateway.api.risk.RiskLimits> keys) {}

    /** The gateway's layer, also with the limits that are not set, so that a reader sees all that exist. */
    static GatewayLimits gateway(RiskLimits layer) {
        return new GatewayLimits(
                layer.get(RiskLimit.DAILY_ORDERS),
                layer.get(RiskLimit.MAX_QTY),
                layer.get(RiskLimit.MAX_NOTIONAL),
                figure(layer, RiskLimit.MAX_NOTIONAL_USD),
                layer.get(RiskLimit.DAILY_NOTIONAL),
                figure(layer, RiskLimit.DAILY_NOTIONAL_USD),
                layer.get(RiskLimit.SELL_MAX_QTY),
                layer.get(RiskLimit.MAX_POSITION),
                layer.get(RiskLimit.MAX_POSITION_VALUE),
                figure(layer, RiskLimit.MAX_POSITION_VALUE_USD),
                layer.get(RiskLimit.DAILY_LOSS),
                layer.get(RiskLimit.ORDERS_PER_SECOND),
                figure(layer, RiskLimit.COLLAR_PCT),
                guard(layer, RiskGuard.CHECK_CASH),
                guard(layer, RiskGuard.REFUSE_MANAGED),
                guard(layer, RiskGuard.REFUSE_WARNED),
                guard(layer, RiskGuard.REFUSE_SELF_CROSS),
                layer.allow().map(RiskLayersJson::codes),
                codes(layer.deny()));
    }

    /** The layers of accounts, strategies or keys, each with the limits that it sets. */
    static Map<String, kr.kisgateway.api.risk.RiskLimits> named(Map<String, RiskLimits> layers) {
        var named = new TreeMap<String, kr.kisgateway.api.risk.RiskLimits>();
        layers.forEach((name, layer) -> named.put(name, set(layer)));
        return named;
    }

    private static kr.kisgateway.api.risk.RiskLimits set(RiskLimits layer) {
        return new kr.kisgateway.api.risk.RiskLimits(
                layer.get(RiskLimit.DAILY_ORDERS),
                layer.get(RiskLimit.MAX_QTY),
                layer.get(RiskLimit.MAX_NOTIONAL),
                figure(layer, RiskLimit.MAX_NOTIONAL_USD),
                layer.get(RiskLimit.DAILY_NOTIONAL),
                figure(layer, RiskLimit.DAILY_NOTIONAL_USD),
                layer.get(RiskLimit.SELL_MAX_QTY),
                layer.get(RiskLimit.MAX_POSITION),
                layer.get(RiskLimit.MAX_POSITION_VALUE),
                figure(layer, RiskLimit.MAX_POSITION_VALUE_USD),
                layer.get(RiskLimit.DAILY_LOSS),
                layer.get(RiskLimit.ORDERS_PER_SECOND),
                figure(layer, RiskLimit.COLLAR_PCT),
                guard(layer, RiskGuard.CHECK_CASH),
                guard(layer, RiskGuard.REFUSE_MANAGED),
                guard(layer, RiskGuard.REFUSE_WARNED),
                guard(layer, RiskGuard.REFUSE_SELF_CROSS),
                layer.allow().map(RiskLayersJson::codes),
                Optional.of(codes(layer.deny())).filter(codes -> !codes.isEmpty()));
    }

    private static Optional<BigDecimal> figure(RiskLimits layer, RiskLimit limit) {
        return Optional.ofNullable(layer.limits().get(limit)).map(limit::figure);
    }

    private static Optional<Boolean> guard(RiskLimits layer, RiskGuard guard) {
        return Optional.ofNullable(layer.guards().get(guard));
    }

    private static List<String> codes(Set<MarketSymbol> symbols) {
        return symbols.stream().map(MarketSymbol::code).toList();
    }

    /** Reads the four members and no others; refuses invalid ones by name. Absent maps are empty. */
    public static RiskLayers read(RequestBody body) {
        return layers(body.requireOnly(LAYERS));
    }

    private static RiskLayers layers(RequestBody body) {
        RequestBody gateway = body.optionalObject("gateway").orElseThrow(() -> RequestBody.missing("gateway"));
        return new RiskLayers(layer(gateway), named(body, "accounts"), named(body, "strategies"), named(body, "keys"));
    }

    /**
     * Reads layers that replace {@code current}. Everything that {@code current} sets must be mentioned: a limit, a layer
     * or a kind of layers that is null is removed, one that is absent is refused. The other members of the answer of
     * {@code GET /v1/risk/limits} may be present and set nothing.
     */
    public static RiskLayers read(RequestBody body, RiskLayers current) {
        RiskLayers parsed = layers(body.requireOnly(MEMBERS));
        var missingFields = new ArrayList<String>();
        collectUnmentioned(body, "gateway", current.gateway(), "", missingFields);
        collectUnmentioned(body, "accounts", current.accounts(), missingFields);
        collectUnmentioned(body, "strategies", current.strategies(), missingFields);
        collectUnmentioned(body, "keys", current.keys(), missingFields);
        if (!missingFields.isEmpty()) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.MISSING_FIELD,
                            "The request would remove limits in force without naming them: "
                                    + String.join(", ", missingFields)
                                    + ". Send each as ./kis limits --json shows it, or null, which removes it.")
                    .with("field", missingFields.getFirst())
                    .with("fields", missingFields));
        }
        return parsed;
    }

    private static void collectUnmentioned(
            RequestBody body, String kind, Map<String, RiskLimits> current, List<String> missingFields) {
        Optional<RequestBody> named = body.optionalObject(kind);
        if (named.isEmpty() && body.names(kind)) {
            return; // null: every layer of this kind is removed
        }
        current.forEach((name, layer) -> {
            if (named.isPresent()) {
                collectUnmentioned(named.get(), name, layer, kind + ".", missingFields);
            } else if (!listSetFields(layer).isEmpty()) {
                missingFields.add(kind + "." + name);
            }
        });
    }

    private static void collectUnmentioned(
            RequestBody body, String name, RiskLimits current, String path, List<String> missingFields) {
        List<String> fields = listSetFields(current);
        Optional<RequestBody> layer = body.optionalObject(name);
        if (layer.isPresent()) {
            fields.stream()
                    .filter(field -> !layer.get().names(field))
                    .forEach(field -> missingFields.add(path + name + "." + field));
        } else if (!body.names(name) && !fields.isEmpty()) {
            missingFields.add(path + name);
        }
    }

    /** The members that {@code layer} sets. */
    private static List<String> listSetFields(RiskLimits layer) {
        var fields = new ArrayList<String>();
        layer.limits().keySet().forEach(limit -> fields.add(limit.jsonName()));
        layer.guards().keySet().forEach(guard -> fields.add(guard.jsonName()));
        layer.allow().ifPresent(_ -> fields.add("allow"));
        if (!layer.deny().isEmpty()) {
            fields.add("deny");
        }
        return fields;
    }

    private static Map<String, RiskLimits> named(RequestBody body, String field) {
        var layers = new TreeMap<String, RiskLimits>();
        body.optionalObject(field).ifPresent(named -> {
            for (String name : named.names()) {
                if (name.isBlank() || name.length() > NAME_MAX) {
                    throw named.invalidMember(name, "must have a name of 1 to " + NAME_MAX + " characters");
                }
                RequestBody.unprintable(name).ifPresent(mark -> {
                    throw named.invalidMember(name, "must have a name without " + mark);
                });
                named.optionalObject(name).ifPresent(layer -> layers.put(name, layer(layer)));
            }
        });
        return layers;
    }

    private static RiskLimits layer(RequestBody layer) {
        var allowedFields = new HashSet<String>(Set.of("allow", "deny"));
        var limits = new EnumMap<RiskLimit, Long>(RiskLimit.class);
        for (RiskLimit limit : RiskLimit.values()) {
            allowedFields.add(limit.jsonName());
            layer.optionalDecimal(limit.jsonName())
                    .ifPresent(figure -> limits.put(
                            limit,
                            limit.units(figure)
                                    .orElseThrow(
                                            () -> layer.invalidMember(limit.jsonName(), "must be " + limit.form()))));
        }
        var guards = new EnumMap<RiskGuard, Boolean>(RiskGuard.class);
        for (RiskGuard guard : RiskGuard.values()) {
            allowedFields.add(guard.jsonName());
            layer.optionalFlag(guard.jsonName()).ifPresent(on -> guards.put(guard, on));
        }
        layer.requireOnly(allowedFields);
        Optional<Set<MarketSymbol>> allow =
                layer.has("allow") ? Optional.of(symbols(layer, "allow")) : Optional.empty();
        return new RiskLimits(limits, guards, allow, symbols(layer, "deny"));
    }

    private static Set<MarketSymbol> symbols(RequestBody layer, String field) {
        var symbols = new LinkedHashSet<MarketSymbol>();
        for (String text : layer.texts(field, SYMBOLS_MAX)) {
            symbols.add(MARKETS.parse(text)
                    .orElseThrow(() -> layer.invalidMember(
                            field,
                            "must contain symbols: six characters of 0-9 and A-Z, Q and six digits, or a US ticker with its"
                                    + " exchange, as AAPL.NASD"
                                    + MarketSymbol.suggestion(text)
                                            .map(it -> "; did you mean " + it + "?")
                                            .orElse(""))));
        }
        return symbols;
    }
}
