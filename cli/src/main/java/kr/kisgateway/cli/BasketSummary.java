package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kr.kisgateway.api.order.OrderPreview.Cost;
import kr.kisgateway.api.order.OrderPreview.Figures;
import kr.kisgateway.api.order.OrderPreview.Limit;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Pair;

/** Displays what the orders of a basket cost and use together. */
final class BasketSummary {
    /** The limits whose use grows with every order. */
    private static final Set<String> COUNTED = Set.of("daily_orders");

    /** The limits whose use grows with every order of a symbol. */
    private static final Set<String> OF_A_SYMBOL =
            Set.of("max_position", "max_position_value", "max_position_value_usd");

    private BasketSummary() {}

    static void show(Screen screen, List<Figures> orders) {
        for (String currency : List.of("KRW", "USD")) {
            List<Figures> those = orders.stream()
                    .filter(order -> order.currency().equals(currency))
                    .toList();
            if (!those.isEmpty()) {
                screen.pairs(pairs(currency, those));
            }
        }
        PreviewText.showLimits(screen, limits(orders));
    }

    private static List<Pair> pairs(String currency, List<Figures> orders) {
        var pairs = new ArrayList<Pair>();
        for (String side : List.of("BUY", "SELL")) {
            boolean buy = side.equals("BUY");
            List<Figures> those =
                    orders.stream().filter(order -> order.side().equals(side)).toList();
            if (those.isEmpty()) {
                continue;
            }
            List<Cost> costs =
                    those.stream().flatMap(order -> order.cost().stream()).toList();
            int unpriced = those.size() - costs.size();
            pairs.add(new Pair(
                    buy ? "buys" : "sales",
                    those.size() + " orders, " + Format.money(currency, sum(costs, Cost::amount))
                            + (unpriced == 0 ? "" : ", without " + unpriced + " whose price is unknown")));
            pairs.add(new Pair("commission", Format.money(currency, sum(costs, Cost::commission))));
            if (!buy) {
                boolean computed = costs.stream().allMatch(cost -> cost.tax().isPresent());
                pairs.add(new Pair(
                        "tax",
                        computed
                                ? Format.money(
                                        currency, sum(costs, cost -> cost.tax().orElseThrow()))
                                : PreviewText.TAX_NOT_COMPUTED));
            }
            pairs.add(new Pair(buy ? "costs in all" : "yields", Format.money(currency, sum(costs, Cost::total))));
        }
        pairs.add(new Pair("to spend", cash(currency, orders)));
        return pairs;
    }

    /** The cash of one currency now, less what all of the orders reserve. */
    private static String cash(String currency, List<Figures> orders) {
        Optional<BigDecimal> before = orders.getFirst().cash().before();
        if (before.isEmpty()) {
            return PreviewText.nowAndAfter(currency, before, Optional.empty());
        }
        if (orders.stream().anyMatch(order -> order.cash().reserved().isEmpty())) {
            return PreviewText.nowAndAfter(currency, before, Optional.empty())
                    + ": the price that bounds an order is unknown";
        }
        BigDecimal reserved = sum(orders, order -> order.cash().reserved().orElseThrow());
        return PreviewText.nowAndAfter(currency, before, before.map(it -> it.subtract(reserved))) + ", "
                + Format.money(currency, reserved) + " reserved";
    }

    /** What the orders use together of the limits that more than one order uses, in the order of their previews. */
    private static List<Limit> limits(List<Figures> orders) {
        Map<List<String>, Limit> limits = new LinkedHashMap<>();
        for (Figures order : orders) {
            for (Limit limit : order.limits()) {
                if (COUNTED.contains(limit.limitName())) {
                    limits.merge(List.of(limit.limitName(), limit.layer()), limit, BasketSummary::together);
                } else if (OF_A_SYMBOL.contains(limit.limitName())) {
                    Limit ofSymbol = new Limit(
                            limit.limitName(),
                            limit.layer() + ", " + order.symbol(),
                            limit.limit(),
                            limit.used(),
                            limit.after(),
                            limit.ok());
                    limits.merge(List.of(limit.limitName(), ofSymbol.layer()), ofSymbol, BasketSummary::together);
                }
            }
        }
        return List.copyOf(limits.values());
    }

    private static Limit together(Limit first, Limit next) {
        Optional<BigDecimal> after = first.after()
                .flatMap(sum -> next.after()
                        .flatMap(end -> next.used().map(begin -> sum.add(end).subtract(begin))));
        boolean ok = after.filter(it -> it.compareTo(first.limit()) <= 0).isPresent();
        return new Limit(first.limitName(), first.layer(), first.limit(), first.used(), after, ok);
    }

    private static <T> BigDecimal sum(List<T> parts, Function<T, BigDecimal> amount) {
        return parts.stream().map(amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
