package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Optional;
import kr.kisgateway.api.order.OrderPreview.Cost;
import kr.kisgateway.api.order.OrderPreview.Figures;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Pair;

/** Displays what the open part of an order costs before and after a modification. */
final class ChangeText {
    private ChangeText() {}

    /**
     * @param before the open part as it is
     * @param after the open part as it would be
     */
    static void show(Screen screen, Figures before, Figures after) {
        String currency = after.currency();
        boolean buy = after.side().equals("BUY");
        var pairs = new ArrayList<Pair>();
        pairs.add(new Pair("open part", part(before) + ", then " + part(after)));
        if (before.cost().isPresent() && after.cost().isPresent()) {
            Cost from = before.cost().get();
            Cost to = after.cost().get();
            pairs.add(new Pair("commission", change(currency, from.commission(), to.commission())));
            if (!buy && from.tax().isPresent() && to.tax().isPresent()) {
                pairs.add(new Pair(
                        "tax", change(currency, from.tax().get(), to.tax().get())));
            }
            pairs.add(new Pair(buy ? "costs in all" : "yields", change(currency, from.total(), to.total())));
        }
        pairs.add(new Pair("to spend", cash(currency, before, after)));
        screen.pairs(pairs);
    }

    private static String part(Figures figures) {
        return Format.value(figures.qty()) + " at " + Format.price(figures.currency(), figures.price());
    }

    private static String change(String currency, BigDecimal from, BigDecimal to) {
        return Format.money(currency, from) + ", then " + Format.money(currency, to);
    }

    /** The open part reserves cash already: the change takes the difference. */
    private static String cash(String currency, Figures before, Figures after) {
        Optional<BigDecimal> now = after.cash().before();
        Optional<BigDecimal> then = now.flatMap(cash -> before.cash()
                .reserved()
                .flatMap(released ->
                        after.cash().reserved().map(it -> cash.add(released).subtract(it))));
        return PreviewText.nowAndAfter(currency, now, then);
    }
}
