package kr.kisgateway.gateway.face;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.order.BrokerNumbers;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderStore;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.RestCall;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists of orders as a key sees them that sees its own only: other rows are left out, and the sums are those of the rest. */
final class OwnOrders {
    private static final JsonMapper JSON = new JsonMapper();
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneId.of("Asia/Seoul"));
    private static final String DAILY_LIST = "domestic_stock_inquire_daily_ccld";
    /** The lists of orders that the gateway places: rows of other lists are never the key's. */
    private static final Set<String> LISTS = Set.of(
            DAILY_LIST,
            "domestic_stock_inquire_psbl_rvsecncl",
            "overseas_stock_inquire_ccnl",
            "overseas_stock_inquire_nccs");

    private static final int PAGE = 1_000;
    /** Orders of a key that are looked up, newest first. */
    private static final int ORDERS_MAX = 20_000;

    private final OrderDesk desk;
    private final InstantSource clock;

    OwnOrders(OrderDesk desk, InstantSource clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /** Whether the answer to a call lists orders of the account. */
    static boolean isOrderList(RestCall call) {
        return call.isLedger()
                && call.method().equals("GET")
                && call.outputs().stream()
                        .flatMap(block -> block.columns().stream())
                        .anyMatch(column -> column.name().equalsIgnoreCase("odno"));
    }

    /** The answer without the orders that the caller may not see. */
    String filter(RestCall call, String body, Caller caller) {
        JsonNode root = JSON.readTree(body);
        if (!(root instanceof ObjectNode answer)) {
            return body;
        }
        // The gateway places no orders of other kinds, so none of theirs is the key's.
        Predicate<JsonNode> visible = LISTS.contains(call.id()) ? visible(caller) : row -> false;
        rows(answer).forEach(rows -> retain(rows, visible));
        Optional.of(answer.path("output2"))
                .filter(sums -> sums.isObject() && call.id().equals(DAILY_LIST))
                .ifPresent(sums -> sum((ObjectNode) sums, answer.path("output1")));
        return JSON.writeValueAsString(answer);
    }

    private Predicate<JsonNode> visible(Caller caller) {
        Predicate<JsonNode> permitted = row -> caller.mayReadSymbol(code(row));
        if (!caller.ownOrdersOnly()) {
            return permitted;
        }
        List<Order> own = orders(Optional.empty(), Optional.of(caller.name()));
        var numbers = new HashSet<String>();
        own.forEach(order -> addNumbers(order, numbers));
        own.stream().filter(order -> !order.status().isTerminal()).forEach(order -> addUndated(order, numbers));
        List<Order> inDoubt = own.stream()
                .filter(order ->
                        order.placing().odno().isEmpty() && !order.status().isTerminal())
                .toList();
        Set<String> others = others(caller, inDoubt);
        return permitted.and(row -> numbers.contains(number(row))
                || !others.contains(number(row)) && inDoubt.stream().anyMatch(order -> matches(order, row)));
    }

    /** Whether KIS's row may be an order whose answer is missing. */
    private boolean matches(Order order, JsonNode row) {
        Terms terms = order.terms();
        return day(row).compareTo(DAY.format(order.createdAt())) >= 0
                && row.path("pdno").asString("").equals(terms.symbol().code())
                && amount(row, "ord_qty") == terms.qty()
                && amount(row, "ord_unpr") == terms.price().orElse(0)
                && row.path("sll_buy_dvsn_cd").asString("").equals(terms.side() == Side.SELL ? "01" : "02");
    }

    /** The symbol of a row as the gateway writes it: a US row names its exchange beside the ticker. */
    private static String code(JsonNode row) {
        String pdno = row.path("pdno").asString("");
        return Stream.of(UsExchange.values())
                .filter(exchange ->
                        exchange.name().equals(row.path("ovrs_excg_cd").asString("")))
                .flatMap(exchange -> UsSymbol.of(exchange, pdno).stream())
                .map(UsSymbol::code)
                .findFirst()
                .orElse(pdno);
    }

    private static Stream<ArrayNode> rows(ObjectNode answer) {
        return Stream.of("output", "output1")
                .map(answer::path)
                .filter(JsonNode::isArray)
                .map(ArrayNode.class::cast);
    }

    private static void retain(ArrayNode rows, Predicate<JsonNode> visible) {
        for (int i = rows.size() - 1; i >= 0; i--) {
            if (!visible.test(rows.get(i))) {
                rows.remove(i);
            }
        }
    }

    private static void sum(ObjectNode sums, JsonNode rows) {
        long ordered = 0;
        long filled = 0;
        long amount = 0;
        for (JsonNode row : rows) {
            ordered += amount(row, "ord_qty");
            filled += amount(row, "tot_ccld_qty");
            amount += amount(row, "tot_ccld_amt");
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

    private static long amount(JsonNode row, String column) {
        String text = row.path(column).asString("").strip();
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /** Day in Korea and number of a row: KIS's numbers start again each day. A list without days is today's. */
    private String number(JsonNode row) {
        if (row.has("ovrs_excg_cd") && !row.has("dmst_ord_dt")) {
            return undated(code(row), amount(row, "odno"));
        }
        return day(row) + " " + amount(row, "odno");
    }

    private String day(JsonNode row) {
        JsonNode day = row.has("dmst_ord_dt") ? row.path("dmst_ord_dt") : row.path("ord_dt");
        return day.asString(DAY.format(clock.instant()));
    }

    /** The orders of some symbols or of a key, newest first. */
    private List<Order> orders(Optional<Set<String>> symbols, Optional<String> principal) {
        var filter = new OrderStore.Filter(
                Optional.empty(), Optional.empty(), symbols, Optional.empty(), Optional.empty(), principal);
        var orders = new ArrayList<Order>();
        Optional<OrderId> before = Optional.empty();
        while (orders.size() < ORDERS_MAX) {
            List<Order> page = desk.list(filter, before, PAGE);
            orders.addAll(page);
            if (page.size() < PAGE) {
                break;
            }
            before = Optional.of(page.getLast().id());
        }
        return orders;
    }

    /** Numbers of other keys' orders, open or ended, that may look like one of those in doubt. */
    private Set<String> others(Caller caller, List<Order> inDoubt) {
        if (inDoubt.isEmpty()) {
            return Set.of();
        }
        Set<String> symbols =
                inDoubt.stream().map(order -> order.terms().symbol().code()).collect(Collectors.toSet());
        var numbers = new HashSet<String>();
        Stream.concat(desk.open().stream(), orders(Optional.of(symbols), Optional.empty()).stream())
                .filter(order -> !caller.name().equals(order.key().principal()))
                .forEach(order -> addNumbers(order, numbers));
        return numbers;
    }

    /** Every number that KIS gave to an order and its revisions. */
    private static void addNumbers(Order order, Set<String> numbers) {
        order.brokerRefs().forEach(ref -> numbers.add(number(order, ref.odno())));
        order.requests().forEach(request -> request.odno().ifPresent(odno -> numbers.add(number(order, odno))));
    }

    /** The numbers of an open order as a list has them that names New York's day alone. */
    private static void addUndated(Order order, Set<String> numbers) {
        if (order.terms().symbol() instanceof UsSymbol symbol) {
            order.brokerRefs().forEach(ref -> numbers.add(undated(symbol.code(), BrokerNumbers.plain(ref.odno()))));
        }
    }

    private static String undated(String code, long odno) {
        return code + " " + odno;
    }

    private static String number(Order order, long odno) {
        return DateTimeFormatter.BASIC_ISO_DATE.format(BrokerNumbers.date(odno).orElseGet(order::tradingDay)) + " "
                + BrokerNumbers.plain(odno);
    }
}
