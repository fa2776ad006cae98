package kr.kisgateway.simulation;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kr.kisgateway.client.rest.RestRequest;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.simulation.history.DayTrace;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.ParentCall;
import kr.kisgateway.simulation.history.ParentChecks;
import kr.kisgateway.simulation.history.ParentTrace;
import kr.kisgateway.simulation.history.WireForm;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Records a day from outside the gateway: clients' calls and answers, and what was sent when. */
final class TraceRecorder {
    private static final int DOLLAR_DECIMALS = 4;
    private static final String US_ORDER = "/overseas-stock/v1/trading/order";
    private static final String US_DAY_ORDER = "/overseas-stock/v1/trading/daytime-order";
    /** Sales of US stocks, and those of the day market. */
    private static final Set<String> US_SALES = Set.of("TTTT1006U", "TTTS6037U");

    private static final JsonMapper JSON = new JsonMapper();

    private final Loop loop;
    private final Timeline timeline;
    private final JournalDisk disk;

    final Map<String, ClientCall> calls = new LinkedHashMap<>();
    /** What clients permitted the gateway, by key. */
    final Map<String, DayTrace.RepriceRule> repriceRules = new HashMap<>();

    final List<DayTrace.Cancel> cancels = new ArrayList<>();
    final List<DayTrace.ModifyCall> changes = new ArrayList<>();
    final List<DayTrace.Span> killSwitchSpans = new ArrayList<>();
    final List<DayTrace.Acknowledgement> acknowledgements = new ArrayList<>();
    final List<String> refusedAfterAcceptance = new ArrayList<>();
    final List<DayTrace.SentCall> sent = new ArrayList<>();
    final List<DayTrace.Published> published = new ArrayList<>();
    final List<String> alerts = new ArrayList<>();
    final List<DayTrace.Resolution> resolutions = new ArrayList<>();
    final Map<String, ParentCall> parentCalls = new LinkedHashMap<>();
    final List<ParentTrace.Change> parentChanges = new ArrayList<>();
    final List<ParentTrace.Cancel> parentCancels = new ArrayList<>();
    final List<ParentTrace.PriceSeen> prices = new ArrayList<>();
    final List<ParentTrace.SentExit> sentExits = new ArrayList<>();
    final List<Instant> deaths = new ArrayList<>();
    /** When each order was written to the journal. */
    final Map<String, Instant> acceptedAt = new HashMap<>();
    /** Orders that parent orders placed, or were about to. */
    private final Set<String> ofParents = new HashSet<>();
    /** When each entry about a parent order was written, by its position. */
    final Map<Long, Instant> parentTimes = new HashMap<>();

    private final Map<String, DayTrace.CancelAll> cancelAlls = new LinkedHashMap<>();
    private final Map<String, Integer> sends = new HashMap<>();
    private final Supplier<Set<Long>> resting;
    private final Supplier<Map<String, Long>> sellable;
    private final Consumer<String> triggered;
    final List<Instant> salesElsewhere = new ArrayList<>();
    private final List<Sale> sales = new ArrayList<>();

    final List<DayTrace.Span> balanceLags = new ArrayList<>();
    /** What could be sold at the broker when an order of a parent order was given up, by the position of the entry. */
    final Map<Long, Map<String, Long>> sellableAt = new HashMap<>();

    /**
     * @param resting numbers of the broker's open orders now
     * @param sellable shares that may be sold at the broker now, under {@code A1 005930}
     * @param triggered receives the id of a parent order of which a price was reached
     */
    TraceRecorder(
            Loop loop,
            Timeline timeline,
            JournalDisk disk,
            Supplier<Set<Long>> resting,
            Supplier<Map<String, Long>> sellable,
            Consumer<String> triggered) {
        this.resting = resting;
        this.sellable = sellable;
        this.triggered = triggered;
        this.loop = loop;
        this.timeline = timeline;
        this.disk = disk;
    }

    void recordCall(OrderCoreDriver.PlaceRequest request) {
        request.pricing()
                .ifPresent(policy -> repriceRules.putIfAbsent(
                        request.key(), new DayTrace.RepriceRule(policy.after(), policy.max())));
        calls.putIfAbsent(
                request.key(),
                new ClientCall(
                        request.key(),
                        request.fingerprint(),
                        request.dispatchBy(),
                        Optional.empty(),
                        false,
                        request.kind()));
    }

    /** Records a request to cancel several orders; without an answer it may affect every later order. */
    void cancelAlls(String key, Optional<String> symbol) {
        cancelAlls.putIfAbsent(key, new DayTrace.CancelAll(key, symbol, List.of(), Integer.MAX_VALUE));
    }

    /** Records its answer. */
    void recordCancelAllAnswer(String key, Set<String> orders) {
        cancelAlls.computeIfPresent(key, (k, cancelAll) -> {
            var answers = new ArrayList<>(cancelAll.answers());
            answers.add(orders);
            return new DayTrace.CancelAll(
                    k, cancelAll.symbol(), List.copyOf(answers), Math.min(cancelAll.calls(), calls.size()));
        });
        orders.forEach(order -> cancels.add(new DayTrace.Cancel(order, key, true)));
    }

    DayTrace.BulkActions bulkActions() {
        return new DayTrace.BulkActions(List.copyOf(cancelAlls.values()), List.copyOf(resolutions), true);
    }

    int cancelAlls() {
        return cancelAlls.size();
    }

    void recordResponse(String key, OrderCoreDriver.Response response) {
        switch (response) {
            case OrderCoreDriver.Response.Accepted(String order, boolean replay) -> {
                acknowledgements.add(new DayTrace.Acknowledgement(key, order, disk.isDurable("Accepted", order)));
                calls.computeIfPresent(key, (_, c) -> c.answered(Optional.of(order), false));
            }
            case OrderCoreDriver.Response.Refused refused -> {
                // While a request is being decided, its outcome is open.
                boolean undecided = refused.code().equals("IDEMPOTENCY_IN_FLIGHT");
                if (!undecided && ownerOf(key).isPresent()) {
                    refusedAfterAcceptance.add(key + " " + refused.code());
                }
                if (!undecided) {
                    calls.computeIfPresent(
                            key, (_, c) -> c.orderId().isPresent() ? c : c.answered(Optional.empty(), true));
                }
            }
            case OrderCoreDriver.Response.NoAnswer() ->
                // It may have been accepted despite an earlier attempt's answer.
                calls.computeIfPresent(key, (_, c) -> c.answered(c.orderId(), false));
            case OrderCoreDriver.Response.Done(),
                    OrderCoreDriver.Response.Batch _,
                    OrderCoreDriver.Response.CancelledAll _,
                    OrderCoreDriver.Response.Appended _ -> {
                // unresolved; the client will repeat the request
            }
        }
    }

    /** Records that entries were written, which may still be lost. */
    void written(List<JournalEntry> entries) {
        for (JournalEntry entry : entries) {
            if (entry.subject().startsWith("par_")) {
                parentTimes.put(entry.seq(), loop.now());
                child(entry).ifPresent(ofParents::add);
                if (entry.type().equals("Unplaced")) {
                    sellableAt.put(entry.seq(), sellable.get());
                } else if (entry.type().equals("Triggered")) {
                    triggered.accept(entry.subject());
                }
            } else if (entry.type().equals("Accepted")) {
                acceptedAt.put(entry.subject(), loop.now());
            }
        }
    }

    /** Records that a gateway could not act from {@code from} until now: for what waits it is as if it had died at each second. */
    void recordAbsence(Instant from) {
        for (Instant at = from; at.isBefore(loop.now()); at = at.plusSeconds(1)) {
            deaths.add(at);
        }
        deaths.add(loop.now());
    }

    private static Optional<String> child(JournalEntry entry) {
        return entry.type().equals("ChildStarted")
                ? Optional.of(JSON.readTree(entry.payload()).path("child").asString())
                : Optional.empty();
    }

    /** Records the answer to a request for a parent order. */
    void recordParentResponse(String key, OrderCoreDriver.Response response) {
        switch (response) {
            case OrderCoreDriver.Response.Accepted(String parent, boolean replay) -> {
                acknowledgements.add(new DayTrace.Acknowledgement(key, parent, disk.isDurable("Accepted", parent)));
                parentCalls.computeIfPresent(key, (_, call) -> call.answered(Optional.of(parent), false));
            }
            case OrderCoreDriver.Response.Refused refused -> {
                if (Objects.requireNonNull(parentCalls.get(key)).parentId().isPresent()) {
                    refusedAfterAcceptance.add(key + " " + refused.code());
                }
                parentCalls.computeIfPresent(
                        key, (_, call) -> call.parentId().isPresent() ? call : call.answered(Optional.empty(), true));
            }
            default -> // It may have been accepted despite an earlier attempt's answer.
                parentCalls.computeIfPresent(key, (_, call) -> call.answered(call.parentId(), false));
        }
    }

    /** Records that the first byte of {@code request} was sent, for {@code order} unless it is a query. */
    void sent(Instant clock, int life, boolean ledger, RestRequest request, Optional<String> order) {
        Optional<OrderFingerprint> placed = request.path().endsWith("/order-cash")
                ? Optional.of(fingerprint(request))
                : request.path().endsWith(US_ORDER) || request.path().endsWith(US_DAY_ORDER)
                        ? Optional.of(usFingerprint(request))
                        : Optional.empty();
        boolean durable = order.map(it -> sends.merge(it, 1, Integer::sum) <= disk.count("SendStarted", it))
                .orElse(true);
        boolean newPrice = request.body()
                .filter(body -> body.reveal().contains("\"RVSE_CNCL_DVSN_CD\":\"01\""))
                .isPresent();
        order.filter(it -> placed.isPresent() && ofParents.contains(it))
                .ifPresent(it -> sentExits.add(sentExit(it, placed.get())));
        placed.filter(it -> it.side().equals("SELL"))
                .ifPresent(it -> sales.add(new Sale(position(it), loop.now(), it.qty())));
        sent.add(new DayTrace.SentCall(
                loop.now(), clock, life, ledger, order, placed, placed.isPresent() || newPrice, durable));
        timeline.log(
                loop.now(),
                "wire",
                () -> request.method() + " " + request.path() + " "
                        + placed.map(OrderFingerprint::toString).orElse(""));
    }

    private ParentTrace.SentExit sentExit(String order, OrderFingerprint placed) {
        boolean sells = placed.side().equals("SELL");
        return new ParentTrace.SentExit(
                order,
                loop.now(),
                resting.get(),
                sells ? placed.qty() : 0,
                sells ? sellable.get().getOrDefault(position(placed), 0L) : 0,
                soldBefore(position(placed)));
    }

    private long soldBefore(String position) {
        Instant since = loop.now().minus(ParentChecks.BALANCE_LAG);
        return sales.stream()
                .filter(sale -> sale.position().equals(position) && sale.at().isAfter(since))
                .mapToLong(Sale::qty)
                .sum();
    }

    /** @param position as {@code A1 005930} */
    private record Sale(String position, Instant at, long qty) {}

    private static String position(OrderFingerprint placed) {
        return placed.account() + " " + placed.symbol();
    }

    private static OrderFingerprint fingerprint(RestRequest request) {
        JsonNode body = JSON.readTree(request.body().orElseThrow().reveal());
        return new OrderFingerprint(
                body.path("PDNO").asString(),
                request.headers().getOrDefault("tr_id", "").equals("TTTC0011U") ? "SELL" : "BUY",
                Long.parseLong(body.path("ORD_QTY").asString()),
                Long.parseLong(body.path("ORD_UNPR").asString()),
                AccountCalls.alias(body.path("CANO").asString()),
                new WireForm(
                        body.path("EXCG_ID_DVSN_CD").asString(),
                        body.path("ORD_DVSN").asString(),
                        Long.parseLong(body.path("CNDT_PRIC").asString("0"))));
    }

    private static OrderFingerprint usFingerprint(RestRequest request) {
        JsonNode body = JSON.readTree(request.body().orElseThrow().reveal());
        String exchange = body.path("OVRS_EXCG_CD").asString();
        return new OrderFingerprint(
                body.path("PDNO").asString() + "." + exchange,
                US_SALES.contains(request.headers().getOrDefault("tr_id", "")) ? "SELL" : "BUY",
                Long.parseLong(body.path("ORD_QTY").asString()),
                new BigDecimal(body.path("OVRS_ORD_UNPR").asString())
                        .movePointRight(DOLLAR_DECIMALS)
                        .longValueExact(),
                AccountCalls.alias(body.path("CANO").asString()),
                WireForm.ofUs(
                        exchange,
                        body.path("ORD_DVSN").asString(),
                        request.path().endsWith(US_DAY_ORDER)));
    }

    /** The order of a key, as far as its client has been answered. */
    Optional<String> ownerOf(String key) {
        return Optional.ofNullable(calls.get(key)).flatMap(ClientCall::orderId);
    }

    /** Whether the client of {@code key} never received an outcome. */
    boolean isUnanswered(String key) {
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
