package kr.kisgateway.gateway.parent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.order.OrderEvent;
import kr.kisgateway.api.parent.ParentAccepted;
import kr.kisgateway.api.parent.ParentPage;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.OrderAnswers;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderRequestParser;
import kr.kisgateway.gateway.order.OrderRoutes;
import kr.kisgateway.gateway.order.Terms;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The HTTP calls about parent orders. */
public final class ParentRoutes {
    private static final int LIMIT_MAX = 200;
    private static final int LIMIT_DEFAULT = 50;
    private static final Duration WAIT_DEFAULT = Duration.ofSeconds(60);

    private final ParentIntake intake;
    private final OrderRequestParser parser;
    private final InstantSource clock;
    private final JsonMapper json = new JsonMapper();

    public ParentRoutes(ParentIntake intake, OrderRequestParser parser, InstantSource clock) {
        this.intake = intake;
        this.parser = parser;
        this.clock = clock;
    }

    /** Adds the calls. */
    public void addTo(RouteTable routes) {
        routes.post(Role.TRADE, "/v1/parents", this::create)
                .get(Role.TRADE, "/v1/parents", List.of("account_id", "status", "limit", "cursor"), this::list)
                .get(Role.TRADE, "/v1/parents/{id}", call -> call.answer(answer(find(call))))
                .get(Role.TRADE, "/v1/parents/{id}/events", this::events)
                .post(Role.TRADE, "/v1/parents/{id}/modify", this::modify)
                .post(Role.TRADE, "/v1/parents/{id}/cancel", this::cancel);
    }

    private void create(Call call) {
        RequestBody body = call.body().requireOnly(Set.of("at", "until", "order"));
        Instant at = time(body, "at").orElseThrow(() -> RequestBody.missing("at"));
        Instant until = time(body, "until").orElseGet(() -> at.plus(WAIT_DEFAULT));
        RequestBody order = body.optionalObject("order").orElseThrow(() -> RequestBody.missing("order"));
        Terms terms = parser.readLater(call.caller(), order, clock.instant());
        String key = OrderRoutes.key(call)
                .orElseThrow(() -> new RefusedException(Refusal.of(
                        ErrorCode.IDEMPOTENCY_KEY_REQUIRED,
                        "send an Idempotency-Key header, so that a repeated request cannot become a second order")));
        ParentIntake.Result.Done done = done(intake.schedule(call.caller(), terms, at, until, key));
        if (done.replay()) {
            call.answerHeader("Idempotent-Replay", "true");
        }
        call.answer(new ParentAccepted(done.parent().id().text(), "ACCEPTED", key));
    }

    private static Optional<Instant> time(RequestBody body, String field) {
        return body.optionalText(field).map(text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException _) {
                throw RequestBody.invalid(field, "must be a time with offset, as 2026-11-23T08:30:00+09:00");
            }
        });
    }

    private static ParentIntake.Result.Done done(ParentIntake.Result result) {
        return switch (result) {
            case ParentIntake.Result.Done done -> done;
            case ParentIntake.Result.Refused(Refusal refusal) -> throw new RefusedException(refusal);
        };
    }

    private void modify(Call call) {
        RequestBody body = call.body().requireOnly(Set.of("qty", "price", "at", "until"));
        Parent parent = find(call);
        Terms terms = parent.schedule().terms();
        OptionalLong qty = OrderRequestParser.optionalQty(body);
        OptionalLong price =
                OrderRequestParser.optionalPrice(body, terms.symbol().market().currency());
        Optional<Instant> at = time(body, "at");
        Optional<Instant> until = time(body, "until");
        if (qty.isEmpty() && price.isEmpty() && at.isEmpty() && until.isEmpty()) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.MISSING_FIELD,
                            "Give \"qty\", \"price\", \"at\" or \"until\"; without any nothing would change.")
                    .with("field", "qty")
                    .with("fields", List.of("qty", "price", "at", "until")));
        }
        if (price.isPresent() && terms.price().isEmpty()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET,
                    "a " + terms.kind().type() + " order has no price; omit it"));
        }
        Terms changed = terms.withQty(qty.orElse(terms.qty()));
        Instant newAt = at.orElse(parent.schedule().at());
        Duration wait =
                Duration.between(parent.schedule().at(), parent.schedule().until());
        call.answer(answer(done(intake.change(
                        call.caller(),
                        parent,
                        price.isPresent() ? changed.withPrice(price) : changed,
                        newAt,
                        until.orElseGet(() -> newAt.plus(wait))))
                .parent()));
    }

    private void cancel(Call call) {
        if (call.hasBody()) {
            call.body().requireOnly(Set.of());
        }
        call.answer(answer(done(intake.cancel(call.caller(), find(call))).parent()));
    }

    private void list(Call call) {
        int limit = call.limit(LIMIT_DEFAULT, LIMIT_MAX);
        call.query("account_id").ifPresent(call.caller()::requireAccount);
        ParentStore.Filter ofCaller =
                ParentStore.Filter.of(call.caller(), call.query("status").map(ParentRoutes::open));
        ParentStore.Filter filter =
                call.query("account_id").map(ofCaller::ofAccount).orElse(ofCaller);
        Optional<ParentId> before = call.query("cursor")
                .map(text -> ParentId.parse(text)
                        .orElseThrow(() -> Call.invalid("cursor", "must be the next_cursor of an earlier answer")));
        call.answerPage(() -> page(OrderRoutes.readJournal(() -> intake.list(filter, before, limit + 1)), limit));
    }

    private static boolean open(String status) {
        return switch (status) {
            case "open" -> true;
            case "ended" -> false;
            case String other -> throw Call.notOneOf("status", other, List.of("open", "ended"));
        };
    }

    private static ParentPage page(List<Parent> parents, int limit) {
        return new ParentPage(
                parents.stream().limit(limit).map(ParentRoutes::answer).toList(),
                parents.size() > limit ? Optional.of(parents.get(limit - 1).id().text()) : Optional.empty());
    }

    private void events(Call call) {
        Parent parent = find(call);
        call.answerPage(() -> OrderRoutes.readJournal(() -> intake.events(parent)).stream()
                .map(this::event)
                .toList());
    }

    private OrderEvent event(JournalEntry entry) {
        var data = (ObjectNode) json.readTree(entry.payload());
        inSeoul(data, "at");
        inSeoul(data, "until");
        if (data.path("order") instanceof ObjectNode order) {
            inSeoul(order, "dispatch_by");
        }
        return new OrderEvent(
                entry.seq(),
                ApiValues.timeMillis(entry.at()),
                entry.type(),
                data.has("by") ? Optional.of(data.path("by").asString("")) : Optional.empty(),
                data);
    }

    /** The journal has times in UTC. */
    private static void inSeoul(ObjectNode data, String field) {
        if (data.has(field)) {
            Instant at = Instant.parse(data.path(field).asString(""));
            data.put(field, ApiJson.time(ApiValues.timeMillis(at)));
        }
    }

    private Parent find(Call call) {
        String text = call.pathParameter("id");
        return ParentId.parse(text)
                .flatMap(id -> OrderRoutes.readJournal(() -> intake.find(call.caller(), id)))
                // One that is not the caller's is answered like one that does not exist.
                .orElseThrow(() -> new RefusedException(
                        Refusal.of(ErrorCode.ORDER_NOT_FOUND, "there is no parent order \"" + text + "\"")));
    }

    private static kr.kisgateway.api.parent.Parent answer(Parent parent) {
        Schedule schedule = parent.schedule();
        return new kr.kisgateway.api.parent.Parent(
                parent.id().text(),
                "SCHEDULED",
                parent.status(),
                ApiValues.timeMillis(schedule.at()),
                ApiValues.timeMillis(schedule.until()),
                OrderAnswers.later(schedule.terms()),
                parent.child().map(OrderId::text),
                parent.key().principal(),
                parent.cancelBy(),
                parent.reason(),
                parent.key().key(),
                ApiValues.timeMillis(parent.createdAt()),
                ApiValues.timeMillis(parent.updatedAt()));
    }
}
