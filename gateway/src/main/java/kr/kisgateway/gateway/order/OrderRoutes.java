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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.order.BatchAnswer;
import kr.kisgateway.api.order.DryRunPassed;
import kr.kisgateway.api.order.OrderPage;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.SymbolRefusal;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.order.OrderEffect.Answer;

/** The HTTP calls about orders. */
public final class OrderRoutes {
    private static final int LIMIT_MAX = 1_000;
    private static final int LIMIT_DEFAULT = 100;
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,200}");

    private static final int BATCH_MAX = 100;

    /** Errors of an object that is no order at all; every other refusal is about the order it describes. */
    static final Set<ErrorCode> NOT_AN_ORDER = Set.of(ErrorCode.UNKNOWN_FIELD, ErrorCode.MISSING_FIELD);

    /** The word for every status that is not terminal. */
    private static final String OPEN = "OPEN";

    /** The old system's answer when a batch failed as a whole. */
    private static final int BATCH_FAILED_CODE = 901;

    private final OrderDesk desk;
    private final OrderRequestParser parser;
    private final InstantSource clock;
    private final OrderIntake intake;
    private final OrderEventJson events = new OrderEventJson();

    /** @param contextSource loads the facts about a requested order; may request them from the broker */
    public OrderRoutes(OrderDesk desk, OrderRequestParser parser, OrderIntake intake, InstantSource clock) {
        this.desk = desk;
        this.parser = parser;
        this.intake = intake;
        this.clock = clock;
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
                .get(Role.TRADE, "/v1/orders/{id}", this::showOrder)
                .get(Role.TRADE, "/v1/orders/{id}/state", call -> call.answer(OrderAnswers.state(find(call))))
                .get(Role.TRADE, "/v1/orders/{id}/events", this::events)
                .post(Role.TRADE, "/v1/orders/{id}/modify", this::modify)
                .post(Role.TRADE, "/v1/orders/{id}/cancel", this::cancel);
    }

    /**
     * Places the order of a call's body and answers.
     *
     * @throws RefusedException when the order is refused
     */
    public void place(Call call) {
        place(call, call.caller(), call.body(), key(call));
    }

    /**
     * Places the order of a body, or evaluates it with {@code dry_run}, and answers.
     *
     * @param caller whose order it is
     * @param body as of {@code POST /v1/orders}
     * @param key the idempotency key
     * @return whether an earlier order of that key was answered, and nothing was placed
     * @throws RefusedException when the order is refused
     */
    public boolean place(Call call, Caller caller, RequestBody body, Optional<String> key) {
        Instant now = clock.instant();
        OrderRequestParser.ParsedOrder requested = parser.read(body, now).withStrategy(caller);
        Terms terms = requested.terms();
        requireTerms(caller, terms);
        if (key.isEmpty() && !requested.dryRun()) {
            throw refused(
                    ErrorCode.IDEMPOTENCY_KEY_REQUIRED,
                    "send an Idempotency-Key header, so that a repeated request cannot become a second order");
        }
        var mode = requested.dryRun() ? OrderInput.Mode.DRY_RUN : OrderInput.Mode.PLACE;
        Answer answer = intake.evaluate(caller, intake.newId(), terms, key.orElse("dry-run"), requested.hash(), mode);
        if (answer instanceof Answer.Refused(Refusal refusal) && hasPassed(terms, now, refusal)) {
            throw OrderRequestParser.dispatchByOutOfRange();
        }
        answer(call, answer);
        return answer instanceof Answer.Accepted accepted && accepted.replay();
    }

    /**
     * Evaluates the order of a body without placing it: the refusal that placing it would return, if any.
     *
     * @throws RefusedException when the members are not those of an order, or the caller may not place it
     */
    public Optional<Refusal> check(Caller caller, RequestBody body) {
        Instant now = clock.instant();
        OrderRequestParser.ParsedOrder read;
        try {
            read = parser.read(body, now);
        } catch (RefusedException e) {
            if (NOT_AN_ORDER.contains(e.refusal().code())) {
                throw e;
            }
            return Optional.of(e.refusal());
        }
        OrderRequestParser.ParsedOrder requested = read.withStrategy(caller);
        Terms terms = requested.terms();
        requireTerms(caller, terms);
        Answer answer =
                intake.evaluate(caller, intake.newId(), terms, "check", requested.hash(), OrderInput.Mode.CHECK);
        return answer instanceof Answer.Refused(Refusal refusal)
                ? Optional.of(
                        hasPassed(terms, now, refusal)
                                ? OrderRequestParser.dispatchByOutOfRange().refusal()
                                : refusal)
                : Optional.empty();
    }

    /** Whether the refusal is about a {@code dispatch_by} that had passed before the request arrived. */
    static boolean hasPassed(Terms terms, Instant now, Refusal refusal) {
        return refusal.code() == ErrorCode.QUEUE_TIMEOUT && !terms.dispatchBy().isAfter(now);
    }

    static void requireTerms(Caller caller, Terms terms) {
        caller.requireAccount(terms.accountId());
        caller.requireSymbol(terms.symbol().code());
    }

    /**
     * Places up to {@value #BATCH_MAX} orders of one account. Each is evaluated and answered separately; all accepted ones
     * become durable together. A body that cannot be read is refused as a whole.
     *
     * @throws RefusedException when none is accepted
     */
    public void placeAll(Call call) {
        RequestBody body = call.body().requireOnly(Set.of("orders"));
        Instant now = clock.instant();
        List<RequestBody> requested = body.objects("orders", BATCH_MAX);
        List<Optional<Refusal>> unreadable = new ArrayList<>();
        List<OrderInput.Place> orders = new ArrayList<>();
        for (RequestBody item : requested) {
            try {
                OrderRequestParser.ParsedOrder requestedOrder =
                        parser.readBatchOrder(item, now).withStrategy(call.caller());
                requireTerms(call.caller(), requestedOrder.terms());
                orders.add(intake.batchInput(
                        call.caller(), requestedOrder.terms(), batchKey(item), requestedOrder.hash(), now));
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

    private static String batchKey(RequestBody item) {
        String key = item.optionalText("idempotency_key")
                .orElseThrow(() -> refused(
                        ErrorCode.IDEMPOTENCY_KEY_REQUIRED,
                        "each order of a batch needs an idempotency_key of its own"));
        if (!KEY.matcher(key).matches()) {
            throw RequestBody.invalid("idempotency_key", "must have 1 to 200 visible ASCII characters");
        }
        return key;
    }

    private static void answerBatch(Call call, List<Optional<Refusal>> unreadable, List<Answer> answers) {
        var results = new ArrayList<BatchAnswer.Result>();
        Iterator<Answer> rest = answers.iterator();
        int accepted = 0;
        for (Optional<Refusal> refusal : unreadable) {
            Answer item = refusal.<Answer>map(Answer.Refused::new).orElseGet(rest::next);
            accepted += item instanceof Answer.Accepted ? 1 : 0;
            results.add(OrderAnswers.batchResult(item));
        }
        if (accepted == 0) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.BATCH_FAILED,
                            "none of the " + unreadable.size() + " orders was accepted; details has the reason of each")
                    .with("code", BATCH_FAILED_CODE)
                    .with("orders", reasons(unreadable, answers)));
        }
        call.answer(new BatchAnswer(results, accepted, unreadable.size() - accepted));
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
        RequestBody body = call.body().requireOnly(Set.of("qty", "price", "replace"));
        Order order = find(call);
        OptionalLong qty = OrderRequestParser.optionalQty(body);
        OptionalLong price = OrderRequestParser.price(
                body, "price", order.terms().symbol().market().currency());
        if (qty.isEmpty() && price.isEmpty()) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.MISSING_FIELD,
                            "Give \"qty\" (the new total), \"price\", or both; without either nothing would change.")
                    .with("field", "qty")
                    .with("fields", List.of("qty", "price")));
        }
        boolean replace = body.optionalFlag("replace").orElse(false);
        answer(call, intake.modify(call.caller(), order, qty, price, replace, key(call)));
    }

    private void cancel(Call call) {
        if (call.hasBody()) {
            call.body().requireOnly(Set.of());
        }
        Order order = find(call);
        answer(call, intake.cancel(call.caller(), order, key(call)));
    }

    static void answer(Call call, Answer answer) {
        switch (answer) {
            case Answer.Refused refused -> throw new RefusedException(refused.refusal());
            case Answer.Accepted accepted -> {
                if (accepted.replay()) {
                    call.answerHeader("Idempotent-Replay", "true");
                }
                call.answer(OrderAnswers.accepted(accepted));
            }
            case Answer.ChecksPassed _ -> call.answer(new DryRunPassed("DRY_RUN", true));
            case Answer.CancelledAll all -> {
                if (all.replay()) {
                    call.answerHeader("Idempotent-Replay", "true");
                }
                call.answer(OrderAnswers.cancelledAll(all));
            }
            case Answer.Reconciled report -> call.answer(OrderAnswers.report(report));
            case Answer.Done _,
                    Answer.Appended _,
                    Answer.KillSwitchStatus _,
                    Answer.CashAvailable _,
                    Answer.DailyAmount _,
                    Answer.Batch _,
                    Answer.Previewed _ -> throw new IllegalStateException("answered by its own route: " + answer);
        }
    }

    private void events(Call call) {
        Order order = find(call);
        call.answerPage(() -> readJournal(() -> desk.events(order.id())).stream()
                .map(events::answer)
                .toList());
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
                call.query("date").map(text -> date("date", text)),
                call.caller().ownOrdersOnly() ? Optional.of(call.caller().name()) : Optional.empty());
        Optional<OrderId> before = call.query("cursor")
                .map(text -> OrderId.parse(text)
                        .orElseThrow(() -> Call.invalid("cursor", "must be the next_cursor of an earlier answer")));
        call.answerPage(() -> page(readJournal(() -> desk.list(filter, before, limit + 1)), limit));
    }

    private OrderPage page(List<Order> orders, int limit) {
        return new OrderPage(
                orders.stream().limit(limit).map(this::answer).toList(),
                orders.size() > limit ? Optional.of(orders.get(limit - 1).id().text()) : Optional.empty());
    }

    private void showOrder(Call call) {
        call.answer(answer(find(call)));
    }

    private kr.kisgateway.api.order.Order answer(Order order) {
        return OrderAnswers.order(order, desk.candidates(order.id()));
    }

    private Order find(Call call) {
        return find(desk, call);
    }

    static Order find(OrderDesk desk, Call call) {
        String text = call.pathParameter("id");
        Order order = OrderId.parse(text)
                .flatMap(id -> readJournal(() -> desk.find(id)))
                // An order that is not the caller's is answered like one that does not exist.
                .filter(it -> call.caller().mayUseAccount(it.terms().accountId())
                        && call.caller().mayManageOrdersOf(it.key().principal()))
                .orElseThrow(() -> refused(ErrorCode.ORDER_NOT_FOUND, "there is no order \"" + text + "\""));
        call.caller().requireSymbol(order.terms().symbol().code());
        return order;
    }

    /** Whether the order is in the scope of {@code caller}. */
    static boolean canSee(Caller caller, Order order) {
        return caller.mayUseAccount(order.terms().accountId())
                && caller.mayReadSymbol(order.terms().symbol().code())
                && caller.mayManageOrdersOf(order.key().principal());
    }

    /** The result of {@code read}; a journal that cannot be read is refused as unavailable. */
    public static <T> T readJournal(java.util.function.Supplier<T> read) {
        try {
            return read.get();
        } catch (JournalException e) {
            throw refused(ErrorCode.JOURNAL_UNAVAILABLE, "the journal cannot be read now: " + e.getMessage());
        }
    }

    /** The idempotency key of the call, if it has one. */
    public static Optional<String> key(Call call) {
        Optional<String> key = call.header("Idempotency-Key").filter(k -> !k.isBlank());
        key.filter(k -> !KEY.matcher(k).matches()).ifPresent(_ -> {
            throw Call.invalid("Idempotency-Key", "must have 1 to 200 visible ASCII characters");
        });
        return key;
    }

    /** One status or several separated by commas; {@code open} is every one that is not terminal. */
    private static Set<OrderStatus> statuses(String text) {
        Set<OrderStatus> statuses = EnumSet.noneOf(OrderStatus.class);
        for (String name : text.split(",", -1)) {
            statuses.addAll(status(name.strip().toUpperCase(Locale.ROOT)));
        }
        return statuses;
    }

    private static Set<OrderStatus> status(String name) {
        if (name.equals(OPEN)) {
            return Stream.of(OrderStatus.values())
                    .filter(it -> !it.isTerminal())
                    .collect(Collectors.toSet());
        }
        for (OrderStatus status : OrderStatus.values()) {
            if (status.publicName().equals(name) || status.name().equals(name)) {
                return Set.of(status);
            }
        }
        var names = Stream.of(OrderStatus.values()).map(OrderStatus::publicName).toList();
        throw new RefusedException(Call.invalid(
                        "status",
                        "must be open, or one or several of " + String.join(", ", names) + " with commas between them")
                .refusal()
                .suggesting(
                        name, Stream.concat(Stream.of("open"), names.stream()).toList()));
    }

    static String symbol(String text) {
        return SymbolRefusal.require(text).code();
    }

    /** The date in the parameter {@code name}. */
    public static LocalDate date(String name, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException _) {
            throw Call.invalid(name, "must be a date as 2026-11-20");
        }
    }

    private static RefusedException refused(ErrorCode code, String message) {
        return new RefusedException(Refusal.of(code, message));
    }
}
