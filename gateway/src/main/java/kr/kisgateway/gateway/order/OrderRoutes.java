package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.SymbolRefusal;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.order.OrderEffect.Answer;

/** The calls about orders. */
public final class OrderRoutes {
    private static final int LIMIT_MAX = 1_000;
    private static final int LIMIT_DEFAULT = 100;
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,200}");

    private static final int BATCH_MAX = 100;

    /** What is wrong with an object that is no order at all; every other refusal is about the order that it describes. */
    private static final Set<ErrorCode> NO_ORDER = Set.of(ErrorCode.UNKNOWN_FIELD, ErrorCode.MISSING_FIELD);

    /** The word that stands for every status that is not terminal. */
    private static final String OPEN = "OPEN";

    /** What the old system answered when a batch failed as a whole. */
    private static final int BATCH_FAILED_CODE = 901;

    private final OrderDesk desk;
    private final OrderRequest contract;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Surroundings around;
    private final OrderJson json = new OrderJson();

    /** @param around what is known around an order that is asked for; may ask the broker */
    public OrderRoutes(
            OrderDesk desk, OrderRequest contract, InstantSource clock, RandomGenerator random, Surroundings around) {
        this.desk = desk;
        this.contract = contract;
        this.clock = clock;
        this.random = random;
        this.around = around;
    }

    /** Adds the calls. */
    public void addTo(RouteTable routes) {
        routes.post(Role.TRADE, "/v1/orders", this::place)
                .post(Role.TRADE, "/v1/orders/batch", this::placeAll)
                .get(
                        Role.TRADE,
                        "/v1/orders",
                        List.of("account_id", "status", "symbol", "strategy_id", "date", "limit", "cursor"),
                        this::list)
                .get(Role.TRADE, "/v1/orders/{id}", this::show)
                .get(Role.TRADE, "/v1/orders/{id}/state", call -> call.answer(json.state(find(call))))
                .get(Role.TRADE, "/v1/orders/{id}/events", this::events)
                .post(Role.TRADE, "/v1/orders/{id}/modify", this::modify)
                .post(Role.TRADE, "/v1/orders/{id}/cancel", this::cancel)
                .get(Role.TRADE, "/v1/metrics/order", this::metrics);
    }

    private void place(Call call) {
        RequestBody body = call.body();
        Instant now = clock.instant();
        OrderRequest.Asked asked = contract.read(body, now).labelled(call.caller());
        Terms terms = asked.terms();
        requireTerms(call.caller(), terms);
        Optional<String> key = key(call);
        if (key.isEmpty() && !asked.dryRun()) {
            throw refused(
                    ErrorCode.IDEMPOTENCY_KEY_REQUIRED,
                    "send an Idempotency-Key header, so that a repeated request cannot become a second order");
        }
        var mode = asked.dryRun() ? OrderInput.Mode.DRY_RUN : OrderInput.Mode.PLACE;
        OrderId id = OrderId.make(now, random);
        Answer answer = around.judged(
                call.caller().name(),
                terms,
                known -> desk.place(placing(call.caller(), id, asked, key.orElse("dry-run"), known, mode)));
        if (answer instanceof Answer.Refused(Refusal refusal) && hasPassed(terms, now, refusal)) {
            throw OrderRequest.outside();
        }
        answer(call, answer);
    }

    /**
     * Evaluates the order of a body without placing it: the refusal that placing it would get, if any.
     *
     * @throws RefusedException when the members are not those of an order, or the caller may not place it
     */
    public Optional<Refusal> check(Caller caller, RequestBody body) {
        Instant now = clock.instant();
        OrderRequest.Asked read;
        try {
            read = contract.read(body, now);
        } catch (RefusedException e) {
            if (NO_ORDER.contains(e.refusal().code())) {
                throw e;
            }
            return Optional.of(e.refusal());
        }
        OrderRequest.Asked asked = read.labelled(caller);
        Terms terms = asked.terms();
        requireTerms(caller, terms);
        OrderId id = OrderId.make(now, random);
        Answer answer = around.judged(
                caller.name(),
                terms,
                known -> desk.place(placing(caller, id, asked, "check", known, OrderInput.Mode.CHECK)));
        return answer instanceof Answer.Refused(Refusal refusal)
                ? Optional.of(
                        hasPassed(terms, now, refusal) ? OrderRequest.outside().refusal() : refusal)
                : Optional.empty();
    }

    /** Whether the refusal is about a {@code dispatch_by} that had passed before the request came. */
    private static boolean hasPassed(Terms terms, Instant now, Refusal refusal) {
        return refusal.code() == ErrorCode.QUEUE_TIMEOUT && !terms.dispatchBy().isAfter(now);
    }

    private static void requireTerms(Caller caller, Terms terms) {
        caller.requireAccount(terms.accountId());
        caller.requireSymbol(terms.symbol().code());
    }

    private static OrderInput.Place placing(
            Caller caller,
            OrderId id,
            OrderRequest.Asked asked,
            String key,
            OrderInput.Surroundings known,
            OrderInput.Mode mode) {
        return new OrderInput.Place(
                0,
                id,
                asked.terms(),
                new KeyUse(scope(caller, asked.terms().accountId()), key, asked.hash()),
                known,
                Optional.empty(),
                mode);
    }

    /**
     * Up to {@value #BATCH_MAX} orders of one account. Each is judged for itself and answered for itself; all that are
     * accepted become durable together. A body that cannot be read is refused whole.
     */
    private void placeAll(Call call) {
        RequestBody body = call.body().only(Set.of("orders"));
        Instant now = clock.instant();
        List<RequestBody> asked = body.objects("orders", BATCH_MAX);
        List<Optional<Refusal>> unreadable = new ArrayList<>();
        List<OrderInput.Place> orders = new ArrayList<>();
        for (RequestBody one : asked) {
            try {
                OrderRequest.Asked wanted = contract.readOfBatch(one, now).labelled(call.caller());
                requireTerms(call.caller(), wanted.terms());
                orders.add(placing(
                        call.caller(),
                        OrderId.make(now, random),
                        wanted,
                        batchKey(one),
                        around.of(call.caller().name(), wanted.terms()),
                        OrderInput.Mode.PLACE));
                unreadable.add(Optional.empty());
            } catch (RefusedException e) {
                unreadable.add(Optional.of(e.refusal()));
            }
        }
        if (orders.stream().map(o -> o.terms().accountId()).distinct().count() > 1) {
            throw RequestBody.invalid("orders", "must all be of one account_id");
        }
        Answer answer = orders.isEmpty() ? new Answer.Batch(List.of()) : desk.placeAll(orders);
        switch (answer) {
            case Answer.Batch(List<Answer> answers) -> answerBatch(call, unreadable, answers);
            default -> answer(call, answer);
        }
    }

    private static String batchKey(RequestBody one) {
        String key = one.optionalText("idempotency_key")
                .orElseThrow(() -> refused(
                        ErrorCode.IDEMPOTENCY_KEY_REQUIRED,
                        "each order of a batch needs an idempotency_key of its own"));
        if (!KEY.matcher(key).matches()) {
            throw RequestBody.invalid("idempotency_key", "must have 1 to 200 visible ASCII characters");
        }
        return key;
    }

    private static void answerBatch(Call call, List<Optional<Refusal>> unreadable, List<Answer> answers) {
        JsonBuffer out = new JsonBuffer(4_096).beginObject().name("orders").beginArray();
        Iterator<Answer> rest = answers.iterator();
        int accepted = 0;
        for (Optional<Refusal> refusal : unreadable) {
            Answer one = refusal.<Answer>map(Answer.Refused::new).orElseGet(rest::next);
            accepted += one instanceof Answer.Accepted ? 1 : 0;
            OrderJson.ofBatch(out, one);
        }
        out.endArray()
                .field("accepted", (long) accepted)
                .field("refused", (long) unreadable.size() - accepted)
                .endObject();
        if (accepted == 0) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.BATCH_FAILED,
                            "none of the " + unreadable.size() + " orders was accepted; details say why of each")
                    .with("code", BATCH_FAILED_CODE)
                    .with("orders", reasons(unreadable, answers)));
        }
        call.answer(out);
    }

    private static List<Map<String, Object>> reasons(List<Optional<Refusal>> unreadable, List<Answer> answers) {
        List<Map<String, Object>> reasons = new ArrayList<>();
        Iterator<Answer> rest = answers.iterator();
        for (Optional<Refusal> refusal : unreadable) {
            Refusal why = refusal.orElseGet(() -> ((Answer.Refused) rest.next()).refusal());
            reasons.add(Map.of("code", why.code().name(), "message", why.message()));
        }
        return reasons;
    }

    private void modify(Call call) {
        RequestBody body = call.body().only(Set.of("qty", "price"));
        Order order = find(call);
        OptionalLong qty = body.has("qty") ? OptionalLong.of(OrderRequest.qty(body)) : OptionalLong.empty();
        OptionalLong price = OrderRequest.price(body);
        if (qty.isEmpty() && price.isEmpty()) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.MISSING_FIELD,
                            "Give \"qty\" (the new total), \"price\", or both; without either nothing would change.")
                    .with("field", "qty")
                    .with("fields", List.of("qty", "price")));
        }
        Terms wanted = order.terms().of(qty.orElse(order.terms().qty()));
        Optional<String> key = key(call);
        answer(
                call,
                around.judged(
                        call.caller().name(),
                        price.isPresent() ? wanted.at(price) : wanted,
                        known -> desk.modify(
                                order.id(),
                                qty,
                                price,
                                scope(call.caller(), order.terms().accountId()),
                                key,
                                known)));
    }

    private void cancel(Call call) {
        if (call.hasBody()) {
            call.body().only(Set.of());
        }
        Order order = find(call);
        answer(call, desk.cancel(order.id(), scope(call.caller(), order.terms().accountId()), key(call)));
    }

    static String scope(Caller caller, String account) {
        return caller.name() + "/" + account;
    }

    static void answer(Call call, Answer answer) {
        switch (answer) {
            case Answer.Refused refused -> throw new RefusedException(refused.refusal());
            case Answer.Accepted accepted -> {
                if (accepted.replay()) {
                    call.answerHeader("Idempotent-Replay", "true");
                }
                call.answer(OrderJson.accepted(accepted));
            }
            case Answer.WouldPass _ ->
                call.answer(new JsonBuffer(64)
                        .beginObject()
                        .field("status", "DRY_RUN")
                        .field("ok", true)
                        .endObject());
            case Answer.Done _ ->
                call.answer(new JsonBuffer(32).beginObject().field("ok", true).endObject());
            case Answer.CancelledAll all -> {
                if (all.replay()) {
                    call.answerHeader("Idempotent-Replay", "true");
                }
                call.answer(OrderJson.cancelledAll(all));
            }
            case Answer.Reconciled report -> call.answer(OrderJson.report(report));
            case Answer.KillSwitchIs _, Answer.Batch _ ->
                throw new IllegalStateException("answered by its own route: " + answer);
        }
    }

    private void events(Call call) {
        Order order = find(call);
        JsonBuffer out = new JsonBuffer(2_048).beginArray();
        for (JournalEntry entry : reading(() -> desk.events(order.id()))) {
            json.event(out, entry);
        }
        call.answer(out.endArray());
    }

    private void list(Call call) {
        int limit = call.limit(LIMIT_DEFAULT, LIMIT_MAX);
        call.query("account_id").ifPresent(call.caller()::requireAccount);
        Optional<String> symbol = call.query("symbol").map(OrderRoutes::symbol);
        symbol.ifPresent(call.caller()::requireSymbol);
        OrderStore.Filter filter = new OrderStore.Filter(
                call.query("account_id").map(Set::of).or(() -> call.caller().accounts()),
                call.query("status").map(OrderRoutes::statuses),
                symbol.map(Set::of).or(() -> call.caller().symbols()),
                call.query("strategy_id"),
                call.query("date").map(OrderRoutes::date),
                call.caller().own() ? Optional.of(call.caller().name()) : Optional.empty());
        Optional<OrderId> before = call.query("cursor")
                .map(text -> OrderId.parse(text)
                        .orElseThrow(() -> Call.invalid("cursor", "must be the next_cursor of an earlier answer")));
        List<Order> page = reading(() -> desk.list(filter, before, limit + 1));
        JsonBuffer out = new JsonBuffer(4_096).beginObject().name("orders").beginArray();
        page.stream().limit(limit).forEach(order -> json.order(out, order, desk.candidates(order.id())));
        out.endArray();
        if (page.size() > limit) {
            out.field("next_cursor", page.get(limit - 1).id().text());
        } else {
            out.fieldNull("next_cursor");
        }
        call.answer(out.endObject());
    }

    private void metrics(Call call) {
        OrderMetrics.Snapshot m = desk.metrics();
        call.answer(new JsonBuffer(512)
                .beginObject()
                .field("queue_depth", m.queueDepth())
                .field("accepted", m.accepted())
                .field("deduplicated", m.deduplicated())
                .field("processed", m.processed())
                .field("sent", m.sent())
                .field("rejected", m.rejected())
                .field("filled", m.filled())
                .field("retried", m.retried())
                .field("retry_exhausted", m.retryExhausted())
                .field("terminal", m.terminal())
                .field("unknown", m.unknown())
                .field("canceled", m.canceled())
                .field("modified", m.modified())
                .field("in_doubt", m.inDoubt())
                .field("resolved", m.resolved())
                .field("late_acceptances", m.lateAcceptances())
                .field("adopted", m.adopted())
                .field("alerts", m.alerts())
                .name("reconciliation")
                .beginObject()
                .field("runs", m.runs())
                .field("checked", m.checked())
                .field("mismatched", m.mismatched())
                .field("corrected", m.corrected())
                .endObject()
                .endObject());
    }

    private void show(Call call) {
        Order order = find(call);
        JsonBuffer out = new JsonBuffer(1_024);
        json.order(out, order, desk.candidates(order.id()));
        call.answer(out);
    }

    private Order find(Call call) {
        return find(desk, call);
    }

    static Order find(OrderDesk desk, Call call) {
        String text = call.path("id");
        Order order = OrderId.parse(text)
                .flatMap(id -> reading(() -> desk.find(id)))
                // Nothing is answered about an order that is not the caller's, not even that there is one.
                .filter(it -> call.caller().mayUse(it.terms().accountId())
                        && call.caller().mayManageOrdersOf(it.key().principal()))
                .orElseThrow(() -> refused(ErrorCode.ORDER_NOT_FOUND, "there is no order \"" + text + "\""));
        call.caller().requireSymbol(order.terms().symbol().code());
        return order;
    }

    /** Whether {@code caller}'s scope has the order in it. */
    static boolean sees(Caller caller, Order order) {
        return caller.mayUse(order.terms().accountId())
                && caller.maySee(order.terms().symbol().code())
                && caller.mayManageOrdersOf(order.key().principal());
    }

    private static <T> T reading(java.util.function.Supplier<T> read) {
        try {
            return read.get();
        } catch (JournalException e) {
            throw refused(ErrorCode.JOURNAL_UNAVAILABLE, "the journal cannot be read now: " + e.getMessage());
        }
    }

    static Optional<String> key(Call call) {
        Optional<String> key = call.header("Idempotency-Key").filter(k -> !k.isBlank());
        key.filter(k -> !KEY.matcher(k).matches()).ifPresent(_ -> {
            throw Call.invalid("Idempotency-Key", "must have 1 to 200 visible ASCII characters");
        });
        return key;
    }

    /** One status or several with commas between them; {@code open} is every one that is not terminal. */
    private static Set<OrderStatus> statuses(String text) {
        Set<OrderStatus> statuses = EnumSet.noneOf(OrderStatus.class);
        for (String word : text.split(",", -1)) {
            statuses.addAll(status(word.strip().toUpperCase(Locale.ROOT)));
        }
        return statuses;
    }

    private static Set<OrderStatus> status(String word) {
        if (word.equals(OPEN)) {
            return Stream.of(OrderStatus.values()).filter(it -> !it.terminal()).collect(Collectors.toSet());
        }
        for (OrderStatus status : OrderStatus.values()) {
            if (status.outward().equals(word) || status.name().equals(word)) {
                return Set.of(status);
            }
        }
        throw Call.invalid(
                "status",
                "must be open, or one or several of "
                        + Stream.of(OrderStatus.values())
                                .map(OrderStatus::outward)
                                .collect(Collectors.joining(", ")) + " with commas between them");
    }

    private static String symbol(String text) {
        return SymbolRefusal.requireKorean(text, "Orders").code();
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException _) {
            throw Call.invalid("date", "must be a date as 2026-11-20");
        }
    }

    private static RefusedException refused(ErrorCode code, String message) {
        return new RefusedException(Refusal.of(code, message));
    }
}
