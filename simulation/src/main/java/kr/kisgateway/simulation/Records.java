package kr.kisgateway.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.core.RestRequest;
import kr.kisgateway.simulation.history.HistoryChecker.Called;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.Observed;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is written down while a day runs, from outside the gateway: what clients called and heard, what left and when. */
final class Records {
    private static final JsonMapper JSON = new JsonMapper();

    private final Loop loop;
    private final Timeline timeline;
    private final JournalDisk disk;

    final Map<String, Called> calls = new LinkedHashMap<>();
    final List<Observed.Cancel> cancels = new ArrayList<>();
    final List<Observed.Changed> changes = new ArrayList<>();
    final List<Observed.Span> stops = new ArrayList<>();
    final List<Observed.Told> told = new ArrayList<>();
    final List<String> denied = new ArrayList<>();
    final List<Observed.Left> left = new ArrayList<>();
    final List<Observed.Published> published = new ArrayList<>();
    final List<String> alerts = new ArrayList<>();
    final List<Observed.Resolution> resolutions = new ArrayList<>();
    private final Map<String, Observed.Sweep> sweeps = new LinkedHashMap<>();
    private final Map<String, Integer> sends = new HashMap<>();

    Records(Loop loop, Timeline timeline, JournalDisk disk) {
        this.loop = loop;
        this.timeline = timeline;
        this.disk = disk;
    }

    void called(String key, Print print, Instant dispatchBy) {
        calls.putIfAbsent(key, new Called(key, print, dispatchBy, Optional.empty(), false));
    }

    /** Somebody asks for the cancel of many orders; without an answer it may reach every order that comes. */
    void sweeps(String key, Optional<String> symbol) {
        sweeps.putIfAbsent(key, new Observed.Sweep(key, symbol, List.of(), Integer.MAX_VALUE));
    }

    /** It was answered. */
    void swept(String key, Set<String> orders) {
        sweeps.computeIfPresent(key, (k, sweep) -> {
            var answers = new ArrayList<>(sweep.answers());
            answers.add(orders);
            return new Observed.Sweep(k, sweep.symbol(), List.copyOf(answers), Math.min(sweep.calls(), calls.size()));
        });
        orders.forEach(order -> cancels.add(new Observed.Cancel(order, key, true)));
    }

    Observed.Deeds deeds() {
        return new Observed.Deeds(List.copyOf(sweeps.values()), List.copyOf(resolutions), true);
    }

    int sweeps() {
        return sweeps.size();
    }

    void heard(String key, OrderPart.Heard heard) {
        switch (heard) {
            case OrderPart.Heard.Accepted(String order, boolean replay) -> {
                told.add(new Observed.Told(key, order, disk.holds("Accepted", order)));
                calls.computeIfPresent(
                        key, (k, c) -> new Called(k, c.print(), c.dispatchBy(), Optional.of(order), false));
            }
            case OrderPart.Heard.Refused refused -> {
                // That a request is being decided says nothing about what becomes of it.
                boolean unsure = refused.code().equals("IDEMPOTENCY_IN_FLIGHT");
                if (!unsure && ownerOf(key).isPresent()) {
                    denied.add(key + " " + refused.code());
                }
                if (!unsure) {
                    calls.computeIfPresent(
                            key,
                            (k, c) -> c.orderId().isPresent()
                                    ? c
                                    : new Called(k, c.print(), c.dispatchBy(), Optional.empty(), true));
                }
            }
            case OrderPart.Heard.Nothing() ->
                // It may have been taken all the same, whatever an earlier attempt was told.
                calls.computeIfPresent(key, (k, c) -> new Called(k, c.print(), c.dispatchBy(), c.orderId(), false));
            case OrderPart.Heard.Done(), OrderPart.Heard.Batch _, OrderPart.Heard.Swept _ -> {
                // Nobody knows; the client will ask again.
            }
        }
    }

    /** The first byte of {@code request} leaves, sent for {@code order} unless it is a question. */
    void left(Instant clock, int life, boolean ledger, RestRequest request, Optional<String> order) {
        Optional<Print> placed =
                request.path().endsWith("/order-cash") ? Optional.of(print(request)) : Optional.empty();
        boolean durable = order.map(it -> sends.merge(it, 1, Integer::sum) <= disk.count("SendStarted", it))
                .orElse(true);
        boolean newPrice = request.body()
                .filter(body -> body.reveal().contains("\"RVSE_CNCL_DVSN_CD\":\"01\""))
                .isPresent();
        left.add(new Observed.Left(
                loop.now(), clock, life, ledger, order, placed, placed.isPresent() || newPrice, durable));
        timeline.say(
                loop.now(),
                "wire",
                () -> request.method() + " " + request.path() + " "
                        + placed.map(Print::toString).orElse(""));
    }

    private static Print print(RestRequest request) {
        JsonNode body = JSON.readTree(request.body().orElseThrow().reveal());
        return new Print(
                body.path("PDNO").asString(),
                request.headers().getOrDefault("tr_id", "").equals("TTTC0011U") ? "SELL" : "BUY",
                Long.parseLong(body.path("ORD_QTY").asString()),
                Long.parseLong(body.path("ORD_UNPR").asString()));
    }

    /** The order that a key belongs to, as far as its client knows. */
    Optional<String> ownerOf(String key) {
        return Optional.ofNullable(calls.get(key)).flatMap(Called::orderId);
    }

    /** Whether the client of {@code key} never heard what became of it. */
    boolean unheard(String key) {
        return Optional.ofNullable(calls.get(key))
                .filter(call -> call.orderId().isEmpty() && !call.refused())
                .isPresent();
    }

    int ordersAccepted() {
        return (int) calls.values().stream()
                .filter(call -> call.orderId().isPresent())
                .count();
    }
}
