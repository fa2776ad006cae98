package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
        description = "Orders in doubt: UNKNOWN ones, and those whose modify or cancel is in doubt.%n"
                + "접수 여부가 불확실한 주문과 정정·취소 결과를 알 수 없는 주문을 모두 보여 줍니다.")
final class OrdersUnresolved extends GatewayCommand {
    /** Statuses of an order with a request in doubt. */
    private static final List<String> STATUSES = List.of("UNKNOWN", "MODIFY_PENDING", "CANCEL_PENDING");

    private static final Optional<String> PAGE = Optional.of("1000");

    OrdersUnresolved(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        var found = new ArrayList<Explanation>();
        for (String status : STATUSES) {
            Optional<String> cursor = Optional.empty();
            do {
                var query = new Query("/v1/orders")
                        .with("status", Optional.of(status))
                        .with("limit", PAGE)
                        .with("cursor", cursor);
                Response page = gateway.get(query.text());
                if (!(page instanceof Response.Done done)) {
                    return report(page, _ -> {});
                }
                for (JsonNode order : done.body().path("orders")) {
                    Response events = gateway.get(orderPath(Format.text(order, "order_id")) + "/events");
                    if (!(events instanceof Response.Done read)) {
                        return report(events, _ -> {});
                    }
                    if (status.equals("UNKNOWN")
                            || !UnresolvedRequest.of(order, read.body()).isEmpty()) {
                        found.add(new Explanation(order, read.body()));
                    }
                }
                cursor = Optional.of(done.body().path("next_cursor").asString(""))
                        .filter(next -> !next.isEmpty());
            } while (cursor.isPresent());
        }
        show(found);
        return Kis.DONE;
    }

    private void show(List<Explanation> found) {
        if (kis.json()) {
            var all = new JsonMapper().createArrayNode();
            found.forEach(one -> all.add(one.tree()));
            kis.process().out().println(new JsonMapper().writeValueAsString(all));
            return;
        }
        Screen screen = screen();
        if (found.isEmpty()) {
            screen.line("Nothing is in doubt.");
            return;
        }
        OrdersList.table(screen, found.stream().map(Explanation::order).toList());
        for (Explanation one : found) {
            screen.blank();
            screen.line(Format.text(one.order(), "order_id"));
            UnresolvedRequest.of(one.order(), one.events())
                    .forEach(unresolved -> OrderResolve.showUnresolved(screen, unresolved));
        }
        screen.blank();
        screen.line("Details of each, and what to check in the HTS:");
        found.forEach(one -> screen.line("  ./kis orders resolve " + Format.text(one.order(), "order_id")));
    }
}
