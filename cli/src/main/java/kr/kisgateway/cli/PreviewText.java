package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.order.OrderPreview;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;

/** Displays what placing an order would cost and use. */
final class PreviewText {
    static final String TAX_NOT_COMPUTED = "not computed: fees on sales of US stocks come on top";

    private PreviewText() {}

    static void show(Screen screen, OrderPreview preview) {
        LiveBanner.show(screen, preview.environment());
        preview.figures().ifPresent(figures -> show(screen, preview, figures));
    }

    private static void show(Screen screen, OrderPreview preview, OrderPreview.Figures figures) {
        boolean buy = figures.side().equals("BUY");
        String price = money(figures, figures.price());
        String name = figures.name().map(it -> " " + it).orElse("");
        screen.line(figures.side() + " " + Format.value(figures.qty()) + " " + figures.symbol() + name + " "
                + (price.isEmpty() ? "without a limit price" : "at " + price) + ", account " + figures.accountId());
        screen.line((buy ? "매수 " : "매도 ") + Format.value(figures.qty()) + "주 · "
                + korean(figures.orderType())
                + (price.isEmpty() ? "" : " " + price + (figures.currency().equals("KRW") ? "원" : "")));
        var pairs = new ArrayList<Pair>();
        Optional<String> placedAt = figures.placedAt().map(Format::dateTime);
        pairs.add(new Pair("placed at", placedAt.map(it -> it + " · 예약").orElse("")));
        pairs.add(new Pair(
                "type", figures.orderType() + ", " + figures.timeInForce() + ", session " + figures.session()));
        pairs.add(new Pair("stop price", Format.value(figures.stopPrice())));
        pairs.add(new Pair("strategy", figures.strategyId().orElse("")));
        pairs.add(new Pair(
                "venue",
                figures.venue()
                        + switch (figures.venueReason()) {
                            case "REQUESTED" -> ", as requested";
                            case "ROUTED" ->
                                figures.placedAt().isPresent() ? " accepts it then; chosen when it is placed" : "";
                            default -> ", the default: no --venue names another";
                        }));
        pairs.add(new Pair("chosen", figures.routing().map(RoutingText::of).orElse("")));
        pairs.add(new Pair(
                "trading window",
                (figures.window().open() ? "open for it" : "closed for it")
                        + placedAt.map(it -> " at " + it + ", the exchange is then in ")
                                .orElse(", the exchange is in ")
                        + figures.window().marketSession()
                        + figures.window()
                                .restsUntil()
                                .map(at -> "; what is not filled expires by " + Format.dateTime(at))
                                .orElse("")));
        figures.cost().ifPresent(cost -> addCost(pairs, figures, cost, buy));
        var cash = figures.cash();
        pairs.add(new Pair(
                "to spend",
                cash.before().isEmpty()
                        ? "unknown now"
                        : nowAndAfter(figures.currency(), cash.before(), cash.after())
                                + (buy ? ", " + known(figures, cash.reserved()) + " reserved" : "")));
        figures.shares()
                .ifPresent(shares -> pairs.add(new Pair(
                        "to sell",
                        shares.before().isEmpty()
                                ? "unknown now"
                                : Format.value(shares.before()) + " shares now, " + known(shares.after()) + " after")));
        pairs.add(new Pair(
                placedAt.isPresent() ? "not placed after" : "sent until", Format.dateTime(figures.dispatchBy())));
        pairs.add(new Pair(
                "checks", preview.refusal().map(it -> "refused: " + it.code()).orElse("passed")));
        screen.pairs(List.copyOf(pairs));
        showLimits(screen, figures.limits());
    }

    private static void addCost(List<Pair> pairs, OrderPreview.Figures figures, OrderPreview.Cost cost, boolean buy) {
        String basis = switch (cost.basis()) {
            case "LIMIT_PRICE" -> "its price";
            case "LAST_PRICE" -> "the last price";
            default -> "the upper price limit";
        };
        pairs.add(new Pair(
                "amount",
                money(figures, cost.amount()) + (cost.basis().equals("LIMIT_PRICE") ? "" : " estimated") + ", at "
                        + basis + ", " + money(figures, cost.unitPrice())));
        pairs.add(new Pair(
                "commission", money(figures, cost.commission()) + " (" + Format.rate(cost.commissionRatePct()) + ")"));
        pairs.add(new Pair(
                "tax",
                cost.tax()
                        .map(tax -> money(figures, tax) + " ("
                                + cost.taxRatePct().map(Format::rate).orElse("")
                                + (buy
                                        ? ", a buy pays none"
                                        : ", " + figures.board().orElse("") + " "
                                                + figures.product().orElse(""))
                                + ")")
                        .orElse(TAX_NOT_COMPUTED)));
        pairs.add(new Pair(buy ? "costs in all" : "yields", money(figures, cost.total())));
    }

    private static String money(OrderPreview.Figures figures, Object amount) {
        return Format.money(figures.currency(), amount);
    }

    /** The cash before and after. */
    static String nowAndAfter(String currency, Optional<BigDecimal> before, Optional<BigDecimal> after) {
        return before.isEmpty()
                ? "unknown now"
                : Format.money(currency, before) + " now, "
                        + after.map(it -> Format.money(currency, it)).orElse("unknown") + " after";
    }

    private static String known(OrderPreview.Figures figures, Optional<BigDecimal> amount) {
        return amount.isEmpty() ? "unknown" : money(figures, amount);
    }

    private static String known(OptionalLong figure) {
        return figure.isEmpty() ? "unknown" : Format.value(figure);
    }

    static void showLimits(Screen screen, List<OrderPreview.Limit> limits) {
        if (limits.isEmpty()) {
            return;
        }
        screen.blank();
        screen.table(
                List.of(
                        Column.left("LIMIT"),
                        Column.left("LAYER"),
                        Column.right("AT MOST"),
                        Column.right("USED"),
                        Column.right("AFTER"),
                        Column.left("NOTE")),
                limits.stream()
                        .map(limit -> List.of(
                                limit.limitName(),
                                limit.layer(),
                                figure(limit, Optional.of(limit.limit())),
                                figure(limit, limit.used()),
                                limit.after().isEmpty() ? "unknown" : figure(limit, limit.after()),
                                limit.ok() ? "" : limit.after().isEmpty() ? "UNKNOWN" : "EXCEEDED"))
                        .toList());
    }

    private static String figure(OrderPreview.Limit limit, Optional<BigDecimal> figure) {
        return limit.limitName().endsWith("_usd") ? Format.dollars(figure) : Format.value(figure);
    }

    private static String korean(String type) {
        return switch (type) {
            case "LIMIT" -> "지정가";
            case "MARKET" -> "시장가";
            case "CONDITIONAL" -> "조건부지정가";
            case "BEST" -> "최유리지정가";
            case "TOP" -> "최우선지정가";
            case "MID" -> "중간가";
            case "STOP_LIMIT" -> "스톱지정가";
            case "CLOSE_PRICE" -> "시간외종가";
            default -> type;
        };
    }
}
