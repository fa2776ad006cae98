package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.order.Order;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderEvent;
import kr.kisgateway.api.order.OrderPage;
import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;

@Command(
        description = "Orders in doubt: UNKNOWN ones, and those whose modify or cancel is in doubt.%n"
                + "접수 여부가 불확실한 주문과 정정·취소 결과를 알 수 없는 주문을 모두 보여 줍니다.")
final class OrdersUnresolved extends GatewayCommand {
    /** Statuses of an order with a request in doubt. */
    private static final List<String> STATUSES = List.of("UNKNOWN", "MODIFY_PENDING", "CANCEL_PENDING");

    private static final OptionalInt PAGE = OptionalInt.of(1_000);

    OrdersUnresolved(Kis kis) {
        super(kis);
    }

    @Override
    Set<String> withoutOptions() {
        return Set.of("--csv");
    }

    @Override
    int run(GatewayConnection gateway) {
        var found = new ArrayList<Explanation>();
        for (String status : STATUSES) {
            Optional<String> cursor = Optional.empty();
            do {
                var page = gateway.get(OrderCalls.orders(new OrderCalls.Query(
                        Optional.empty(),
                        Optional.of(status),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        PAGE,
                        cursor)));
                if (!(page instanceof Response.Done<OrderPage> done)) {
                    return report(page, _ -> {});
                }
                for (Order order : done.answer().orders()) {
                    var events = gateway.get(OrderCalls.events(order.orderId()));
                    if (!(events instanceof Response.Done<List<OrderEvent>> read)) {
                        return report(events, _ -> {});
                    }
                    var explanation = Explanation.of(order, read.answer());
                    if (status.equals("UNKNOWN") || !explanation.inDoubt().isEmpty()) {
                        found.add(explanation);
                    }
                }
                cursor = done.answer().nextCursor();
            } while (cursor.isPresent());
        }
        show(found);
        return Kis.DONE;
    }

    private void show(List<Explanation> found) {
        if (kis.json()) {
            kis.process().out().println(ApiJson.text(found));
            return;
        }
        Screen screen = screen();
        if (found.isEmpty()) {
            screen.line("Nothing is in doubt.");
            return;
        }
        OrdersList.table(
                screen,
                found.stream().map(Explanation::order).toList(),
                kis.process().clock().instant());
        for (Explanation one : found) {
            screen.blank();
            screen.line(one.order().orderId());
            one.inDoubt().forEach(unresolved -> OrderResolve.showUnresolved(screen, unresolved));
        }
        screen.blank();
        screen.line("Details of each, and what to check in the HTS:");
        found.forEach(one -> screen.line("  ./kis orders resolve " + one.order().orderId()));
    }
}
