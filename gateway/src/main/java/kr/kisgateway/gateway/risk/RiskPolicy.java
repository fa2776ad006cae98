package kr.kisgateway.gateway.risk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Side;

/**
 * Everything that limits orders: the layers and the live guards. The strictest of the applicable layers applies.
 */
public record RiskPolicy(RiskLayers layers, LiveGuards guards) {
    /** The gateway's layer alone, without live guards. */
    public static RiskPolicy of(RiskLimits gateway) {
        return new RiskPolicy(RiskLayers.of(gateway), LiveGuards.unrestricted());
    }

    /** The orders that a layer counts. */
    enum CountScope {
        ACCOUNT,
        STRATEGY,
        KEY
    }

    /**
     * One layer that applies to an order.
     *
     * @param name for people: {@code gateway}, {@code account A1}, {@code strategy s}, {@code key k}
     */
    record Layer(String name, CountScope countScope, RiskLimits limits) {}

    /** A limit's value and the layer that sets it. */
    record Bound(String layer, long units) {}

    /** The layers that apply to {@code scope}, the widest first. */
    List<Layer> applicableLayers(RiskScope scope) {
        var applicable = new ArrayList<Layer>(4);
        applicable.add(new Layer("gateway", CountScope.ACCOUNT, layers.gateway()));
        RiskLimits account = layers.accounts().get(scope.account());
        if (account != null) {
            applicable.add(new Layer("account " + scope.account(), CountScope.ACCOUNT, account));
        }
        if (scope.strategy().isPresent()) {
            RiskLimits strategy = layers.strategies().get(scope.strategy().get());
            if (strategy != null) {
                applicable.add(new Layer("strategy " + scope.strategy().get(), CountScope.STRATEGY, strategy));
            }
        }
        keyLayer(scope).ifPresent(applicable::add);
        return applicable;
    }

    /** The layer of the API key alone, if it has one. */
    Optional<Layer> keyLayer(RiskScope scope) {
        return Optional.ofNullable(layers.keys().get(scope.principal()))
                .map(limits -> new Layer("key " + scope.principal(), CountScope.KEY, limits));
    }

    /** How much of each daily limit of orders is used, on each day that is counted. Safe for any thread. */
    public List<DailyOrders> dailyOrders(Exposure exposure) {
        var used = new ArrayList<DailyOrders>();
        for (Exposure.DailyCount count : exposure.dailyCounts()) {
            switch (count.countScope()) {
                case ACCOUNT -> {
                    add(used, count, "gateway", Optional.of(layers.gateway()));
                    add(
                            used,
                            count,
                            "account",
                            Optional.ofNullable(layers.accounts().get(count.account())));
                }
                case STRATEGY ->
                    add(
                            used,
                            count,
                            "strategy " + count.name(),
                            Optional.ofNullable(layers.strategies().get(count.name())));
                case KEY ->
                    add(
                            used,
                            count,
                            "key " + count.name(),
                            Optional.ofNullable(layers.keys().get(count.name())));
            }
        }
        return used;
    }

    private static void add(
            List<DailyOrders> used, Exposure.DailyCount count, String layer, Optional<RiskLimits> limits) {
        OptionalLong limit = limits.map(it -> it.get(RiskLimit.DAILY_ORDERS)).orElseGet(OptionalLong::empty);
        limit.ifPresent(
                orders -> used.add(new DailyOrders(layer, count.account(), count.day(), count.orders(), orders)));
    }

    /** The smallest value that any applicable layer sets for {@code limit}. */
    Optional<Bound> strictest(RiskLimit limit, List<Layer> applicable) {
        Optional<Bound> strictest = Optional.empty();
        for (Layer layer : applicable) {
            OptionalLong units = layer.limits().get(limit);
            if (units.isPresent()
                    && (strictest.isEmpty()
                            || units.getAsLong() < strictest.get().units())) {
                strictest = Optional.of(new Bound(layer.name(), units.getAsLong()));
            }
        }
        return strictest;
    }

    /**
     * What the limits leave for one BUY order, the strictest first; of each limit its strictest layer.
     *
     * @param price of a share, in units of {@code currency}
     * @param committed shares of the symbol that the account holds or has ordered
     * @param daily what the day's amount leaves
     */
    public List<QuantityBound> quantityBounds(
            RiskScope scope, Currency currency, long price, long committed, Optional<DailyAmountLeft> daily) {
        List<Layer> applicable = applicableLayers(scope);
        var bounds = new ArrayList<QuantityBound>();
        addBound(bounds, applicable, RiskLimit.MAX_QTY, units -> units);
        AmountLimit.NOTIONAL
                .of(currency)
                .ifPresent(limit -> addBound(bounds, applicable, limit, units -> units / price));
        addBound(bounds, applicable, RiskLimit.MAX_POSITION, units -> units - committed);
        AmountLimit.POSITION_VALUE
                .of(currency)
                .ifPresent(limit -> addBound(bounds, applicable, limit, units -> units / price - committed));
        daily.ifPresent(it -> bounds.add(new QuantityBound(
                it.limit().jsonName(), it.layer(), it.limit().figure(it.units()), it.left() / price)));
        bounds.sort(Comparator.comparingLong(QuantityBound::qty));
        return List.copyOf(bounds);
    }

    /** What the day's buys may still cost; empty where no layer limits that. */
    public Optional<DailyAmountLeft> dailyAmountLeft(RiskScope scope, Currency currency, Exposure exposure) {
        return AmountLimit.DAILY_NOTIONAL
                .of(currency)
                .flatMap(limit -> applicableLayers(scope).stream()
                        .filter(layer -> layer.limits().get(limit).isPresent())
                        .map(layer -> {
                            long units = layer.limits().get(limit).getAsLong();
                            long bought = exposure.boughtToday(scope, layer.countScope(), currency);
                            return new DailyAmountLeft(limit, layer.name(), units, Math.max(0, units - bought));
                        })
                        .min(Comparator.comparingLong(DailyAmountLeft::left)));
    }

    private void addBound(
            List<QuantityBound> bounds, List<Layer> applicable, RiskLimit limit, LongUnaryOperator shares) {
        strictest(limit, applicable)
                .ifPresent(bound -> bounds.add(new QuantityBound(
                        limit.jsonName(),
                        bound.layer(),
                        limit.figure(bound.units()),
                        Math.max(0, shares.applyAsLong(bound.units())))));
    }

    /** The first layer that switches {@code guard} on. */
    Optional<String> enablingLayer(RiskGuard guard, List<Layer> applicable) {
        for (Layer layer : applicable) {
            if (layer.limits().isEnabled(guard)) {
                return Optional.of(layer.name());
            }
        }
        return Optional.empty();
    }

    /** Whether an order needs the account's figures: any sell, and a buy with a limit that depends on them. */
    public boolean requiresAccount(Side side, Currency currency, RiskScope scope) {
        if (side == Side.SELL) {
            return true;
        }
        List<Layer> applicable = applicableLayers(scope);
        return enablingLayer(RiskGuard.CHECK_CASH, applicable).isPresent()
                || strictest(RiskLimit.MAX_POSITION, applicable).isPresent()
                || AmountLimit.POSITION_VALUE
                        .of(currency)
                        .flatMap(limit -> strictest(limit, applicable))
                        .isPresent()
                || strictest(RiskLimit.DAILY_LOSS, applicable).isPresent();
    }

    /** Whether a buy must be covered by cash, or with a loan by the broker's buying power on credit. */
    public boolean checksCash(RiskScope scope) {
        return enablingLayer(RiskGuard.CHECK_CASH, applicableLayers(scope)).isPresent();
    }

    /** Whether an order with a limit price needs the last price. */
    public boolean requiresLastPrice(RiskScope scope) {
        return strictest(RiskLimit.COLLAR_PCT, applicableLayers(scope)).isPresent();
    }
}
