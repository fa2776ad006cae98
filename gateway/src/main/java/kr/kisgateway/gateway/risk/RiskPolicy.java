package kr.kisgateway.gateway.risk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Side;

/**
 * Everything that limits orders: the layers and the live guards. The strictest of the layers that apply holds.
 */
public record RiskPolicy(RiskLayers layers, LiveGuards guards) {
    /** The gateway's layer alone, and nothing live. */
    public static RiskPolicy of(RiskLimits gateway) {
        return new RiskPolicy(RiskLayers.of(gateway), LiveGuards.open());
    }

    /** Whose orders a layer counts. */
    enum Counted {
        ACCOUNT,
        STRATEGY,
        KEY
    }

    /**
     * One layer that applies to an order.
     *
     * @param name for people: {@code gateway}, {@code account A1}, {@code strategy s}, {@code key k}
     */
    record Layer(String name, Counted counted, RiskLimits limits) {}

    /** A limit and the layer that sets it. */
    record Bound(String layer, long units) {}

    /** The layers that apply to {@code scope}, the widest first. */
    List<Layer> applying(RiskScope scope) {
        var applying = new ArrayList<Layer>(4);
        applying.add(new Layer("gateway", Counted.ACCOUNT, layers.gateway()));
        RiskLimits account = layers.accounts().get(scope.account());
        if (account != null) {
            applying.add(new Layer("account " + scope.account(), Counted.ACCOUNT, account));
        }
        if (scope.strategy().isPresent()) {
            RiskLimits strategy = layers.strategies().get(scope.strategy().get());
            if (strategy != null) {
                applying.add(new Layer("strategy " + scope.strategy().get(), Counted.STRATEGY, strategy));
            }
        }
        RiskLimits key = layers.keys().get(scope.principal());
        if (key != null) {
            applying.add(new Layer("key " + scope.principal(), Counted.KEY, key));
        }
        return applying;
    }

    /** The smallest figure that any layer sets for {@code limit}. */
    Optional<Bound> strictest(RiskLimit limit, List<Layer> applying) {
        Optional<Bound> least = Optional.empty();
        for (Layer layer : applying) {
            OptionalLong units = layer.limits().get(limit);
            if (units.isPresent()
                    && (least.isEmpty() || units.getAsLong() < least.get().units())) {
                least = Optional.of(new Bound(layer.name(), units.getAsLong()));
            }
        }
        return least;
    }

    /** The first layer that switches {@code guard} on. */
    Optional<String> on(RiskGuard guard, List<Layer> applying) {
        for (Layer layer : applying) {
            if (layer.limits().on(guard)) {
                return Optional.of(layer.name());
            }
        }
        return Optional.empty();
    }

    /** Whether an order needs to know what the account holds: any sell, and a buy that a limit ties to it. */
    public boolean asksAccount(Side side, RiskScope scope) {
        if (side == Side.SELL) {
            return true;
        }
        List<Layer> applying = applying(scope);
        return on(RiskGuard.CHECK_CASH, applying).isPresent()
                || strictest(RiskLimit.MAX_POSITION, applying).isPresent()
                || strictest(RiskLimit.MAX_POSITION_VALUE, applying).isPresent()
                || strictest(RiskLimit.DAILY_LOSS, applying).isPresent();
    }

    /** Whether an order with a limit price needs to know the last price. */
    public boolean asksLastPrice(RiskScope scope) {
        return strictest(RiskLimit.COLLAR_PCT, applying(scope)).isPresent();
    }
}
