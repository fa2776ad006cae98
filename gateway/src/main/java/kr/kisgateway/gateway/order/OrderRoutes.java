package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/** The calls about orders. */
public final class OrderRoutes {
    private static final int LIMIT_MAX = 1_000;
    private static final int LIMIT_DEFAULT = 100;
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,200}");

    /** Who asks, until access control tells callers apart. */
    private static final String PRINCIPAL = "local";

    private final OrderDesk desk;
    private final OrderRequest contract;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Function<Symbol, OptionalLong> worstPrice;
    private final BiFunction<String, Symbol, OrderInput.Position> position;
    private final OrderJson json = new OrderJson();

    /**
     * @param worstPrice the most that a market order of a symbol can cost a share, if that is known
     * @param position what an account may sell of a symbol; may ask the broker
     */
    public OrderRoutes(
            OrderDesk desk,
            OrderRequest contract,
            InstantSource clock,
            RandomGenerator random,
            Function<Symbol, OptionalLong> worstPrice,
            BiFunction<String, Symbol, OrderInput.Position> position) {
        this.desk = desk;
        this.contract = contract;
        this.clock = clock;
        this.random = random;
        this.worstPrice = worstPrice;
        this.position = position;
    }

    /** Adds the calls. */
    public void addTo(RouteTable routes) {
        routes.post("/v1/orders", this::place)
                .get("/v1/orders", this::list)
                .get("/v1/orders/{id}", call -> call.answer(json.order(find(call))))
                .get("/v1/orders/{id}/state", call -> call.answer(json.state(find(call))))
                .get("/v1/orders/{id}/events", this::events)
                .post("/v1/orders/{id}/cancel", this::cancel)
                .get("/v1/metrics/order", this::metrics);
    }

    private void place(Call call) {
        String key = key(call)
                .orElseThrow(() -> refused(
                        ErrorCode.IDEMPOTENCY_KEY_REQUIRED,
                        "send an Idempotency-Key header, so that a repeated request cannot become a second order"));
        RequestBody body = call.body();
        Instant now = clock.instant();
        Terms terms = contract.read(body, now);
        KeyUse use = new KeyUse(scope(terms.accountId()), key, OrderRequest.hash(terms, body.has("dispatch_by")));
        OptionalLong worst = terms.type() == OrderType.MARKET && terms.side() == Side.BUY
                ? worstPrice.apply(terms.symbol())
                : OptionalLong.empty();
        OrderInput.Position held = terms.side() == Side.SELL
                ? position.apply(terms.accountId(), terms.symbol())
                : new OrderInput.Position.NotNeeded();
        Answer answer = desk.place(OrderId.make(now, random), terms, use, worst, held);
        boolean passed = !terms.dispatchBy().isAfter(now);
        if (passed && answer instanceof Answer.Refused(Refusal refusal) && refusal.code() == ErrorCode.QUEUE_TIMEOUT) {
            throw OrderRequest.outside();
        }
        answer(call, answer);
    }

    private void cancel(Call call) {
        if (call.hasBody()) {
            call.body().only(java.util.Set.of());
        }
        Order order = find(call);
        answer(call, desk.cancel(order.id(), scope(order.terms().accountId()), key(call)));
    }

    private static String scope(String account) {
        return PRINCIPAL + "/" + account;
    }

    private static void answer(Call call, Answer answer) {
        switch (answer) {
            case Answer.Refused refused -> throw new RefusedException(refused.refusal());
            case Answer.Accepted accepted -> {
                if (accepted.replay()) {
                    call.answerHeader("Idempotent-Replay", "true");
                }
                call.answer(new JsonBuffer(160)
                        .beginObject()
                        .field("order_id", accepted.order().text())
                        .field("status", accepted.word())
                        .field("idempotency_key", accepted.key())
                        .endObject());
            }
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
        int limit = limit(call);
        OrderStore.Filter filter = new OrderStore.Filter(
                call.query("account_id"),
                call.query("status").map(OrderRoutes::status),
                call.query("symbol").map(OrderRoutes::symbol),
                call.query("strategy_id"),
                call.query("date").map(OrderRoutes::date));
        Optional<OrderId> before = call.query("cursor")
                .map(text -> OrderId.parse(text)
                        .orElseThrow(() -> Call.invalid("cursor", "must be the next_cursor of an earlier answer")));
        List<Order> page = reading(() -> desk.list(filter, before, limit + 1));
        JsonBuffer out = new JsonBuffer(4_096).beginObject().name("orders").beginArray();
        page.stream().limit(limit).forEach(order -> json.order(out, order));
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
                .name("reconciliation")
                .beginObject()
                .field("runs", m.runs())
                .field("checked", m.checked())
                .field("mismatched", m.corrected())
                .field("corrected", m.corrected())
                .endObject()
                .endObject());
    }

    private Order find(Call call) {
        String text = call.path("id");
        return OrderId.parse(text)
                .flatMap(id -> reading(() -> desk.find(id)))
                .orElseThrow(() -> refused(ErrorCode.ORDER_NOT_FOUND, "there is no order \"" + text + "\""));
    }

    private static <T> T reading(java.util.function.Supplier<T> read) {
        try {
            return read.get();
        } catch (JournalException e) {
            throw refused(ErrorCode.JOURNAL_UNAVAILABLE, "the journal cannot be read now: " + e.getMessage());
        }
    }

    private static Optional<String> key(Call call) {
        Optional<String> key = call.header("Idempotency-Key").filter(k -> !k.isBlank());
        key.filter(k -> !KEY.matcher(k).matches()).ifPresent(_ -> {
            throw Call.invalid("Idempotency-Key", "must have 1 to 200 visible ASCII characters");
        });
        return key;
    }

    private static OrderStatus status(String text) {
        String word = text.toUpperCase(Locale.ROOT);
        for (OrderStatus status : OrderStatus.values()) {
            if (status.outward().equals(word) || status.name().equals(word)) {
                return status;
            }
        }
        throw Call.invalid("status", "must be one of the order statuses");
    }

    private static String symbol(String text) {
        return Symbol.parse(text)
                .map(Symbol::code)
                .orElseThrow(() -> refused(ErrorCode.INVALID_SYMBOL, "\"" + text + "\" is not the form of a symbol"));
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException _) {
            throw Call.invalid("date", "must be a date as 2026-11-20");
        }
    }

    private static int limit(Call call) {
        return call.query("limit")
                .map(text -> {
                    if (!text.matches("[0-9]{1,4}")
                            || Integer.parseInt(text) < 1
                            || Integer.parseInt(text) > LIMIT_MAX) {
                        throw Call.invalid("limit", "must be a whole number from 1 to " + LIMIT_MAX);
                    }
                    return Integer.parseInt(text);
                })
                .orElse(LIMIT_DEFAULT);
    }

    private static RefusedException refused(ErrorCode code, String message) {
        return new RefusedException(Refusal.of(code, message));
    }
}
