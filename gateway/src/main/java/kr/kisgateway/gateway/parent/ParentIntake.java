package kr.kisgateway.gateway.parent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderIntake;
import kr.kisgateway.gateway.order.OrderPreviewRoutes;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.parent.ParentEffect.Answer;
import kr.kisgateway.gateway.risk.RiskFacts;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;

/**
 * The one way in for parent orders of every port. What would be refused whenever it is placed is refused at once; what today's
 * prices, cash or shares would refuse is checked when the order is placed.
 */
public final class ParentIntake {
    /** How far ahead an order may be scheduled. */
    public static final Duration AHEAD_MAX = Duration.ofDays(31);

    /** Between the time of an order and the time past which it is not placed. */
    static final Duration WAIT_MAX = Duration.ofHours(12);

    /** The same when the request names no end. */
    static final Duration WAIT_DEFAULT = Duration.ofSeconds(60);

    private static final Set<ErrorCode> MAY_PASS = Set.of(
            ErrorCode.OUT_OF_TRADING_WINDOW,
            ErrorCode.PRICE_OUT_OF_LIMITS,
            ErrorCode.PRICE_COLLAR,
            ErrorCode.INSUFFICIENT_CASH,
            ErrorCode.INSUFFICIENT_POSITION_QTY,
            ErrorCode.POSITION_LIMIT_EXCEEDED,
            ErrorCode.DAILY_LIMIT_EXCEEDED,
            ErrorCode.SELF_CROSS);

    private final ParentDesk desk;
    private final OrderDesk orders;
    private final OrderIntake intake;
    private final BasketCheck baskets;
    private final Function<MarketSymbol, OptionalLong> lastPrices;
    private final Predicate<MarketSymbol> isListed;
    private final InstantSource clock;

    /**
     * @param accounts figures of the account of an order
     * @param lastPrices last price of a symbol, empty when it is unknown
     * @param isListed whether prices of a symbol can be had
     */
    public ParentIntake(
            ParentDesk desk,
            OrderDesk orders,
            OrderIntake intake,
            OrderIntake.AccountSource accounts,
            Function<MarketSymbol, OptionalLong> lastPrices,
            Predicate<MarketSymbol> isListed,
            InstantSource clock) {
        this.desk = desk;
        this.orders = orders;
        this.intake = intake;
        this.baskets = new BasketCheck(intake, accounts, lastPrices);
        this.lastPrices = lastPrices;
        this.isListed = isListed;
        this.clock = clock;
    }

    /** What became of a request: a parent order, or a refusal. */
    public sealed interface Result {
        /** @param replay whether an earlier use of the key is answered */
        record Done(Parent parent, boolean replay) implements Result {}

        record Refused(Refusal refusal) implements Result {}
    }

    /**
     * Schedules an order and waits until that is durable or refused.
     *
     * @param key idempotency key of the caller
     */
    public Result schedule(Caller caller, Terms terms, Instant at, Instant until, String key) {
        if (!at.isBefore(until)) {
            return new Result.Refused(invalid("until", "must be after at"));
        }
        Plan plan = Plan.scheduled(terms, at, until);
        return create(caller, new PlanParser.Planned(plan, canonical(plan)), key);
    }

    /**
     * Creates a parent order and waits until it is durable or refused.
     *
     * @param key idempotency key of the caller
     */
    Result create(Caller caller, PlanParser.Planned requested, String key) {
        Plan plan = requested.plan();
        var use = new KeyUse(
                OrderIntake.scope(caller, plan.terms().accountId()), key, KeyUse.hashOf(requested.canonical()));
        // A repeated request is answered as the first one was, also after its time.
        if (desk.find(use.name()).isEmpty()) {
            Optional<Refusal> refusal = refusal(caller, plan);
            if (refusal.isPresent()) {
                return new Result.Refused(refusal.get());
            }
        }
        return result(desk.submit(plan, use));
    }

    /** What scheduling an order would be refused for now; nothing is scheduled. */
    public OrderPreviewRoutes.Schedule check(Caller caller, Terms terms, Instant at, Optional<Instant> until) {
        Instant end = until.orElseGet(() -> at.plus(WAIT_DEFAULT));
        return new OrderPreviewRoutes.Schedule(
                at,
                end,
                at.isBefore(end)
                        ? refusal(caller, terms.withDispatchBy(end), at, end)
                        : Optional.of(invalid("until", "must be after at")));
    }

    /**
     * Creates a parent order of a basket and waits until it is durable or refused.
     *
     * @param key idempotency key of the caller
     */
    Result create(Caller caller, BasketRequest basket, String key) {
        var use = new KeyUse(OrderIntake.scope(caller, basket.accountId()), key, KeyUse.hashOf(basket.canonical()));
        // A repeated request is answered as the first one was, whatever its lines would buy now.
        Optional<Parent> prior = desk.find(use.name());
        if (prior.isPresent()) {
            return result(desk.submit(prior.get().plan(), use));
        }
        BasketCheck.Checked checked = check(caller, basket);
        return checked.refusal()
                .<Result>map(Result.Refused::new)
                .orElseGet(() -> result(desk.submit(checked.plan(), use)));
    }

    /** What creating a parent order of a basket would come to; nothing is created. */
    BasketCheck.Checked check(Caller caller, BasketRequest basket) {
        BasketCheck.Checked checked = baskets.check(caller, basket);
        return checked.refusal().isPresent()
                ? checked
                : new BasketCheck.Checked(checked.lines(), refusalOfTimes(checked.plan()));
    }

    /** Changes an order that waits to be placed. */
    public Result change(Caller caller, Parent parent, Terms terms, Instant at, Instant until) {
        if (!at.isBefore(until)) {
            return new Result.Refused(invalid("until", "must be after at"));
        }
        return change(caller, parent, Plan.scheduled(terms, at, until));
    }

    /** Changes what waits of a parent order. */
    Result change(Caller caller, Parent parent, Plan plan) {
        Optional<Refusal> refusal = parent.isWaiting() || plan.kind() != Plan.Kind.SCHEDULED
                ? refusal(caller, plan)
                : Optional.empty(); // the desk knows why not
        return refusal.<Result>map(Result.Refused::new)
                .orElseGet(() -> result(desk.modify(parent.id(), parent.plan(), plan)));
    }

    /** Places an order that is held. */
    Result release(Caller caller, Parent parent) {
        return result(desk.release(parent.id(), caller.name()));
    }

    /** Ends a parent order: its order is not placed, or is cancelled. */
    public Result cancel(Caller caller, Parent parent) {
        return result(desk.cancel(parent.id(), caller.name()));
    }

    private Result result(Answer answer) {
        return switch (answer) {
            case Answer.Accepted(ParentId id, boolean replay) ->
                new Result.Done(desk.find(id).orElseThrow(), replay);
            case Answer.Refused(Refusal refusal) -> new Result.Refused(refusal);
        };
    }

    /** The parent order, if {@code caller} may see it. */
    public Optional<Parent> find(Caller caller, ParentId id) {
        return desk.find(id).filter(parent -> mayManage(caller, parent));
    }

    /** The parent order with this number, if {@code caller} may see it. */
    public Optional<Parent> find(Caller caller, long number) {
        return desk.find(number).filter(parent -> mayManage(caller, parent));
    }

    private static boolean mayManage(Caller caller, Parent parent) {
        return caller.mayUseAccount(parent.plan().terms().accountId())
                && parent.plan().symbols().stream().allMatch(caller::mayReadSymbol)
                && caller.mayManageOrdersOf(parent.key().principal());
    }

    /** Parent orders that pass the filter, newest first. */
    public List<Parent> list(ParentStore.Filter filter, Optional<ParentId> before, int limit) {
        return desk.list(filter, before, limit);
    }

    /** The events of a parent order, oldest first. */
    List<JournalEntry> events(Parent parent) {
        return desk.events(parent.id());
    }

    private Optional<Refusal> refusal(Caller caller, Plan plan) {
        return plan.kind() == Plan.Kind.SCHEDULED
                ? refusal(caller, plan.terms(), plan.at(), plan.until())
                : refusalOfTimes(plan)
                        .or(() -> refusalOfStarts(caller, plan))
                        .or(() -> refusalOfExits(plan))
                        .or(() -> refusalOfOrders(caller, plan));
    }

    private Optional<Refusal> refusal(Caller caller, Terms terms, Instant at, Instant until) {
        Instant now = clock.instant();
        if (!at.isAfter(now)) {
            return Optional.of(invalid("at", "must be in the future"));
        }
        if (at.isAfter(now.plus(AHEAD_MAX))) {
            return Optional.of(invalid("at", "must lie in the next " + AHEAD_MAX.toDays() + " days"));
        }
        if (until.isAfter(at.plus(WAIT_MAX))) {
            return Optional.of(invalid("until", "must be after at, by " + WAIT_MAX.toHours() + " hours at most"));
        }
        RiskFacts.TradingWindow window = orders.window(terms, at);
        if (!window.isOpen()) {
            return Optional.of(Refusal.of(
                            ErrorCode.OUT_OF_TRADING_WINDOW,
                            "at " + ApiJson.time(ApiValues.timeMillis(at))
                                    + " the market does not accept this order; its session then is " + window.session())
                    .with("session", window.session())
                    .with("market", terms.symbol().market().id()));
        }
        return refusalOfOrder(caller, terms);
    }

    private Optional<Refusal> refusalOfOrder(Caller caller, Terms terms) {
        return intake.check(caller, terms)
                .filter(refusal -> !refusal.code().retryable() && !MAY_PASS.contains(refusal.code()));
    }

    private Optional<Refusal> refusalOfTimes(Plan plan) {
        Instant now = clock.instant();
        if (!plan.until().isAfter(now)) {
            return Optional.of(invalid("until", "must be in the future"));
        }
        if (plan.until().isAfter(now.plus(AHEAD_MAX))) {
            return Optional.of(invalid("until", "must lie in the next " + AHEAD_MAX.toDays() + " days"));
        }
        boolean isLate =
                plan.kind() == Plan.Kind.TWAP && !plan.legs().getFirst().until().isAfter(now);
        return isLate
                ? Optional.of(invalid("at", "is too early, or until: the time of the first slices has passed"))
                : Optional.empty();
    }

    /** What is waited for must be known to the caller, and must not have happened already. */
    private Optional<Refusal> refusalOfStarts(Caller caller, Plan plan) {
        return plan.legs().stream()
                .flatMap(leg -> switch (leg.start()) {
                    case Start.AfterFill(OrderId order) -> refusalOfAwaited(caller, order).stream();
                    case Start.AtPrice at ->
                        refusalOfPrice(caller, at, leg.role() == Leg.Role.STOP ? "stop" : "price").stream();
                    case Start.Trailing trailing -> refusalOfTrail(trailing).stream();
                    case Start.At _, Start.Now _ -> Stream.<Refusal>empty();
                })
                .findFirst();
    }

    private Optional<Refusal> refusalOfAwaited(Caller caller, OrderId id) {
        Optional<Order> order = orders.find(id)
                .filter(it -> caller.mayManageOrdersOf(it.key().principal())
                        && caller.mayUseAccount(it.terms().accountId())
                        && caller.mayReadSymbol(it.terms().symbol().code()));
        if (order.isEmpty()) {
            return Optional.of(Refusal.of(ErrorCode.ORDER_NOT_FOUND, "there is no order \"" + id + "\" to wait for"));
        }
        return order.filter(it -> it.status().isTerminal())
                .map(it -> Refusal.of(
                        ErrorCode.ORDER_ALREADY_TERMINAL, "order " + id + " ended " + it.status() + " already"));
    }

    private Optional<Refusal> refusalOfPrice(Caller caller, Start.AtPrice start, String field) {
        if (!caller.mayReadSymbol(start.symbol().code()) || !isListed.test(start.symbol())) {
            return Optional.of(Refusal.of(
                    ErrorCode.SYMBOL_NOT_FOUND,
                    "there is no symbol " + start.symbol().code() + " to watch"));
        }
        OptionalLong last = lastPrices.apply(start.symbol());
        return last.isPresent() && start.direction().reaches(last.getAsLong(), start.price())
                ? Optional.of(invalid(
                        field,
                        "is reached already: the last price of "
                                + start.symbol().code() + " is "
                                + ApiValues.amount(start.symbol().market().currency(), last.getAsLong())
                                        .toPlainString()))
                : Optional.empty();
    }

    /** A stop that is as far below the price as the price is high is none. */
    private Optional<Refusal> refusalOfTrail(Start.Trailing trailing) {
        OptionalLong last = lastPrices.apply(trailing.symbol());
        return trailing.side() == Side.SELL
                        && last.isPresent()
                        && trailing.distance().units(last.getAsLong()) >= last.getAsLong()
                ? Optional.of(invalid(
                        "amount",
                        "must be less than the price, which is "
                                + ApiValues.amount(trailing.symbol().market().currency(), last.getAsLong())
                                        .toPlainString()))
                : Optional.empty();
    }

    /** An exit with a profit is beyond the price of the entry, and the stop on the other side. */
    private static Optional<Refusal> refusalOfExits(Plan plan) {
        OptionalInt stop = plan.leg(Leg.Role.STOP);
        if (stop.isEmpty()) {
            return Optional.empty();
        }
        if (plan.legs().stream().anyMatch(leg -> leg.terms().credit().isPresent())) {
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_CREDIT, "orders on credit have no stop or take-profit; place them one by one"));
        }
        if (!(plan.legs().get(stop.getAsInt()).start() instanceof Start.AtPrice at)) {
            return Optional.empty();
        }
        boolean closesBySale = at.direction() == Start.Direction.AT_OR_BELOW;
        return plan.legs().stream()
                .filter(leg ->
                        leg.role() != Leg.Role.STOP && leg.terms().price().isPresent())
                .filter(leg -> at.direction().reaches(leg.terms().price().getAsLong(), at.price()))
                .findFirst()
                .map(leg -> invalid(
                        "stop",
                        "must be " + (closesBySale ? "below" : "above") + " the price of the "
                                + (leg.role() == Leg.Role.ENTRY ? "entry" : "take-profit")))
                .or(() -> refusalOfTakeProfit(plan, closesBySale));
    }

    private static Optional<Refusal> refusalOfTakeProfit(Plan plan, boolean closesBySale) {
        OptionalInt entry = plan.leg(Leg.Role.ENTRY);
        OptionalInt exit = plan.leg(Leg.Role.TAKE_PROFIT);
        if (entry.isEmpty() || exit.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong bought = plan.legs().get(entry.getAsInt()).terms().price();
        long sold = plan.legs().get(exit.getAsInt()).terms().price().orElseThrow();
        boolean isProfit = bought.isEmpty() || (closesBySale ? sold > bought.getAsLong() : sold < bought.getAsLong());
        return isProfit
                ? Optional.empty()
                : Optional.of(invalid(
                        "take_profit", "must be " + (closesBySale ? "above" : "below") + " the price of the entry"));
    }

    private Optional<Refusal> refusalOfOrders(Caller caller, Plan plan) {
        Instant soon = clock.instant().plus(WAIT_MAX);
        return plan.legs().stream()
                .map(leg -> leg.terms().withDispatchBy(soon))
                .distinct()
                .flatMap(terms -> refusalOfOrder(caller, terms).stream())
                .findFirst();
    }

    private static Refusal invalid(String field, String what) {
        return Refusal.of(ErrorCode.INVALID_FIELD, "The field \"" + field + "\" " + what + ".")
                .with("field", field);
    }

    /** A schedule as a text that is the same whenever it is repeated. */
    static String canonical(Plan plan) {
        Terms terms = plan.terms();
        return String.join(
                "|",
                shared(terms),
                plan.at().toString(),
                plan.until().toString(),
                terms.strategyId().orElse(""));
    }

    /** Terms as such a text. */
    static String canonical(Terms terms) {
        String strategy = terms.strategyId().orElse("");
        return String.join("|", shared(terms), Integer.toString(strategy.length()), strategy);
    }

    private static String shared(Terms terms) {
        return String.join(
                "|",
                terms.accountId(),
                terms.symbol().code(),
                terms.side().name(),
                Long.toString(terms.qty()),
                terms.kind().toString(),
                terms.price().toString(),
                terms.stopPrice().toString(),
                terms.venue().name(),
                terms.credit().map(Credit::canonical).toString());
    }
}
