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
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;
import kr.kisgateway.simulation.history.Observed;
import kr.kisgateway.simulation.history.Observed.Traded;
import kr.kisgateway.simulation.history.Rounds;
import kr.kisgateway.simulation.history.Rounds.Pause;
import kr.kisgateway.simulation.history.Rounds.Verdict;
import tools.jackson.databind.JsonNode;

/** Compares what traders heard, what a gateway shows and what the broker's book says, once all of it has come to rest. */
final class Judgement {
    private static final Duration SETTLED = Duration.ofSeconds(40);
    private static final Observed.Bounds NO_BOUNDS =
            new Observed.Bounds(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    private final Traders traders;
    private final BrokerBook book;
    private final List<Pause> pauses = new ArrayList<>();
    private final Set<String> swept = new HashSet<>();
    private final Map<String, Integer> doubtSince = new HashMap<>();
    private int decided;
    private int stalls;

    Judgement(Traders traders, BrokerBook book) {
        this.traders = traders;
        this.book = book;
    }

    void suspended(Pause pause) {
        pauses.add(pause);
    }

    int suspensions() {
        return pauses.size() - stalls;
    }

    /** The broker did not answer for a while, without being suspended. */
    void stalled(Pause pause) {
        pauses.add(pause);
        stalls++;
    }

    int stalls() {
        return stalls;
    }

    /** How often an operator said that the broker does not have what is in doubt. */
    int decided() {
        return decided;
    }

    /**
     * Waits for a history without a fault.
     *
     * @param round counts for how long an order has been in doubt
     * @param patience rounds until an operator decides what is not at the broker
     */
    Verdict settled(Running gateway, int round, int patience) {
        return settled(gateway, round, patience, false);
    }

    private Verdict settled(Running gateway, int round, int patience, boolean atRest) {
        return Eventually.see(
                "a history without a fault",
                SETTLED,
                () -> {
                    var day = observe(gateway, atRest);
                    decide(gateway, day, round, patience);
                    return Rounds.judge(day, book.read().revisions(), fullyCancelled(), pauses);
                },
                verdict -> verdict.wrong().isEmpty());
    }

    /** Takes everything back, decides all doubt, and waits until not a won and not a share differs. */
    Verdict end(Running gateway, int round) {
        Eventually.see(
                "every order to have an end",
                SETTLED,
                () -> {
                    sweep(gateway, "end-" + System.nanoTime());
                    var day = observe(gateway, false);
                    decide(gateway, day, round, 0);
                    return day.shown().stream()
                            .filter(order -> !Rounds.ended(order))
                            .map(order -> order + " " + gateway.get("/v1/orders/" + order.id() + "/events"))
                            .toList();
                },
                List::isEmpty);
        return settled(gateway, round, 0, true);
    }

    /** Cancels whatever is open. */
    void sweep(Running gateway, String key) {
        var answer = gateway.client().post("/v1/orders/cancel-all", "{\"account_id\":\"A1\"}", key);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        answer.body().path("orders").forEach(o -> swept.add(o.path("order_id").asString()));
    }

    private Set<String> fullyCancelled() {
        var ids = new HashSet<>(swept);
        traders.cancels().forEach(cancel -> ids.add(cancel.orderId()));
        return ids;
    }

    private Observed observe(Running gateway, boolean atRest) {
        var there = book.read();
        var orders = orders(gateway);
        return new Observed(
                traders.calls(),
                traders.cancels(),
                traders.changes(),
                orders.stream().map(Judgement::shown).toList(),
                there.orders(),
                there.chains(),
                Set.of(),
                traders.told(),
                traders.denied(),
                List.of(),
                List.of(),
                List.of(),
                alerts(gateway),
                traded(orders),
                book.traded(),
                atRest ? Optional.of(read(gateway)) : Optional.empty(),
                NO_BOUNDS,
                List.of(),
                Observed.Deeds.none(),
                List.of(),
                false);
    }

    /**
     * Nobody can know of a request that never arrived: after a while somebody looks at the broker and says so. Not while
     * an equal order is there that could be it: that one has to be found.
     */
    private void decide(Running gateway, Observed day, int round, int patience) {
        var numbers = new HashSet<Long>();
        day.shown().forEach(order -> order.brokerNumber().ifPresent(numbers::add));
        var unowned = new HashSet<Print>();
        day.book().stream()
                .filter(booked -> !numbers.contains(booked.number()))
                .forEach(booked -> unowned.add(booked.print()));
        for (var order : day.shown()) {
            if (!List.of("UNKNOWN", "MODIFY_PENDING").contains(order.status())) continue;
            int since = doubtSince.computeIfAbsent(order.id(), id -> round);
            if (round - since < patience || unowned.contains(order.print())) continue;
            var path = "/v1/orders/" + order.id() + "/resolve";
            var key = "decided-" + round + "-" + order.id();
            if (gateway.client()
                    .post(path, "{\"decision\":\"NOT_AT_BROKER\"}", key)
                    .ok()) decided++;
        }
    }

    // ---- reading ----

    /** Every order that the gateway has. */
    static List<JsonNode> orders(Running gateway) {
        var orders = new TreeMap<String, JsonNode>();
        for (var next = "/v1/orders?limit=1000"; !next.isEmpty(); ) {
            var page = gateway.get(next);
            for (var order : page.path("orders")) {
                orders.putIfAbsent(order.path("order_id").asString(), order);
            }
            next = page.path("next_cursor").isNull()
                    ? ""
                    : "/v1/orders?limit=1000&cursor=" + page.path("next_cursor").asString();
        }
        return List.copyOf(orders.values());
    }

    private static Shown shown(JsonNode order) {
        long fills = order.path("fills")
                .valueStream()
                .mapToLong(f -> f.path("qty").longValue())
                .sum();
        assertThat(fills)
                .as("the fills of " + order)
                .isEqualTo(order.path("filled_qty").longValue());
        var numbers = order.path("kis_order_nos");
        return new Shown(
                order.path("order_id").asString(),
                order.path("idempotency_key").asString(),
                new Print(
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

    private static Traded traded(List<JsonNode> orders) {
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
        return new Traded(bought, sold, positions);
    }

    /** What the gateway says it holds; its cash must be the broker's to the won. */
    private Traded read(Running gateway) {
        var positions = new TreeMap<String, Long>();
        for (var position : gateway.get("/v1/positions?account_id=A1")) {
            long qty = position.path("qty").longValue();
            if (qty != 0) positions.put(position.path("symbol").asString(), qty);
        }
        var theirs = book.traded();
        var cash = gateway.get("/v1/balances?account_id=A1").path(0).path("cash_available");
        boolean equal = cash.longValue() == book.cash();
        return new Traded(equal ? theirs.bought() : -1, theirs.sold(), positions);
    }

    /** Every alert of all lives. */
    private static List<String> alerts(Running gateway) {
        return gateway.log().lines().filter(line -> line.contains(" level=P")).toList();
    }
}
