package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.simulation.history.CrashRoundChecks;
import kr.kisgateway.simulation.history.CrashRoundChecks.Pause;
import kr.kisgateway.simulation.history.CrashRoundChecks.Verdict;
import kr.kisgateway.simulation.history.DayTrace;
import kr.kisgateway.simulation.history.DayTrace.AccountTotals;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;
import tools.jackson.databind.JsonNode;

/** Compares what traders received, what a gateway shows and what the broker's book lists, once no order changes any more. */
final class ConsistencyCheck {
    private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(40);
    private static final DayTrace.Bounds NO_BOUNDS =
            new DayTrace.Bounds(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    private final Traders traders;
    private final BrokerBook book;
    private final List<Pause> pauses = new ArrayList<>();
    private final Set<String> cancelledByAll = new HashSet<>();
    private final Map<String, Integer> inDoubtSinceRound = new HashMap<>();
    private int operatorDecisions;
    private int stalls;

    ConsistencyCheck(Traders traders, BrokerBook book) {
        this.traders = traders;
        this.book = book;
    }

    void recordSuspension(Pause pause) {
        pauses.add(pause);
    }

    int suspensions() {
        return pauses.size() - stalls;
    }

    /** The broker did not answer for a while, without being suspended. */
    void recordStall(Pause pause) {
        pauses.add(pause);
        stalls++;
    }

    int stalls() {
        return stalls;
    }

    /** How often an operator resolved a request in doubt as not at the broker. */
    int operatorDecisions() {
        return operatorDecisions;
    }

    /**
     * Waits for a history without a finding.
     *
     * @param round counts for how long an order has been in doubt
     * @param roundsUntilResolved rounds until an operator resolves an order that is not at the broker
     */
    Verdict awaitConsistent(Running gateway, int round, int roundsUntilResolved) {
        return awaitConsistent(gateway, round, roundsUntilResolved, false);
    }

    private Verdict awaitConsistent(Running gateway, int round, int roundsUntilResolved, boolean atRest) {
        return Eventually.await(
                "a history without a finding",
                SETTLE_TIMEOUT,
                () -> {
                    var day = observe(gateway, atRest);
                    resolveMissing(gateway, day, round, roundsUntilResolved);
                    return CrashRoundChecks.check(day, book.read().revisions(), fullyCancelled(), pauses);
                },
                verdict -> verdict.findings().isEmpty());
    }

    /** Cancels every order, resolves every doubt, and waits until cash and shares agree to the won and the share. */
    Verdict cancelAllAndCompare(Running gateway, int round) {
        Eventually.await(
                "every order to end",
                SETTLE_TIMEOUT,
                () -> {
                    cancelAll(gateway, "end-" + System.nanoTime());
                    var day = observe(gateway, false);
                    resolveMissing(gateway, day, round, 0);
                    return day.reported().stream()
                            .filter(order -> !CrashRoundChecks.ended(order))
                            .map(order -> order + " " + gateway.get("/v1/orders/" + order.id() + "/events"))
                            .toList();
                },
                List::isEmpty);
        return awaitConsistent(gateway, round, 0, true);
    }

    /** Cancels every open order. */
    void cancelAll(Running gateway, String key) {
        var answer = gateway.client().post("/v1/orders/cancel-all", "{\"account_id\":\"A1\"}", key);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        answer.body()
                .path("orders")
                .forEach(o -> cancelledByAll.add(o.path("order_id").asString()));
    }

    private Set<String> fullyCancelled() {
        var ids = new HashSet<>(cancelledByAll);
        traders.cancels().forEach(cancel -> ids.add(cancel.orderId()));
        return ids;
    }

    private DayTrace observe(Running gateway, boolean atRest) {
        var brokerState = book.read();
        var orders = orders(gateway);
        return new DayTrace(
                traders.calls(),
                traders.cancels(),
                traders.changes(),
                orders.stream().map(ConsistencyCheck::toShown).toList(),
                brokerState.orders(),
                brokerState.chains(),
                Set.of(),
                traders.acknowledgements(),
                traders.denied(),
                List.of(),
                List.of(),
                List.of(),
                alerts(gateway),
                sumFills(orders),
                book.traded(),
                atRest ? Optional.of(reportedHoldings(gateway)) : Optional.empty(),
                NO_BOUNDS,
                List.of(),
                DayTrace.BulkActions.none(),
                List.of(),
                false);
    }

    /**
     * A request that never arrived leaves no trace: after a while an operator checks the broker and resolves it. Not while
     * the broker lists an equal unmatched order that could be it: that one has to be found.
     */
    private void resolveMissing(Running gateway, DayTrace day, int round, int roundsUntilResolved) {
        var numbers = new HashSet<Long>();
        day.reported().forEach(order -> order.brokerNumber().ifPresent(numbers::add));
        var unowned = new HashSet<OrderFingerprint>();
        day.book().stream()
                .filter(booked -> !numbers.contains(booked.number()))
                .forEach(booked -> unowned.add(booked.fingerprint()));
        for (var order : day.reported()) {
            if (!List.of("UNKNOWN", "MODIFY_PENDING").contains(order.status())) continue;
            int since = inDoubtSinceRound.computeIfAbsent(order.id(), id -> round);
            if (round - since < roundsUntilResolved || unowned.contains(order.fingerprint())) continue;
            var path = "/v1/orders/" + order.id() + "/resolve";
            var key = "decided-" + round + "-" + order.id();
            if (gateway.client()
                    .post(path, "{\"decision\":\"NOT_AT_BROKER\"}", key)
                    .ok()) operatorDecisions++;
        }
    }

    // ---- reading ----

    /** Every order of the gateway. */
    static List<JsonNode> orders(Running gateway) {
        var orders = new TreeMap<String, JsonNode>();
        for (var order : gateway.pages("/v1/orders?limit=1000", "orders")) {
            orders.putIfAbsent(order.path("order_id").asString(), order);
        }
        return List.copyOf(orders.values());
    }

    private static ReportedOrder toShown(JsonNode order) {
        long fills = order.path("fills")
                .valueStream()
                .mapToLong(f -> f.path("qty").longValue())
                .sum();
        assertThat(fills)
                .as("the fills of " + order)
                .isEqualTo(order.path("filled_qty").longValue());
        var numbers = order.path("kis_order_nos");
        return new ReportedOrder(
                order.path("order_id").asString(),
                order.path("idempotency_key").asString(),
                new OrderFingerprint(
                        order.path("symbol").asString(),
                        order.path("side").asString(),
                        order.path("qty").longValue(),
                        order.path("price").isNull() ? 0 : order.path("price").longValue()),
                order.path("status").asString(),
                order.path("filled_qty").longValue(),
                numbers.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Long.parseLong(numbers.path(0).asString())));
    }

    private static AccountTotals sumFills(List<JsonNode> orders) {
        long bought = 0;
        long sold = 0;
        var positions = new TreeMap<String, Long>();
        for (var order : orders) {
            boolean buy = order.path("side").asString().equals("BUY");
            for (var fill : order.path("fills")) {
                long qty = fill.path("qty").longValue();
                long value = fill.path("value").longValue();
                bought += buy ? value : 0;
                sold += buy ? 0 : value;
                positions.merge(order.path("symbol").asString(), buy ? qty : -qty, Long::sum);
            }
        }
        positions.values().removeIf(qty -> qty == 0);
        return new AccountTotals(bought, sold, positions);
    }

    /** The holdings that the gateway reports; its cash must equal the broker's to the won. */
    private AccountTotals reportedHoldings(Running gateway) {
        var positions = new TreeMap<String, Long>();
        for (var position : gateway.get("/v1/positions?account_id=A1")) {
            long qty = position.path("qty").longValue();
            if (qty != 0) positions.put(position.path("symbol").asString(), qty);
        }
        var brokerTotals = book.traded();
        var cash = gateway.get("/v1/balances?account_id=A1").path(0).path("deposit_in_two_days");
        boolean equal = cash.longValue() == book.cash();
        var withoutCash = new AccountTotals(-1, -1, positions);
        return equal
                ? new AccountTotals(brokerTotals.bought(), brokerTotals.sold(), withoutCash.positions())
                : withoutCash;
    }

    /** Every alert since the first start. */
    private static List<String> alerts(Running gateway) {
        return gateway.log().lines().filter(line -> line.contains(" level=P")).toList();
    }
}
