package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.api.order.BatchAnswer;
import kr.kisgateway.api.order.BatchRequest;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderPreview;
import kr.kisgateway.api.order.OrderRequest;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Places the orders of a file after a preview of each and one confirmation. Together they are checked for cash and shares; with one
 * bad line nothing is placed.
 */
@Command(
        description = "Place the orders of a CSV file, after a preview and a confirmation.%n"
                + "CSV 파일의 주문들을 미리보기와 확인을 거쳐 한 번에 접수합니다.")
final class Basket extends ChangingCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.right("LINE"),
            Column.left("SIDE"),
            Column.right("QTY"),
            Column.left("SYMBOL"),
            Column.left("NAME"),
            Column.right("PRICE"),
            Column.right("COST"),
            Column.left("VENUE"),
            Column.left("CHECK"));

    @Parameters(
            paramLabel = "FILE",
            description = "columns symbol, side, qty; optional price, type, session, time_in_force, venue, strategy")
    private Path file = Path.of("");

    @Option(names = "--partial", description = "leaves bad lines out instead of placing nothing")
    private boolean partial;

    @Mixin
    private AccountOption account = new AccountOption();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    Basket(Kis kis) {
        super(kis);
    }

    /** A line with the gateway's preview of it. */
    private record Previewed(BasketFile.Line line, OrderPreview preview) {
        boolean isBuy() {
            return line.side().equalsIgnoreCase("BUY");
        }

        Optional<OrderPreview.Figures> figures() {
            return preview.figures();
        }
    }

    @Override
    int run(GatewayConnection gateway) {
        List<BasketFile.Line> lines =
                BasketFile.read(kis.process().workingFolder().resolve(file), this::usageError);
        if (partial && isRepetition()) {
            throw usageError("--key repeats what was sent before: put # before the lines that were left out, and omit"
                    + " --partial");
        }
        if (!confirmation.isPossible(kis.process())) {
            throw usageError(Confirmation.MISSING);
        }
        var previewed = new ArrayList<Previewed>();
        for (BasketFile.Line line : lines) {
            var response = gateway.get(OrderCalls.preview(order(line)));
            if (!(response instanceof Response.Done<OrderPreview>(OrderPreview preview, var _, boolean _))) {
                errorScreen().line("Line " + line.number() + ":");
                return reportUnsent(response);
            }
            previewed.add(new Previewed(line, preview));
        }
        LiveBanner.show(errorScreen(), previewed.getFirst().preview().environment());
        errorScreen().table(COLUMNS, previewed.stream().map(Basket::row).toList());
        List<Previewed> good = isRepetition()
                ? previewed
                : previewed.stream()
                        .filter(it -> it.preview().refusal().isEmpty())
                        .toList();
        Optional<String> problem = problem(previewed, good);
        if (problem.isPresent()) {
            errorScreen().line(problem.get());
            errorScreen().line("Nothing was placed.");
            return Kis.REFUSED;
        }
        if (good.size() < previewed.size()) {
            errorScreen()
                    .line("Left out: " + lineNumbers(previewed, good)
                            + ". To repeat this with its key, put # before them.");
        }
        String question = LiveBanner.question(
                previewed.getFirst().preview().environment(),
                "Place these " + good.size() + " orders?",
                "이 주문 " + good.size() + "건을 접수할까요?");
        if (!confirmation.isGiven(kis.process(), question)) {
            errorScreen().line("Nothing was placed.");
            return Kis.REFUSED;
        }
        return place(gateway, good);
    }

    private static String lineNumbers(List<Previewed> all, List<Previewed> without) {
        return all.stream()
                .filter(each -> !without.contains(each))
                .map(each -> "line " + each.line().number())
                .collect(Collectors.joining(", "));
    }

    /** Why nothing is placed. */
    private Optional<String> problem(List<Previewed> previewed, List<Previewed> good) {
        if (isRepetition()) {
            return Optional.empty(); // answered as the first attempt was, which may have used up cash and limits
        }
        long bad = previewed.size() - good.size();
        if (good.isEmpty() || bad > 0 && !partial) {
            return Optional.of(bad + " of " + previewed.size() + " orders would be refused"
                    + (good.isEmpty() ? "." : "; correct them, or leave them out with --partial."));
        }
        return cashProblem(good).or(() -> sharesProblem(good));
    }

    /** Each buy fits by itself; what they reserve together has to fit, too, in each currency. */
    private static Optional<String> cashProblem(List<Previewed> good) {
        Map<String, BigDecimal> reserved = new LinkedHashMap<>();
        Map<String, BigDecimal> toSpend = new LinkedHashMap<>();
        for (Previewed each : good) {
            each.figures().filter(_ -> each.isBuy()).ifPresent(figures -> {
                figures.cash()
                        .reserved()
                        .ifPresent(amount -> reserved.merge(figures.currency(), amount, BigDecimal::add));
                figures.cash().before().ifPresent(amount -> toSpend.put(figures.currency(), amount));
            });
        }
        return reserved.entrySet().stream()
                .flatMap(entry -> Optional.ofNullable(toSpend.get(entry.getKey()))
                        .filter(cash -> cash.compareTo(entry.getValue()) < 0)
                        .map(cash -> shortOfCash(entry.getKey(), entry.getValue(), cash))
                        .stream())
                .findFirst();
    }

    private static String shortOfCash(String currency, BigDecimal needed, BigDecimal cash) {
        return "The buys need " + Format.money(currency, needed) + " " + currency + " together, and "
                + Format.money(currency, cash) + " are to spend.";
    }

    private static Optional<String> sharesProblem(List<Previewed> good) {
        Map<String, Long> sold = new LinkedHashMap<>();
        Map<String, Long> held = new LinkedHashMap<>();
        for (Previewed each : good) {
            each.figures().filter(_ -> !each.isBuy()).ifPresent(figures -> {
                sold.merge(figures.symbol(), figures.qty(), Long::sum);
                OptionalLong before =
                        figures.shares().map(OrderPreview.Shares::before).orElseGet(OptionalLong::empty);
                before.ifPresent(shares -> held.put(figures.symbol(), shares));
            });
        }
        return sold.entrySet().stream()
                .filter(entry -> held.getOrDefault(entry.getKey(), Long.MAX_VALUE) < entry.getValue())
                .map(entry -> "The sales of " + entry.getKey() + " are for " + Format.value(entry.getValue())
                        + " shares together, and " + Format.value(held.get(entry.getKey())) + " are to sell.")
                .findFirst();
    }

    private static List<String> row(Previewed each) {
        Optional<OrderPreview.Figures> figures = each.figures();
        String currency = figures.map(OrderPreview.Figures::currency).orElse("KRW");
        return List.of(
                Integer.toString(each.line().number()),
                each.line().side(),
                Format.value(each.line().qty()),
                each.line().symbol(),
                figures.flatMap(OrderPreview.Figures::name).orElse(""),
                Format.price(currency, each.line().price()),
                figures.flatMap(OrderPreview.Figures::cost)
                        .map(cost -> Format.money(currency, cost.total()))
                        .orElse("unknown"),
                figures.map(OrderPreview.Figures::venue).orElse(""),
                each.preview()
                        .refusal()
                        .map(refusal -> "refused: " + refusal.code())
                        .orElse("passed"));
    }

    private OrderRequest order(BasketFile.Line line) {
        return new OrderRequest(
                account.name(),
                line.symbol(),
                line.side(),
                line.qty(),
                line.type(),
                line.session(),
                line.timeInForce(),
                line.price(),
                OptionalLong.empty(),
                line.venue(),
                line.strategy(),
                Optional.empty(),
                Optional.empty());
    }

    private int place(GatewayConnection gateway, List<Previewed> good) {
        String key = idempotencyKey();
        var orders = good.stream()
                .map(each -> new BatchRequest.NewOrder(
                        key + "-" + each.line().number(),
                        account.name(),
                        each.line().symbol(),
                        each.line().side(),
                        each.line().qty(),
                        each.line().type(),
                        each.line().session(),
                        each.line().timeInForce(),
                        each.line().price(),
                        OptionalLong.empty(),
                        each.line().venue(),
                        each.line().strategy(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .toList();
        var response =
                gateway.change(OrderCalls.placeAll(new BatchRequest(orders)), GatewayConnection.Retry.IDEMPOTENT);
        int code = report(response, answer -> show(good, answer), Optional.of(key));
        boolean someRefused = response instanceof Response.Done<BatchAnswer> done
                && done.answer().refused() > 0;
        return code == Kis.DONE && someRefused ? Kis.REFUSED : code;
    }

    private void show(List<Previewed> good, BatchAnswer answer) {
        screen().table(
                        List.of(Column.right("LINE"), Column.left("ORDER"), Column.left("STATUS")),
                        IntStream.range(0, answer.orders().size())
                                .mapToObj(i -> {
                                    BatchAnswer.Result result = answer.orders().get(i);
                                    return List.of(
                                            Integer.toString(good.get(i).line().number()),
                                            result.orderId().orElse(""),
                                            result.status()
                                                    + result.code()
                                                            .map(code -> " " + code)
                                                            .orElse(""));
                                })
                                .toList());
        screen().line(answer.accepted() + " accepted, " + answer.refused() + " refused.");
    }
}
