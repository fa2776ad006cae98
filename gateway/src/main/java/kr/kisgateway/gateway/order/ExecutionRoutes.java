package kr.kisgateway.gateway.order;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.order.ExecutionPage;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.order.OrderStore.FillPosition;
import kr.kisgateway.gateway.order.OrderStore.RecordedFill;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingDay;

/** {@code /v1/executions}: the fills of all orders, also of those placed elsewhere, from the journal. */
public final class ExecutionRoutes {
    private static final int LIMIT_MAX = 1_000;
    private static final int LIMIT_DEFAULT = 100;
    private static final Pattern POSITION = Pattern.compile("([^:]{1,64}):([0-9]{1,18})");

    private final OrderDesk desk;

    public ExecutionRoutes(OrderDesk desk) {
        this.desk = desk;
    }

    /** Adds the call. */
    public void addTo(RouteTable routes) {
        routes.get(
                Role.TRADE,
                "/v1/executions",
                List.of(
                        "account_id",
                        "date",
                        "from",
                        "to",
                        "symbol",
                        "strategy_id",
                        "order_id",
                        "side",
                        "limit",
                        "cursor"),
                this::list);
    }

    private void list(Call call) {
        int limit = call.limit(LIMIT_DEFAULT, LIMIT_MAX);
        OrderStore.FillFilter filter = filter(call);
        Optional<FillPosition> before = call.query("cursor").map(text -> position(call, text));
        call.answerPage(() -> page(
                OrderRoutes.readJournal(() -> desk.fills(filter, before, limit + 1))
                        .orElseThrow(ExecutionRoutes::unknownCursor),
                limit));
    }

    /**
     * The fills of an account on a trading day that {@code caller} may see, newest first.
     *
     * @param limit maximum number of fills
     * @throws RefusedException when the journal cannot be read
     */
    public ExecutionPage ofDay(Caller caller, String account, LocalDate day, int limit) {
        var filter = new OrderStore.FillFilter(
                new OrderStore.Filter(
                        Optional.of(Set.of(account)),
                        Optional.empty(),
                        caller.symbols(),
                        Optional.empty(),
                        Optional.empty(),
                        caller.ownOrdersOnly() ? Optional.of(caller.name()) : Optional.empty()),
                Optional.of(day),
                Optional.of(day),
                Optional.empty(),
                Optional.empty());
        return page(
                OrderRoutes.readJournal(() -> desk.fills(filter, Optional.empty(), limit + 1))
                        .orElseThrow(),
                limit);
    }

    private static OrderStore.FillFilter filter(Call call) {
        call.query("account_id").ifPresent(call.caller()::requireAccount);
        Optional<String> symbol = call.query("symbol").map(OrderRoutes::symbol);
        symbol.ifPresent(call.caller()::requireSymbol);
        Optional<LocalDate> day = call.query("date").map(text -> OrderRoutes.date("date", text));
        Optional<LocalDate> from = call.query("from").map(text -> OrderRoutes.date("from", text));
        Optional<LocalDate> to = call.query("to").map(text -> OrderRoutes.date("to", text));
        if (day.isPresent() && (from.isPresent() || to.isPresent())) {
            throw Call.invalid("date", "is one trading day; send it, or from and to");
        }
        if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
            throw Call.invalid("from", "must not be after to");
        }
        return new OrderStore.FillFilter(
                new OrderStore.Filter(
                        call.query("account_id")
                                .map(Set::of)
                                .or(() -> call.caller().accounts()),
                        Optional.empty(),
                        symbol.map(Set::of).or(() -> call.caller().symbols()),
                        call.query("strategy_id"),
                        Optional.empty(),
                        call.caller().ownOrdersOnly()
                                ? Optional.of(call.caller().name())
                                : Optional.empty()),
                day.or(() -> from),
                day.or(() -> to),
                call.query("side").map(ExecutionRoutes::side),
                call.query("order_id")
                        .map(text -> OrderId.parse(text)
                                .orElseThrow(() -> Call.invalid("order_id", "must be the order_id of an order"))));
    }

    private ExecutionPage page(List<RecordedFill> fills, int limit) {
        return new ExecutionPage(
                fills.stream()
                        .limit(limit)
                        .map(fill -> OrderAnswers.execution(
                                fill,
                                desk.settlementDay(
                                        new TradingDay(fill.terms().symbol().market(), fill.tradingDay()))))
                        .toList(),
                fills.size() > limit ? Optional.of(cursor(fills.get(limit - 1))) : Optional.empty());
    }

    private static Side side(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "BUY" -> Side.BUY;
            case "SELL" -> Side.SELL;
            case String other -> throw Call.notOneOf("side", other, List.of("BUY", "SELL"));
        };
    }

    private static String cursor(RecordedFill last) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((last.terms().accountId() + ":" + last.seq()).getBytes(StandardCharsets.UTF_8));
    }

    /** A position in an account that is not the caller's is answered like one that does not exist. */
    private static FillPosition position(Call call, String cursor) {
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw unknownCursor();
        }
        Matcher position = POSITION.matcher(text);
        if (!position.matches() || !call.caller().mayUseAccount(position.group(1))) {
            throw unknownCursor();
        }
        return new FillPosition(position.group(1), Long.parseLong(position.group(2)));
    }

    private static RefusedException unknownCursor() {
        return Call.invalid("cursor", "must be the next_cursor of an earlier answer of this gateway");
    }
}
