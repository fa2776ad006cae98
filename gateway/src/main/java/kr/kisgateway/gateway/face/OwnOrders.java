package kr.kisgateway.gateway.face;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderStore;
import kr.kisgateway.wire.RestCall;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists of orders as a key sees them that sees its own only: other rows are left out, and the sums are those of the rest. */
final class OwnOrders {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> ORDER_LISTS =
            Set.of("domestic_stock_inquire_daily_ccld", "domestic_stock_inquire_psbl_rvsecncl");
    private static final int PAGE = 1_000;
    /** Orders of a key that are looked up, newest first. */
    private static final int ORDERS_MAX = 20_000;

    private final OrderDesk desk;

    OwnOrders(OrderDesk desk) {
        this.desk = desk;
    }

    /** Whether the answer to a call lists orders of the account. */
    static boolean isOrderList(RestCall call) {
        return ORDER_LISTS.contains(call.id());
    }

    /** The answer without the orders of others. */
    String filter(String body, Caller caller) {
        JsonNode root = JSON.readTree(body);
        if (!(root instanceof ObjectNode answer)) {
            return body;
        }
        Set<Long> own = numbers(caller);
        rows(answer).forEach(rows -> retain(rows, own));
        Optional.of(answer.path("output2"))
                .filter(JsonNode::isObject)
                .ifPresent(sums -> sum((ObjectNode) sums, answer.path("output1")));
        return JSON.writeValueAsString(answer);
    }

    private static Stream<ArrayNode> rows(ObjectNode answer) {
        return Stream.of("output", "output1")
                .map(answer::path)
                .filter(JsonNode::isArray)
                .map(ArrayNode.class::cast);
    }

    private static void retain(ArrayNode rows, Set<Long> own) {
        for (int i = rows.size() - 1; i >= 0; i--) {
            if (!own.contains(number(rows.get(i), "odno"))) {
                rows.remove(i);
            }
        }
    }

    private static void sum(ObjectNode sums, JsonNode rows) {
        long ordered = 0;
        long filled = 0;
        long amount = 0;
        for (JsonNode row : rows) {
            ordered += number(row, "ord_qty");
            filled += number(row, "tot_ccld_qty");
            amount += number(row, "tot_ccld_amt");
        }
        sums.put("tot_ord_qty", Long.toString(ordered));
        sums.put("tot_ccld_qty", Long.toString(filled));
        sums.put("tot_ccld_amt", Long.toString(amount));
        // Costs are the account's; a part of them is not known.
        sums.put("prsm_tlex_smtl", "0");
        sums.put(
                "pchs_avg_pric",
                filled == 0
                        ? "0.0000"
                        : BigDecimal.valueOf(amount)
                                .divide(BigDecimal.valueOf(filled), 4, RoundingMode.HALF_UP)
                                .toPlainString());
    }

    private static long number(JsonNode row, String column) {
        String text = row.path(column).asString("").strip();
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /** Every number that KIS gave to the key's orders and their revisions. */
    private Set<Long> numbers(Caller caller) {
        var filter = new OrderStore.Filter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(caller.name()));
        var numbers = new HashSet<Long>();
        Optional<OrderId> before = Optional.empty();
        for (int read = 0; read < ORDERS_MAX; ) {
            List<Order> page = desk.list(filter, before, PAGE);
            page.forEach(order -> addNumbers(order, numbers));
            if (page.size() < PAGE) {
                break;
            }
            read += page.size();
            before = Optional.of(page.getLast().id());
        }
        return numbers;
    }

    private static void addNumbers(Order order, Set<Long> numbers) {
        order.brokerRefs().forEach(ref -> numbers.add(ref.odno()));
        order.requests().forEach(request -> request.odno().ifPresent(numbers::add));
    }
}
