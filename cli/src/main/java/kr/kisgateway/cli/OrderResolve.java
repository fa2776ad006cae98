package kr.kisgateway.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.order.Order;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderEvent;
import kr.kisgateway.api.order.ResolveRequest;
import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Resolve what is in doubt (operator); without a decision: explain it, and what to check in the HTS.%n"
                        + "접수 여부가 불확실한 주문을 설명하고 처리합니다 (운영자).")
final class OrderResolve extends ChangingCommand {
    @Parameters(paramLabel = "ID", description = "the order's id")
    private String id = "";

    @Option(names = "--not-at-broker", description = "I checked: the broker does not have it")
    private boolean notAtBroker;

    @Option(names = "--kis-order-no", paramLabel = "N", description = "I checked: it is the broker's order N")
    private Optional<String> number = Optional.empty();

    @Option(names = "--note", paramLabel = "TEXT", description = "stored with the decision")
    private Optional<String> note = Optional.empty();

    @Option(names = "--yes", description = "no confirmation prompt")
    private boolean yes;

    OrderResolve(Kis kis) {
        super(kis);
    }

    @Override
    Optional<String> orderId() {
        return Optional.of(id);
    }

    @Override
    Duration limit() {
        return BROKER_LIMIT;
    }

    @Override
    int run(GatewayConnection gateway) {
        requireOrder(id, "show");
        if (notAtBroker && number.isPresent()) {
            throw usageError("Use --not-at-broker or --kis-order-no, not both");
        }
        number.filter(n -> !n.matches("[0-9]{1,10}")).ifPresent(_ -> {
            throw usageError("--kis-order-no is KIS's order number, up to ten digits");
        });
        if (!notAtBroker && number.isEmpty()) {
            return explain(gateway);
        }
        if (!yes && kis.process().prompt().isEmpty()) {
            throw unconfirmed();
        }
        if (!yes && !confirm(gateway)) {
            errorScreen().line("Nothing was done.");
            return Kis.REFUSED;
        }
        String key = idempotencyKey();
        var decision = new ResolveRequest(notAtBroker ? "NOT_AT_BROKER" : "IS_ORDER", number, note);
        var response =
                gateway.change(OrderCalls.resolve(id, decision).withKey(key), GatewayConnection.Retry.IDEMPOTENT);
        return report(
                response,
                answer -> screen().line(answer.orderId() + "  " + answer.status()
                        + ": the decision is stored; ./kis orders show " + id + " shows the order's status."),
                Optional.of(key));
    }

    /** Displays the consequence of the decision; no decision about an order that cannot be read. */
    private boolean confirm(GatewayConnection gateway) {
        if (!(gateway.get(OrderCalls.order(id)) instanceof Response.Done<Order> order)
                || !(gateway.get(OrderCalls.events(id)) instanceof Response.Done<List<OrderEvent>> events)) {
            errorScreen().line("The order " + id + " cannot be read now, so no decision is possible.");
            return false;
        }
        List<UnresolvedRequest> unresolvedRequests = UnresolvedRequest.of(order.answer(), events.answer());
        Screen notes = errorScreen();
        showHeadline(notes, order.answer());
        if (unresolvedRequests.isEmpty()) {
            notes.line("Nothing of it is in doubt, so there is nothing to decide.");
            return false;
        }
        unresolvedRequests.forEach(unresolved -> showUnresolved(notes, unresolved));
        boolean isPlacing = unresolvedRequests.getFirst().isPlacing();
        notes.line(
                notAtBroker
                        ? isPlacing
                                ? "The order will end as REJECTED and may be placed again: if the broker has it"
                                        + " after all, there will be two."
                                : "The request will count as refused, and the order stays as it was."
                        : "The order continues as the broker's order " + number.orElse("") + ", with its fills.");
        return Confirmation.prompt(kis.process(), "Is that so?", "Nothing was done.");
    }

    private int explain(GatewayConnection gateway) {
        var order = gateway.get(OrderCalls.order(id));
        if (!(order instanceof Response.Done<Order> one)) {
            return report(order, _ -> {});
        }
        var events = gateway.get(OrderCalls.events(id));
        if (!(events instanceof Response.Done<List<OrderEvent>> all)) {
            return report(events, _ -> {});
        }
        if (kis.json()) {
            kis.process().out().println(ApiJson.text(Explanation.of(one.answer(), all.answer())));
        } else {
            explain(one.answer(), all.answer());
        }
        return Kis.DONE;
    }

    private void explain(Order order, List<OrderEvent> events) {
        Screen screen = screen();
        showHeadline(screen, order);
        List<UnresolvedRequest> unresolvedRequests = UnresolvedRequest.of(order, events);
        if (unresolvedRequests.isEmpty()) {
            screen.line("Nothing of it is in doubt, so there is nothing to decide.");
            return;
        }
        unresolvedRequests.forEach(unresolved -> showUnresolved(screen, unresolved));
        screen.blank();
        screen.line("What happened");
        OrderEvents.table(screen, events);
        UnresolvedRequest first = unresolvedRequests.getFirst();
        screen.blank();
        if (first.isPlacing()) {
            explainPlacing(screen, order, first);
        } else {
            explainChange(screen, first);
        }
    }

    private static void showHeadline(Screen screen, Order order) {
        screen.line(order.orderId() + " is " + order.status() + ": " + Format.terms(order) + ", account "
                + order.accountId());
    }

    static void showUnresolved(Screen screen, UnresolvedRequest unresolved) {
        screen.line("In doubt: " + unresolved.description() + " (request " + unresolved.request() + "), sent "
                + (unresolved.sentAt().isEmpty() ? "at an unknown time" : unresolved.sentAt())
                + ". " + unresolved.reason() + ".");
        screen.line("  "
                + unresolved
                        .lastFinding()
                        .map(text -> "The broker's list was read: " + text)
                        .orElse("The broker's list was not read since, or was inconclusive."));
    }

    private void explainPlacing(Screen screen, Order order, UnresolvedRequest unresolved) {
        boolean buy = order.side().equals("BUY");
        String price = order.price()
                .map(it ->
                        Format.money(order.currency(), it) + (order.currency().equals("KRW") ? "원" : ""))
                .orElse("");
        screen.line("What to check");
        screen.line("  In the HTS or the KIS app, the account's orders of the day (주문·체결 내역), for this one:");
        screen.line("    종목 " + order.symbol() + " · " + (buy ? "매수 " : "매도 ") + Format.value(order.qty())
                + "주 · "
                + (price.isEmpty() ? "시장가" : "지정가 " + price) + " · 주문시각 "
                + (unresolved.sentAt().isEmpty() ? "?" : unresolved.sentAt().substring(11)) + " or some seconds later");
        if (!unresolved.numbersBefore().isEmpty()) {
            screen.line("  Not these, which existed before: " + String.join(", ", unresolved.numbersBefore()));
        }
        List<String> candidates = order.candidates().orElse(List.of());
        if (!candidates.isEmpty()) {
            screen.line("  By the list that the gateway read, it could be: " + String.join(", ", candidates));
        }
        screen.blank();
        screen.line("Then");
        screen.line("  it is not listed yet      ./kis reconcile, and check again");
        screen.line("  it is listed, number N    ./kis orders resolve " + id + " --kis-order-no N");
        screen.line("  it is certainly missing   ./kis orders resolve " + id + " --not-at-broker");
    }

    private void explainChange(Screen screen, UnresolvedRequest unresolved) {
        String number = unresolved.target().map(t -> " " + t).orElse("");
        screen.line("What to check");
        screen.line("  In the HTS or the KIS app, the order" + number + " (원주문번호): was " + unresolved.description()
                + " (정정·취소) accepted or refused?");
        screen.blank();
        screen.line("Then");
        screen.line("  it was accepted           ./kis reconcile: the gateway finds it by the order's number");
        screen.line("  the order rests unchanged ./kis orders resolve " + id + " --not-at-broker");
    }
}
