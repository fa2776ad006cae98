package kr.kisgateway.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderPreview;
import kr.kisgateway.api.order.OrderRequest;
import kr.kisgateway.api.parent.BasketDryRun;
import kr.kisgateway.api.parent.BasketOrder;
import kr.kisgateway.api.parent.BasketProblem;
import kr.kisgateway.api.parent.ParentAccepted;
import kr.kisgateway.api.parent.ParentAnswer;
import kr.kisgateway.api.parent.ParentCalls;
import kr.kisgateway.api.parent.ParentRequest;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Places the orders of a file as one parent order, after a preview of each and one confirmation. The gateway computes the shares of
 * amounts and weights and checks all of them together; with one bad line nothing is placed.
 */
@Command(
        description = "Place the orders of a CSV file as one, after a preview and a confirmation.%n"
                + "CSV 파일의 주문들을 미리보기와 확인을 거쳐 한 번에 접수합니다.")
final class Basket extends ChangingCommand {
    private static final Pattern LINE_OF_FIELD = Pattern.compile("orders\\[([0-9]{1,3})].*");
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
            description =
                    "columns symbol, side and one of qty, amount (won) and weight (percent); optional price, type,"
                            + " session, time_in_force, venue, strategy")
    private Path file = Path.of("");

    @Option(
            names = "--amount",
            paramLabel = "WON",
            converter = AmountConverter.class,
            description = "the total that the weights are parts of, 10,000,000")
    private Optional<Long> amount = Optional.empty();

    @Option(names = "--partial", description = "leaves bad lines out instead of placing nothing")
    private boolean partial;

    @Mixin
    private AccountOption account = new AccountOption();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    Basket(Kis kis) {
        super(kis);
    }

    /** A line with the gateway's evaluation and preview of it; no preview where it has no number of shares. */
    private record Previewed(BasketFile.Line line, BasketDryRun.Line checked, Optional<OrderPreview> preview) {
        boolean isGood() {
            return checked.problem().isEmpty();
        }

        Optional<OrderPreview.Figures> figures() {
            return preview.flatMap(OrderPreview::figures);
        }
    }

    /** The prices of a hundred symbols may have to be requested from KIS. */
    @Override
    Duration limit() {
        return BROKER_LIMIT;
    }

    @Override
    int run(GatewayConnection gateway) {
        List<BasketFile.Line> lines =
                BasketFile.read(kis.process().workingFolder().resolve(file), this::usageError);
        if (amount.isPresent() != lines.stream().anyMatch(line -> line.weight().isPresent())) {
            throw usageError("--amount is the total that the weights of the file are parts of: give both or neither");
        }
        if (!confirmation.isPossible(kis.process())) {
            throw unconfirmed();
        }
        var evaluated = gateway.get(ParentCalls.evaluate(request(lines, true)));
        if (!(evaluated instanceof Response.Done<ParentAnswer>(BasketDryRun checked, var _, boolean _))) {
            return reportUnsent(evaluated);
        }
        var previewed = new ArrayList<Previewed>();
        for (int i = 0; i < lines.size(); i++) {
            BasketDryRun.Line each = checked.orders().get(i);
            if (each.qty().isEmpty()) {
                previewed.add(new Previewed(lines.get(i), each, Optional.empty()));
                continue;
            }
            var response = gateway.get(
                    OrderCalls.preview(order(lines.get(i), each.qty().getAsLong())));
            if (!(response instanceof Response.Done<OrderPreview>(OrderPreview preview, var _, boolean _))) {
                errorScreen().line("Line " + lines.get(i).number() + ":");
                return reportUnsent(response);
            }
            previewed.add(new Previewed(lines.get(i), each, Optional.of(preview)));
        }
        String environment = previewed.stream()
                .flatMap(each -> each.preview().stream())
                .map(OrderPreview::environment)
                .findFirst()
                .orElse("");
        Screen shown = previewScreen(!confirmation.isGivenByOption());
        LiveBanner.show(shown, environment);
        shown.table(COLUMNS, previewed.stream().map(Basket::row).toList());
        BasketSummary.show(
                shown,
                previewed.stream()
                        .filter(Previewed::isGood)
                        .flatMap(each -> each.figures().stream())
                        .toList());
        List<String> problems = problems(previewed, checked);
        if (!problems.isEmpty()) {
            problems.forEach(errorScreen()::line);
            errorScreen().line("Nothing was placed.");
            return Kis.REFUSED;
        }
        long good = previewed.stream().filter(Previewed::isGood).count();
        if (good < previewed.size() && partial) {
            shown.line("Left out: "
                    + previewed.stream()
                            .filter(each -> !each.isGood())
                            .map(each -> "line " + each.line().number())
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        long orders = isRepetition() ? previewed.size() : good;
        String question =
                LiveBanner.question(environment, "Place these " + orders + " orders?", "이 주문 " + orders + "건을 접수할까요?");
        if (!confirmation.isGiven(kis.process(), question, "Nothing was placed.")) {
            return Kis.REFUSED;
        }
        String key = idempotencyKey();
        return report(
                gateway.change(ParentCalls.create(request(lines, false), key), GatewayConnection.Retry.IDEMPOTENT),
                answer -> show(lines, answer),
                Optional.of(key));
    }

    /** Why nothing is placed, in lines. */
    private List<String> problems(List<Previewed> previewed, BasketDryRun checked) {
        if (isRepetition() || checked.refusal().isEmpty()) {
            return List.of(); // answered as the first attempt was, which may have used up cash and limits
        }
        long bad = previewed.stream().filter(each -> !each.isGood()).count();
        if (bad < previewed.size() && (bad == 0 || partial)) {
            return List.of(checked.refusal().get().message());
        }
        List<String> problems = new ArrayList<>();
        previewed.forEach(each -> each.checked()
                .problem()
                .ifPresent(problem -> problems.add("Line " + each.line().number() + ": " + problem.message())));
        problems.add(bad + " of " + previewed.size() + " orders would be refused"
                + (bad == previewed.size() ? "." : "; correct them, or leave them out with --partial."));
        return problems;
    }

    private static List<String> row(Previewed each) {
        Optional<OrderPreview.Figures> figures = each.figures();
        String currency = figures.map(OrderPreview.Figures::currency).orElse("KRW");
        return List.of(
                Integer.toString(each.line().number()),
                each.line().side(),
                Format.value(each.checked().qty()),
                each.line().symbol(),
                figures.flatMap(OrderPreview.Figures::name).orElse(""),
                Format.price(currency, each.line().price()),
                figures.flatMap(OrderPreview.Figures::cost)
                        .map(cost -> Format.money(currency, cost.total()))
                        .orElse("unknown"),
                figures.map(OrderPreview.Figures::venue).orElse(""),
                each.checked()
                        .problem()
                        .map(problem -> "refused: " + problem.code())
                        .or(() -> each.preview()
                                .flatMap(OrderPreview::refusal)
                                .map(refusal -> "waits: " + refusal.code()))
                        .orElse("passed"));
    }

    private ParentRequest request(List<BasketFile.Line> lines, boolean dryRun) {
        return ParentRequest.basket(
                account.name(), lines.stream().map(Basket::order).toList(), Format.amount(amount), partial, dryRun);
    }

    private static BasketOrder order(BasketFile.Line line) {
        return new BasketOrder(
                line.symbol(),
                Optional.of(line.side().toUpperCase(Locale.ROOT)),
                line.qty(),
                line.amount(),
                line.weight(),
                line.type(),
                line.session(),
                line.timeInForce(),
                line.price(),
                OptionalLong.empty(),
                line.venue(),
                line.strategy());
    }

    private OrderRequest order(BasketFile.Line line, long qty) {
        return new OrderRequest(
                account.name(),
                line.symbol(),
                line.side(),
                qty,
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

    private void show(List<BasketFile.Line> lines, ParentAnswer answer) {
        ParentShow.show(screen(), answer);
        if (answer instanceof ParentAccepted accepted) {
            accepted.leftOut()
                    .ifPresent(leftOut -> leftOut.forEach(problem -> screen().line("Left out: line "
                            + number(lines, problem) + ", " + problem.code() + ": " + problem.message())));
        }
    }

    /** The number in the file of a line that the gateway counts from 0. */
    private static int number(List<BasketFile.Line> lines, BasketProblem problem) {
        Matcher field = LINE_OF_FIELD.matcher(problem.field());
        return field.matches() ? lines.get(Integer.parseInt(field.group(1))).number() : 0;
    }
}
