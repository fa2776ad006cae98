package kr.kisgateway.gateway.parent;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.order.OrderEvent;
import kr.kisgateway.api.parent.BasketDryRun;
import kr.kisgateway.api.parent.BasketProblem;
import kr.kisgateway.api.parent.ParentAccepted;
import kr.kisgateway.api.parent.ParentLeg;
import kr.kisgateway.api.parent.ParentPage;
import kr.kisgateway.api.parent.Trail;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.ErrorAnswer;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.OrderAnswers;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderRequestParser;
import kr.kisgateway.gateway.order.OrderRoutes;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.VenueSymbol;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The HTTP calls about parent orders. */
public final class ParentRoutes {
    private static final int LIMIT_MAX = 200;
    private static final int LIMIT_DEFAULT = 50;
    private static final List<String> TIMES = List.of("at", "until", "dispatch_by");

    private final ParentIntake intake;
    private final PlanParser parser;
    private final LegMarket market;
    private final InstantSource clock;
    private final JsonMapper json = new JsonMapper();

    /** @param market of each order */
    public ParentRoutes(ParentIntake intake, OrderRequestParser parser, LegMarket market, InstantSource clock) {
        this.intake = intake;
        this.parser = new PlanParser(parser);
        this.market = market;
        this.clock = clock;
    }

    /** Adds the calls. */
    public void addTo(RouteTable routes) {
        routes.post(Role.TRADE, "/v1/parents", this::create)
                .get(Role.TRADE, "/v1/parents", List.of("account_id", "status", "limit", "cursor"), this::list)
                .get(Role.TRADE, "/v1/parents/{id}", call -> call.answer(answer(find(call))))
                .get(Role.TRADE, "/v1/parents/{id}/events", this::events)
                .post(Role.TRADE, "/v1/parents/{id}/modify", this::modify)
                .post(Role.TRADE, "/v1/parents/{id}/release", this::release)
                .post(Role.TRADE, "/v1/parents/{id}/cancel", this::cancel);
    }

    private void create(Call call) {
        switch (parser.read(call.caller(), call.body(), clock.instant())) {
            case PlanParser.Planned planned -> accepted(call, key -> intake.create(call.caller(), planned, key));
            case BasketRequest basket -> {
                if (basket.dryRun()) {
                    call.answer(answer(call, intake.check(call.caller(), basket)));
                } else {
                    accepted(call, key -> intake.create(call.caller(), basket, key));
                }
            }
        }
    }

    private static void accepted(Call call, Function<String, ParentIntake.Result> request) {
        String key = OrderRoutes.key(call)
                .orElseThrow(() -> new RefusedException(Refusal.of(
                        ErrorCode.IDEMPOTENCY_KEY_REQUIRED,
                        "send an Idempotency-Key header, so that a repeated request cannot become a second order")));
        ParentIntake.Result.Done done = done(request.apply(key));
        if (done.replay()) {
            call.answerHeader("Idempotent-Replay", "true");
        }
        call.answer(new ParentAccepted(
                done.parent().id().text(),
                "ACCEPTED",
                key,
                leftOut(done.parent().plan())));
    }

    private static Optional<List<BasketProblem>> leftOut(Plan plan) {
        return Optional.of(plan.leftOut().stream().map(ParentRoutes::problem).toList())
                .filter(lines -> !lines.isEmpty());
    }

    private static BasketProblem problem(Plan.LeftOut line) {
        return new BasketProblem(line.field(), line.code(), line.message());
    }

    private static BasketDryRun answer(Call call, BasketCheck.Checked checked) {
        return new BasketDryRun(
                "DRY_RUN",
                checked.refusal().isEmpty(),
                checked.refusal().map(refusal -> ErrorAnswer.of(refusal, call.traceId())),
                checked.lines().stream().map(ParentRoutes::answer).toList());
    }

    private static BasketDryRun.Line answer(BasketCheck.CheckedLine checked) {
        Optional<Terms> requested =
                checked.line() instanceof BasketRequest.Order order ? Optional.of(order.terms()) : Optional.empty();
        return new BasketDryRun.Line(
                requested.map(terms -> terms.symbol().code()),
                requested.map(terms -> terms.side().name()),
                checked.order().map(terms -> OptionalLong.of(terms.qty())).orElseGet(OptionalLong::empty),
                requested.flatMap(terms -> amount(terms.symbol().market().currency(), checked.unitPrice())),
                checked.refusal().map(BasketCheck::leftOut).map(ParentRoutes::problem));
    }

    private static ParentIntake.Result.Done done(ParentIntake.Result result) {
        return switch (result) {
            case ParentIntake.Result.Done done -> done;
            case ParentIntake.Result.Refused(Refusal refusal) -> throw new RefusedException(refusal);
        };
    }

    private void modify(Call call) {
        Parent known = find(call);
        RequestBody body = call.body();
        Optional<KeyUse> use = OrderRoutes.key(call)
                .map(key -> ParentIntake.use(call.caller(), known, key, "modify|" + known.id() + "|" + body.json()));
        changed(
                call,
                intake.change(call.caller(), known, parent -> PlanParser.change(parent, body, clock.instant()), use));
    }

    private void release(Call call) {
        if (call.hasBody()) {
            call.body().requireOnly(Set.of());
        }
        Parent known = find(call);
        Optional<KeyUse> use =
                OrderRoutes.key(call).map(key -> ParentIntake.use(call.caller(), known, key, "release|" + known.id()));
        changed(call, intake.release(call.caller(), known, use));
    }

    private void changed(Call call, ParentIntake.Result result) {
        ParentIntake.Result.Done done = done(result);
        if (done.replay()) {
            call.answerHeader("Idempotent-Replay", "true");
        }
        call.answer(answer(done.parent()));
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

    private ParentPage page(List<Parent> parents, int limit) {
        return new ParentPage(
                parents.stream().limit(limit).map(this::answer).toList(),
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
        inSeoul(data);
        return new OrderEvent(
                entry.seq(),
                ApiValues.timeMillis(entry.at()),
                entry.type(),
                data.has("by") ? Optional.of(data.path("by").asString("")) : Optional.empty(),
                data);
    }

    /** The journal has times in UTC. */
    private static void inSeoul(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String field : TIMES) {
                if (object.has(field)) {
                    Instant at = Instant.parse(object.path(field).asString(""));
                    object.put(field, ApiJson.time(ApiValues.timeMillis(at)));
                }
            }
        }
        node.forEach(ParentRoutes::inSeoul);
    }

    private Parent find(Call call) {
        String text = call.pathParameter("id");
        return ParentId.parse(text)
                .flatMap(id -> OrderRoutes.readJournal(() -> intake.find(call.caller(), id)))
                // One that is not the caller's is answered like one that does not exist.
                .orElseThrow(() -> new RefusedException(
                        Refusal.of(ErrorCode.ORDER_NOT_FOUND, "there is no parent order \"" + text + "\"")));
    }

    private kr.kisgateway.api.parent.Parent answer(Parent parent) {
        Plan plan = parent.plan();
        return new kr.kisgateway.api.parent.Parent(
                parent.id().text(),
                plan.kind().name(),
                parent.status(),
                plan.legs().getFirst().start() instanceof Start.At(Instant at)
                        ? Optional.of(ApiValues.timeMillis(at))
                        : Optional.empty(),
                ApiValues.timeMillis(plan.until()),
                OrderAnswers.later(whole(plan), plan.isRouted()),
                parent.child().map(OrderId::text),
                IntStream.range(0, plan.legs().size())
                        .mapToObj(i -> leg(plan.legs().get(i), parent.legs().get(i), parent.isOpen()))
                        .toList(),
                leftOut(plan),
                parent.key().principal(),
                parent.cancelBy(),
                parent.reason(),
                parent.key().key(),
                ApiValues.timeMillis(parent.createdAt()),
                ApiValues.timeMillis(parent.updatedAt()));
    }

    private static Trail trail(Start.Trailing trailing) {
        Start.Distance distance = trailing.distance();
        return distance.amount() > 0
                ? new Trail(amount(priced(trailing), OptionalLong.of(distance.amount())), Optional.empty())
                : new Trail(
                        Optional.empty(),
                        Optional.of(
                                BigDecimal.valueOf(distance.basisPoints(), 2).stripTrailingZeros()));
    }

    /** The order of the plan; of slices all of them together. */
    private static Terms whole(Plan plan) {
        // The last slice has the price that was changed last.
        return plan.kind() == Plan.Kind.TWAP
                ? plan.legs()
                        .getLast()
                        .terms()
                        .withQty(plan.legs().stream()
                                .mapToLong(leg -> leg.terms().qty())
                                .sum())
                : plan.terms();
    }

    private ParentLeg leg(Leg leg, LegState state, boolean isOpen) {
        Terms terms = leg.terms();
        Currency currency = terms.symbol().market().currency();
        return new ParentLeg(
                leg.role().name(),
                status(state, isOpen),
                terms.symbol().code(),
                terms.side().name(),
                state.child().isPresent() ? state.qty() : terms.qty(),
                terms.kind().type().name(),
                amount(currency, terms.price()),
                state.child().map(OrderId::text),
                state.filled(),
                leg.start() instanceof Start.At(Instant at) ? Optional.of(ApiValues.timeMillis(at)) : Optional.empty(),
                leg.start() instanceof Start.PriceTrigger trigger
                        ? Optional.of(trigger.symbol().code())
                        : Optional.empty(),
                leg.start() instanceof Start.PriceTrigger trigger
                        ? VenueSymbol.venueOf(market.series(leg, trigger))
                        : Optional.empty(),
                switch (leg.start()) {
                    case Start.AtPrice at -> Optional.of(at.direction().name());
                    case Start.Trailing trailing ->
                        Optional.of(trailing.direction().name());
                    case Start.At _, Start.Now _, Start.AfterFill _ -> Optional.empty();
                },
                leg.start() instanceof Start.Trailing trailing ? Optional.of(trail(trailing)) : Optional.empty(),
                switch (leg.start()) {
                    case Start.AtPrice at -> amount(priced(at), OptionalLong.of(at.price()));
                    case Start.Trailing trailing ->
                        amount(
                                priced(trailing),
                                state.best().isPresent()
                                        ? OptionalLong.of(
                                                trailing.level(state.best().getAsLong()))
                                        : OptionalLong.empty());
                    case Start.At _, Start.Now _, Start.AfterFill _ -> Optional.empty();
                },
                leg.start() instanceof Start.PriceTrigger trigger
                        ? amount(priced(trigger), state.trigger().isPresent() ? state.trigger() : state.heldAt())
                        : Optional.empty(),
                leg.start() instanceof Start.AfterFill(OrderId order) ? Optional.of(order.text()) : Optional.empty(),
                state.orderEnd()
                        .map(LegState.OrderEnd::reason)
                        .filter(reason -> !reason.isEmpty())
                        .or(() -> state.unplaced().map(LegState.Unplaced::reason)));
    }

    private static Currency priced(Start.PriceTrigger trigger) {
        return trigger.symbol().market().currency();
    }

    private static Optional<BigDecimal> amount(Currency currency, OptionalLong units) {
        return units.isPresent() ? Optional.of(ApiValues.amount(currency, units.getAsLong())) : Optional.empty();
    }

    private static String status(LegState state, boolean isOpen) {
        if (state.orderEnd().isPresent()) {
            return state.orderEnd().get().status().name();
        }
        if (state.unplaced().isPresent()) {
            return state.unplaced().get().outcome().name();
        }
        if (state.child().isPresent()) {
            return "WORKING";
        }
        if (!isOpen) {
            return "NOT_PLACED";
        }
        return state.heldAt().isPresent() ? "HELD" : state.trigger().isPresent() ? "TRIGGERED" : "WAITING";
    }
}
