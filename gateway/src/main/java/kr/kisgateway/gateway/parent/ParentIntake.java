package kr.kisgateway.gateway.parent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
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
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;

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

    /** Sessions after which KRX accepts no order of the regular session that day. */
    private static final Set<OrderSession> WITHOUT_EXITS = Set.of(OrderSession.AFTER_HOURS, OrderSession.AFTER_MARKET);

    /** A change that an order of the parent order overtook is made again, for what waits then. */
    private static final int CHANGE_ATTEMPTS = 3;

    /** Ends the canonical form of an order whose venue the gateway chooses. */
    static final String ROUTED = "|AUTO";

    private final ParentDesk desk;
    private final OrderDesk orders;
    private final OrderIntake intake;
    private final BasketCheck baskets;
    private final LegMarket market;
    private final Function<MarketSymbol, OptionalLong> lastPrices;
    private final Predicate<MarketSymbol> isListed;
    private final InstantSource clock;

    /**
     * @param accounts figures of the account of an order
     * @param market of each order
     * @param lastPrices last price of a symbol, or of a stock at a venue, empty when it is unknown
     * @param isListed whether prices of a symbol can be had
     */
    public ParentIntake(
            ParentDesk desk,
            OrderDesk orders,
            OrderIntake intake,
            OrderIntake.AccountSource accounts,
            LegMarket market,
            Function<MarketSymbol, OptionalLong> lastPrices,
            Predicate<MarketSymbol> isListed,
            InstantSource clock) {
        this.desk = desk;
        this.orders = orders;
        this.intake = intake;
        this.baskets = new BasketCheck(intake, accounts, lastPrices);
        this.market = market;
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
        return change(
                caller,
                parent,
                it -> Change.to(
                        Plan.scheduled(terms, at, until).routed(it.plan().isRouted())),
                Optional.empty());
    }

    /**
     * Changes a parent order.
     *
     * @param change of the parent order as it is; applied again when an order of it was placed meanwhile
     * @param key of the request, if it has one
     */
    Result change(Caller caller, Parent known, Function<Parent, Change> change, Optional<KeyUse> key) {
        Optional<Result> prior = prior(known, key);
        if (prior.isPresent()) {
            return prior.get();
        }
        Parent parent = known;
        Change wanted = wanted(parent, change);
        Result result = changeOnce(caller, parent, wanted, key);
        for (int i = 1; i < CHANGE_ATTEMPTS && isOvertaken(result); i++) {
            parent = desk.find(parent.id()).orElseThrow();
            Change now = wanted(parent, change);
            if (now.equals(wanted)) {
                break;
            }
            wanted = now;
            result = changeOnce(caller, parent, wanted, key);
        }
        return orPrior(known, key, result);
    }

    private static Change wanted(Parent parent, Function<Parent, Change> change) {
        return parent.isOpen() ? change.apply(parent) : Change.to(parent.plan()); // the desk refuses that
    }

    private static boolean isOvertaken(Result result) {
        return result instanceof Result.Refused(Refusal refusal) && refusal.code() == ErrorCode.INVALID_TRANSITION;
    }

    private Result changeOnce(Caller caller, Parent parent, Change change, Optional<KeyUse> key) {
        Plan plan = change.plan();
        boolean isChecked = parent.isOpen() && (parent.isWaiting() || plan.kind() != Plan.Kind.SCHEDULED);
        Optional<Refusal> refusal = isChecked
                ? refusalOfChange(caller, parent, plan).or(() -> refusalOfKey(caller, parent, plan))
                : Optional.empty(); // the desk knows why not
        return refusal.<Result>map(Result.Refused::new)
                .orElseGet(() -> result(desk.modify(parent.id(), parent.plan(), change, key)));
    }

    /** Places an order that is held. */
    Result release(Caller caller, Parent parent, Optional<KeyUse> key) {
        return prior(parent, key)
                .orElseGet(() -> orPrior(parent, key, result(desk.release(parent.id(), caller.name(), key))));
    }

    /**
     * The use of a key by a request about a parent order.
     *
     * @param request in a form that is the same whenever it is repeated
     */
    static KeyUse use(Caller caller, Parent parent, String key, String request) {
        return new KeyUse(OrderIntake.scope(caller, parent.plan().terms().accountId()), key, KeyUse.hashOf(request));
    }

    /** The answer to a request that was made before, also after the parent order has ended. */
    private Optional<Result> prior(Parent parent, Optional<KeyUse> key) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        Optional<Parent> creation =
                desk.find(key.get().name()).filter(it -> !it.id().equals(parent.id()));
        return creation.isPresent()
                ? Optional.of(new Result.Refused(Refusal.of(
                                ErrorCode.IDEMPOTENCY_KEY_BODY_MISMATCH,
                                "this key created another parent order; nothing was done, use a new key")
                        .with("parent_id", creation.get().id().text())))
                : ParentCore.repeated(parent, key).map(this::result);
    }

    /** A refusal may be that of the same request which was made at the same time, and has ended the parent order since. */
    private Result orPrior(Parent known, Optional<KeyUse> key, Result result) {
        return result instanceof Result.Refused && key.isPresent()
                ? desk.find(known.id())
                        .flatMap(parent -> parent.changeOf(key.get().name()))
                        .filter(use -> use.hash().equals(key.get().hash()))
                        .<Result>map(_ -> new Result.Done(desk.find(known.id()).orElseThrow(), true))
                        .orElse(result)
                : result;
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
                ? refusal(
                        caller,
                        plan.isRouted() ? orders.onVenueThatAccepts(plan.terms(), plan.at()) : plan.terms(),
                        plan.at(),
                        plan.until())
                : refusalOfTimes(plan)
                        .or(() -> refusalOfLateSlices(plan))
                        .or(() -> refusalOfEntry(plan))
                        .or(() -> refusalOfStarts(caller, plan.legs()))
                        .or(() -> refusalOfExits(plan, _ -> true))
                        .or(() -> refusalOfOrders(caller, plan.legs()));
    }

    /** Only what changes is checked, and what is still to be placed. */
    private Optional<Refusal> refusalOfChange(Caller caller, Parent parent, Plan plan) {
        if (plan.kind() == Plan.Kind.SCHEDULED) {
            return refusal(caller, plan);
        }
        List<Leg> restarted = changed(parent, plan, Leg::start);
        List<Leg> waiting = waiting(parent, plan, Leg::equalsButForStart);
        return refusalOfTimes(plan)
                .or(() -> refusalOfStarts(caller, restarted))
                .or(() -> changed(parent, plan, leg -> leg).isEmpty()
                        ? Optional.empty()
                        : refusalOfExits(plan, i -> !parent.legs().get(i).isEnded()))
                .or(() -> refusalOfSizes(parent, plan))
                .or(() -> refusalOfOrders(caller, waiting));
    }

    /** The legs that are still to be placed, without those that are the same as before. */
    private static List<Leg> waiting(Parent parent, Plan plan, BiPredicate<Leg, Leg> isSame) {
        return IntStream.range(0, plan.legs().size())
                .filter(i -> parent.legs().get(i).isWaiting()
                        && !isSame.test(plan.legs().get(i), parent.plan().legs().get(i)))
                .mapToObj(plan.legs()::get)
                .toList();
    }

    /** The orders are placed as those of the key that created it; another key's parent order is no way around one's own limits. */
    private Optional<Refusal> refusalOfKey(Caller caller, Parent parent, Plan plan) {
        if (caller.name().equals(parent.key().principal())) {
            return Optional.empty();
        }
        List<Terms> changed = waiting(parent, plan, ParentIntake::isSameOrder).stream()
                .map(Leg::terms)
                .toList();
        return changed.stream()
                .flatMap(terms -> intake.checkKeyLimits(caller, terms).stream())
                .findFirst()
                .or(() -> together(changed)
                        .flatMap(terms -> intake.checkKeySums(caller, terms).stream())
                        .findFirst());
    }

    /** Whether only the time of an order is another. */
    private static boolean isSameOrder(Leg leg, Leg before) {
        return leg.terms().withDispatchBy(Instant.EPOCH).equals(before.terms().withDispatchBy(Instant.EPOCH));
    }

    /** One order for those of a symbol and side, at the price of the first: slices have one price, and a bracket one entry. */
    private static Stream<Terms> together(List<Terms> orders) {
        Map<List<Object>, Terms> sums = new LinkedHashMap<>();
        for (Terms terms : orders) {
            sums.merge(
                    List.of(terms.symbol(), terms.side()), terms, (sum, more) -> sum.withQty(sum.qty() + more.qty()));
        }
        return sums.values().stream();
    }

    /** The legs of which something is another than before. */
    private static List<Leg> changed(Parent parent, Plan plan, Function<Leg, Object> something) {
        return IntStream.range(0, plan.legs().size())
                .filter(i -> !something
                        .apply(plan.legs().get(i))
                        .equals(something.apply(parent.plan().legs().get(i))))
                .mapToObj(plan.legs()::get)
                .toList();
    }

    /** KIS makes an order smaller, down to what it has filled, and never larger. */
    private Optional<Refusal> refusalOfSizes(Parent parent, Plan plan) {
        return IntStream.range(0, plan.legs().size())
                .filter(i -> parent.legs().get(i).isWorking()
                        && plan.legs().get(i).terms().qty()
                                != parent.plan().legs().get(i).terms().qty())
                .boxed()
                .flatMap(i -> orders
                        .find(parent.legs().get(i).child().orElseThrow())
                        .flatMap(order ->
                                refusalOfSize(order, parent.legs().get(i).qty(), parent.sharesOf(plan, i), plan, i))
                        .stream())
                .findFirst();
    }

    /** @param shares that the order is to have */
    private static Optional<Refusal> refusalOfSize(Order order, long now, long shares, Plan plan, int leg) {
        if (shares > order.filled() && shares < now) {
            return Optional.empty();
        }
        long others = plan.legs().get(leg).terms().qty() - shares;
        long least = others + order.filled() + 1;
        long most = others + now - 1;
        return Optional.of(Refusal.of(
                        ErrorCode.INVALID_QTY,
                        "KIS makes an order at the exchange smaller and not larger, and of " + order.id() + " "
                                + order.filled() + " of " + now + " shares are filled: "
                                + (least > most
                                        ? "it can only be cancelled"
                                        : "qty may be " + least + " to " + most + " while it is open"))
                .with("least", least)
                .with("most", most));
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
                .filter(refusal -> !refusal.code().retryable() && !ParentCore.MAY_PASS.contains(refusal.code()));
    }

    private Optional<Refusal> refusalOfTimes(Plan plan) {
        Instant now = clock.instant();
        if (!plan.until().isAfter(now)) {
            return Optional.of(invalid("until", "must be in the future"));
        }
        if (plan.until().isAfter(now.plus(AHEAD_MAX))) {
            return Optional.of(invalid("until", "must lie in the next " + AHEAD_MAX.toDays() + " days"));
        }
        return Optional.empty();
    }

    private Optional<Refusal> refusalOfLateSlices(Plan plan) {
        boolean isLate =
                plan.kind() == Plan.Kind.TWAP && !plan.legs().getFirst().until().isAfter(clock.instant());
        return isLate
                ? Optional.of(invalid("at", "is too early, or until: the time of the first slices has passed"))
                : Optional.empty();
    }

    /** What is waited for must be known to the caller, and must not have happened already. */
    private Optional<Refusal> refusalOfStarts(Caller caller, List<Leg> legs) {
        return legs.stream()
                .flatMap(leg -> switch (leg.start()) {
                    case Start.AfterFill(OrderId order) -> refusalOfAwaited(caller, order).stream();
                    case Start.AtPrice at ->
                        refusalOfPrice(
                                caller,
                                at,
                                lastPrices.apply(market.series(leg, at)),
                                leg.role() == Leg.Role.STOP ? "stop" : "price")
                                .stream();
                    case Start.Trailing trailing ->
                        refusalOfTrail(trailing, lastPrices.apply(market.series(leg, trailing))).stream();
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

    private Optional<Refusal> refusalOfPrice(Caller caller, Start.AtPrice start, OptionalLong last, String field) {
        if (!caller.mayReadSymbol(start.symbol().code()) || !isListed.test(start.symbol())) {
            return Optional.of(Refusal.of(
                    ErrorCode.SYMBOL_NOT_FOUND,
                    "there is no symbol " + start.symbol().code() + " to watch"));
        }
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
    private static Optional<Refusal> refusalOfTrail(Start.Trailing trailing, OptionalLong last) {
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

    /**
     * Exits are orders of the regular session: an entry that is filled where or when that does not accept them would open a position
     * which nothing can close.
     */
    private Optional<Refusal> refusalOfEntry(Plan plan) {
        OptionalInt entry = plan.leg(Leg.Role.ENTRY);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        Leg opening = plan.legs().get(entry.getAsInt());
        OrderSession session = opening.terms().kind().session();
        if (WITHOUT_EXITS.contains(session)) {
            return Optional.of(Refusal.of(
                            ErrorCode.INVALID_ORDER_TYPE,
                            "the exits of a bracket are orders of the session REGULAR, which KRX does not accept when an entry of the"
                                    + " session " + session
                                    + " is filled: place the entry in the session REGULAR, which venue"
                                    + " NXT has until 20:00 (its stop has a limit_price), or as an order of its own, and an OCO in"
                                    + " the morning")
                    .with("session", session.name()));
        }
        Instant now = clock.instant();
        return plan.legs().stream()
                .filter(leg -> leg.role().isExit() && market.accepts(opening, now) && !market.accepts(leg, now))
                .findFirst()
                .map(exit -> invalid(
                        exit.role() == Leg.Role.STOP ? "stop" : "take_profit",
                        "cannot be placed now, while the entry can: "
                                + exit.terms().venue() + " does not accept its "
                                + exit.terms().kind().type() + " order at this hour"
                                + (exit.terms().isMarket() ? "; give the stop a limit_price" : "")));
    }

    /**
     * An exit with a profit is beyond the price of the entry, and the stop on the other side.
     *
     * @param isOpen whether a leg has not ended: once the entry has, a stop may secure what it gained
     */
    private static Optional<Refusal> refusalOfExits(Plan plan, IntPredicate isOpen) {
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
        return IntStream.range(0, plan.legs().size())
                .filter(isOpen)
                .mapToObj(plan.legs()::get)
                .filter(leg ->
                        leg.role() != Leg.Role.STOP && leg.terms().price().isPresent())
                .filter(leg -> at.direction().reaches(leg.terms().price().getAsLong(), at.price()))
                .findFirst()
                .map(leg -> invalid(
                        "stop",
                        "must be " + (closesBySale ? "below" : "above") + " the price of the "
                                + (leg.role() == Leg.Role.ENTRY ? "entry" : "take-profit")))
                .or(() -> refusalOfTakeProfit(plan, isOpen, closesBySale));
    }

    private static Optional<Refusal> refusalOfTakeProfit(Plan plan, IntPredicate isOpen, boolean closesBySale) {
        OptionalInt entry = plan.leg(Leg.Role.ENTRY);
        OptionalInt exit = plan.leg(Leg.Role.TAKE_PROFIT);
        if (entry.isEmpty() || exit.isEmpty() || !isOpen.test(entry.getAsInt())) {
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

    private Optional<Refusal> refusalOfOrders(Caller caller, List<Leg> legs) {
        Instant soon = clock.instant().plus(WAIT_MAX);
        return legs.stream()
                .map(leg -> Leg.of(Leg.Role.ORDER, leg.terms(), new Start.Now(), soon)
                        .routed(leg.routed()))
                .distinct()
                .flatMap(leg -> refusalOfLeg(caller, leg).stream())
                .findFirst();
    }

    /** An order whose venue is chosen later is good if it is good on one of them. */
    private Optional<Refusal> refusalOfLeg(Caller caller, Leg leg) {
        Optional<Refusal> refusal = refusalOfOrder(caller, leg.terms());
        return refusal.isPresent()
                        && leg.routed()
                        && refusalOfOrder(caller, leg.terms().withVenue(Venue.NXT))
                                .isEmpty()
                ? Optional.empty()
                : refusal;
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
                        terms.strategyId().orElse(""))
                + (plan.isRouted() ? ROUTED : "");
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
