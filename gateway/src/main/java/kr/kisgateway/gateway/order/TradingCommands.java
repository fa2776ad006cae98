package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Shares;
import kr.kisgateway.gateway.order.Broker.Lane;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.risk.DailyAmountLeft;
import kr.kisgateway.gateway.risk.RiskFacts;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.gateway.risk.RiskScope;
import kr.kisgateway.gateway.risk.RiskUsage;

/** Decides what is placed and modified: what buys or sells shares, and what limits, readiness and the queue refuse. */
final class TradingCommands {
    private final OrderSettings settings;
    private final RiskRules risk;
    private final OrderHours hours;
    private final OrderRegistry registry;
    private final DecisionContext context;
    private final IdempotencyKeys keys;
    private final DailyOrdersSchedule schedule;
    private final OperatorCommands operatorCommands;
    private final OrderExposure exposure;
    private final Queued queued;
    private final BiConsumer<Instant, OrderId> timers;

    /** Send times of the placings of the last second; read and pruned at intake. */
    /** By app key, whose budget they used. */
    private final Map<String, Deque<Instant>> recentSends = new HashMap<>();

    /** Accounts with a dry run that passed. */
    private final Set<CheckedAccount> dryRuns = new HashSet<>();

    /** An alias with the account that it named then: of another account behind it nothing was checked. */
    private record CheckedAccount(String alias, Optional<AccountFingerprint> fingerprint) {}

    /** Counts queued orders of a lane that take a slot before one with these terms. */
    interface Queued {
        int count(Lane lane, Terms terms);
    }

    /** @param timers set when an order has to be looked at again */
    TradingCommands(
            OrderSettings settings,
            RiskRules risk,
            OrderHours hours,
            OrderRegistry registry,
            DecisionContext context,
            IdempotencyKeys keys,
            DailyOrdersSchedule schedule,
            OperatorCommands operatorCommands,
            OrderExposure exposure,
            Queued queued,
            BiConsumer<Instant, OrderId> timers) {
        this.settings = settings;
        this.risk = risk;
        this.hours = hours;
        this.registry = registry;
        this.context = context;
        this.keys = keys;
        this.schedule = schedule;
        this.operatorCommands = operatorCommands;
        this.exposure = exposure;
        this.queued = queued;
        this.timers = timers;
    }

    /** Restores a dry run of the journal. */
    void restore(ControlEvent.DryRunPassed passed) {
        dryRuns.add(new CheckedAccount(passed.account(), passed.fingerprint()));
    }

    /** A dry run that was recorded without an account was one of the first account recorded for its alias. */
    void assign(ControlEvent.AliasAssigned assigned) {
        if (dryRuns.remove(new CheckedAccount(assigned.account(), Optional.empty()))) {
            dryRuns.add(new CheckedAccount(assigned.account(), Optional.of(assigned.fingerprint())));
        }
    }

    private CheckedAccount configured(String alias) {
        return new CheckedAccount(
                alias, Optional.ofNullable(settings.fingerprints().get(alias)));
    }

    /** Counts a placing that is being sent. */
    void countSend(String account) {
        recentSends
                .computeIfAbsent(settings.appKey(account), _ -> new ArrayDeque<>())
                .addLast(context.now());
    }

    /** Places an order, or checks it. */
    Answer place(OrderInput.Place place) {
        Optional<Answer> byKey = place.mode() == OrderInput.Mode.PLACE
                ? keys.findAnswer(place.key(), KeyUse.Kind.PLACE, place.prior(), Optional.empty())
                : keys.refuseReserved(place.key(), Optional.empty());
        if (byKey.isPresent()) {
            return byKey.get();
        }
        Terms terms = place.terms();
        // A parent order outlives the settings of the day on which it was made.
        if (!settings.accounts().containsKey(terms.accountId())) {
            return DecisionContext.refusal(
                    ErrorCode.ACCOUNT_NOT_FOUND, "There is no account \"" + terms.accountId() + "\".");
        }
        RiskScope scope = scope(terms, place.key().principal());
        if (place.mode() == OrderInput.Mode.KEY_LIMITS || place.mode() == OrderInput.Mode.KEY_SUMS) {
            return checkKey(terms, scope, place.orderContext(), place.mode());
        }
        Optional<Refusal> refusal = refusal(terms, scope, place.orderContext(), place.mode());
        if (place.mode() == OrderInput.Mode.PREVIEW) {
            return preview(terms, scope, place.orderContext(), refusal);
        }
        if (refusal.isPresent()) {
            return new Answer.Refused(refusal.get());
        }
        if (place.mode() != OrderInput.Mode.PLACE) {
            if (place.mode() == OrderInput.Mode.DRY_RUN && dryRuns.add(configured(terms.accountId()))) {
                context.record(new ControlEvent.DryRunPassed(
                        terms.accountId(),
                        scope.day().date(),
                        configured(terms.accountId()).fingerprint()));
            }
            return new Answer.ChecksPassed();
        }
        accept(place.order(), terms, place.key(), scope, place.orderContext());
        return new Answer.Accepted(place.order(), KeyUse.Kind.PLACE, place.key().key(), false);
    }

    private Answer checkKey(Terms terms, RiskScope scope, OrderInput.OrderContext orderContext, OrderInput.Mode mode) {
        RiskFacts facts = riskFacts(scope, newOrder(terms, orderContext, false), terms, orderContext);
        Optional<Refusal> refusal = mode == OrderInput.Mode.KEY_SUMS
                ? risk.checkKeySums(facts, exposure.all(), operatorCommands.policy())
                : risk.checkKeyLimits(facts, exposure.all(), operatorCommands.policy());
        return refusal.<Answer>map(Answer.Refused::new).orElseGet(Answer.ChecksPassed::new);
    }

    private RiskScope scope(Terms terms, String principal) {
        return new RiskScope(
                terms.accountId(), hours.today(terms.symbol(), context.now()), principal, terms.strategyId());
    }

    private void accept(OrderId id, Terms terms, KeyUse key, RiskScope scope, OrderInput.OrderContext orderContext) {
        exposure.recordAccepted(scope, context.now());
        context.record(new OrderEvent.Accepted(id, terms, key, scope.day().date(), orderContext.worstPrice()));
        timers.accept(terms.dispatchBy(), id);
        timers.accept(hours.endOf(terms, scope.day().date()), id);
    }

    /** What the day's buys may still cost. */
    Optional<DailyAmountLeft> dailyAmountLeft(OrderInput.QueryDailyAmount query) {
        var scope = new RiskScope(
                query.account(), hours.today(query.symbol(), context.now()), query.principal(), query.strategy());
        return operatorCommands
                .policy()
                .dailyAmountLeft(scope, query.symbol().market().currency(), exposure.all());
    }

    private Answer preview(
            Terms terms, RiskScope scope, OrderInput.OrderContext orderContext, Optional<Refusal> refusal) {
        RiskFacts facts = riskFacts(scope, newOrder(terms, orderContext, false), terms, orderContext);
        return new Answer.Previewed(
                refusal,
                RiskUsage.of(facts, exposure.all(), operatorCommands.policy()),
                facts.window(),
                scope.day(),
                hours.definedEndOf(terms, scope.day().date()));
    }

    private static RiskFacts.RequestedOrder newOrder(
            Terms terms, OrderInput.OrderContext orderContext, boolean dryRun) {
        return new RiskFacts.RequestedOrder(
                terms.symbol(),
                terms.side(),
                terms.qty(),
                0,
                terms.kind(),
                terms.venue(),
                terms.price(),
                terms.stopPrice(),
                orderContext.worstPrice(),
                Optional.empty(),
                dryRun,
                terms.credit());
    }

    /** Why an order cannot be placed now. */
    private Optional<Refusal> refusal(
            Terms terms, RiskScope scope, OrderInput.OrderContext orderContext, OrderInput.Mode mode) {
        boolean dryRun = mode == OrderInput.Mode.DRY_RUN || mode == OrderInput.Mode.CHECK;
        RiskFacts.RequestedOrder requested = newOrder(terms, orderContext, dryRun);
        Optional<Refusal> refusal = hours.form()
                .refusal(terms.side(), terms.kind(), terms.venue(), scope.day().date())
                .or(() -> terms.credit().flatMap(_ -> hours.form().creditRefusal()))
                .or(() -> evaluateRisk(scope, requested, terms, orderContext));
        // A dry run checks the order, not the current state.
        return mode == OrderInput.Mode.DRY_RUN
                ? refusal
                : preferNotReady(refusal, terms, orderContext).or(() -> queueRefusal(terms));
    }

    /** Places the order that replaces one whose end is proven, if that still is to be done. */
    Answer placeReplacement(Order original, OrderInput.OrderContext orderContext) {
        Optional<Replacement> pending = original.replacement().filter(Replacement::isPending);
        Terms terms = pending.map(it -> it.terms(original)).orElseGet(original::terms);
        if (pending.isEmpty() || !original.isEndProven() || terms.qty() < 1) {
            return new Answer.Done(); // abandoned meanwhile, or a share was filled after all: what ends it is recorded
        }
        KeyUse owner = pending.get().owner(original);
        var key = new KeyUse(owner.scope(), Replacement.keyOf(original.id()), Replacement.keyOf(original.id()));
        RiskScope scope = scope(terms, owner.principal());
        exposure.release(original, context.now());
        Optional<Refusal> refusal = refusal(terms, scope, orderContext, OrderInput.Mode.PLACE);
        if (refusal.isPresent()) {
            return new Answer.Refused(refusal.get());
        }
        accept(pending.get().successor(), terms, key, scope, orderContext);
        context.record(new OrderEvent.ReplaceEnded(
                original.id(),
                Replacement.Outcome.PLACED,
                "replaced by " + pending.get().successor(),
                Optional.empty()));
        return new Answer.Accepted(pending.get().successor(), KeyUse.Kind.PLACE, key.key(), false);
    }

    private Optional<Refusal> evaluateRisk(
            RiskScope scope, RiskFacts.RequestedOrder requested, Terms terms, OrderInput.OrderContext orderContext) {
        return risk.check(riskFacts(scope, requested, terms, orderContext), exposure.all(), operatorCommands.policy());
    }

    private RiskFacts riskFacts(
            RiskScope scope, RiskFacts.RequestedOrder requested, Terms terms, OrderInput.OrderContext orderContext) {
        return new RiskFacts(
                scope,
                requested,
                hours.window(terms, context.now()),
                context.now(),
                orderContext.market(),
                orderContext.account(),
                new RiskFacts.Control(operatorCommands.killReason(), dryRuns.contains(configured(scope.account()))),
                orderContext.creditPower());
    }

    /** Prefers "not ready": a risk refusal for unknown facts is less informative while the broker is unreachable. */
    private Optional<Refusal> preferNotReady(
            Optional<Refusal> riskRefusal, Terms terms, OrderInput.OrderContext orderContext) {
        boolean unknown = riskRefusal
                .map(Refusal::code)
                .filter(code -> code == ErrorCode.POSITION_PROVIDER_UNAVAILABLE || code == ErrorCode.QUOTE_UNAVAILABLE)
                .isPresent();
        return unknown
                ? notReady(terms, orderContext).or(() -> riskRefusal)
                : riskRefusal.or(() -> notReady(terms, orderContext));
    }

    /** Nothing is placed or modified while something essential is missing; cancels always pass. */
    private Optional<Refusal> notReady(Terms terms, OrderInput.OrderContext orderContext) {
        List<String> blockers = new ArrayList<>(orderContext.blockers());
        if (!schedule.isStarted(terms.accountId(), terms.symbol().market()) && !blockers.contains("RECONCILING")) {
            blockers.add("RECONCILING");
        }
        return blockers.isEmpty()
                ? Optional.empty()
                : Optional.of(Refusal.of(
                                ErrorCode.NOT_READY,
                                "the gateway cannot trade now (" + String.join(", ", blockers)
                                        + "); nothing was recorded, retry in a moment")
                        .with("blockers", List.copyOf(blockers))
                        .retryAfter(Duration.ofSeconds(1)));
    }

    /** Refuses at once an order that cannot be sent before its deadline: nothing is recorded, the key stays free. */
    private Optional<Refusal> queueRefusal(Terms terms) {
        Instant now = context.now();
        Instant by = terms.dispatchBy();
        if (!by.isAfter(now)) {
            return Optional.of(Refusal.of(
                    ErrorCode.QUEUE_TIMEOUT, "dispatch_by passed before the order was decided; nothing was recorded"));
        }
        if (!settings.dispatchEnabled()) {
            return Optional.empty();
        }
        double seconds = Duration.between(now, by).toNanos() / 1e9;
        Deque<Instant> sends = recentSends.computeIfAbsent(settings.appKey(terms.accountId()), _ -> new ArrayDeque<>());
        while (!sends.isEmpty() && !sends.peekFirst().plusSeconds(1).isAfter(now)) {
            sends.removeFirst();
        }
        // Sends of the last second still occupy their slots, and a tenth is lost to the round trips.
        long capacity = (long) Math.floor(settings.sendsPerSecond() * Math.max(0, seconds) * 0.9) - sends.size();
        int ahead = queued.count(Lane.MARKET, terms);
        ahead += terms.isMarket() ? 0 : queued.count(Lane.LIMIT, terms);
        if (ahead < capacity) {
            return Optional.empty();
        }
        return Optional.of(Refusal.of(
                        ErrorCode.QUEUE_TIMEOUT,
                        ahead + " orders are queued and KIS accepts " + settings.sendsPerSecond()
                                + " per second, so this one could not be sent before its dispatch_by; nothing was recorded")
                .with("waiting", ahead)
                .retryAfter(Duration.ofMillis((long) (1000 / settings.sendsPerSecond()) + 1)));
    }

    /** Modifies quantity or price. */
    Answer modify(OrderInput.Modify modify) {
        Optional<Order> found = registry.order(modify.order()).or(modify::stored);
        if (found.isEmpty()) {
            return DecisionContext.noSuchOrder(modify.order());
        }
        Order order = found.get();
        String key = modify.key().orElseGet(() -> defaultModifyKey(order));
        var use = new KeyUse(
                modify.scope(),
                key,
                "modify:" + order.id() + ":" + text(modify.qty()) + ":" + text(modify.price())
                        + (modify.successor().isPresent() ? ":replace" : ""));
        Optional<Answer> byKey =
                keys.findAnswer(use, KeyUse.Kind.MODIFY, modify.prior(), Optional.of(defaultModifyKey(order)));
        if (byKey.isPresent()) {
            return byKey.get();
        }
        Terms terms = order.terms();
        OptionalLong qty = ifDifferent(modify.qty(), terms.qty());
        OptionalLong price = ifDifferent(modify.price(), terms.price().orElse(0));
        RiskScope owner = OrderExposure.scope(order);
        RiskScope requester = owner.withPrincipal(use.principal());
        Optional<Refusal> refusal = modifyRefusal(order, qty, price, modify)
                .or(() -> modifyRiskRefusal(owner, order, qty, price, modify.orderContext()))
                // The limits of the caller hold as well: another's order is no way around them.
                .or(() -> requester.equals(owner)
                        ? Optional.empty()
                        : modifyRiskRefusal(requester, order, qty, price, modify.orderContext()));
        if (refusal.isPresent()) {
            return new Answer.Refused(refusal.get());
        }
        Instant by = context.now().plus(settings.modifyTimeout());
        exposure.recordModified(requester, context.now());
        if (isLargerAtBroker(order, qty)) {
            context.record(new OrderEvent.ReplaceRequested(
                    order.id(),
                    order.requests().size() + 1,
                    modify.successor().orElseThrow(),
                    qty.getAsLong(),
                    price,
                    by,
                    use));
            return new Answer.Accepted(order.id(), KeyUse.Kind.MODIFY, key, false);
        }
        List<OrderEvent.PlannedRequest> planned =
                order.status() == OrderStatus.NEW ? List.of() : planRequests(order, qty, price);
        context.record(new OrderEvent.ModifyRequested(order.id(), qty, price, planned, by, use));
        timers.accept(by, order.id());
        return new Answer.Accepted(order.id(), KeyUse.Kind.MODIFY, key, false);
    }

    private static String text(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : "";
    }

    /** The requested value if it differs from the current one. */
    private static OptionalLong ifDifferent(OptionalLong requested, long now) {
        return requested.isPresent() && requested.getAsLong() != now ? requested : OptionalLong.empty();
    }

    private RiskFacts.RequestedOrder requestedOrder(
            Order order, OptionalLong qty, OptionalLong price, OrderInput.OrderContext orderContext) {
        Terms terms = order.terms();
        return new RiskFacts.RequestedOrder(
                terms.symbol(),
                terms.side(),
                qty.orElse(terms.qty()),
                order.filled(),
                terms.kind(),
                terms.venue(),
                price.isPresent() ? price : terms.price(),
                terms.stopPrice(),
                orderContext.worstPrice(),
                Optional.of(order.id().text()),
                false,
                terms.credit());
    }

    private Optional<Refusal> modifyRefusal(
            Order order, OptionalLong qty, OptionalLong price, OrderInput.Modify modify) {
        if (order.status().isTerminal()) {
            return Optional.of(Refusal.of(
                    ErrorCode.ORDER_ALREADY_TERMINAL,
                    "the order has ended (" + order.status() + "); there is nothing to modify"));
        }
        if (order.key().isOfParent()
                && qty.isPresent()
                && qty.getAsLong() > order.terms().qty()) {
            // Its parent order would not know of the other one: it would close too much, or leave shares without an
            // exit.
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_TRANSITION,
                    "an order of a parent order may get smaller and not larger; place another one for the rest"));
        }
        boolean busy =
                order.openCancel().isPresent() || order.openModification().isPresent();
        if (busy || order.status() == OrderStatus.UNKNOWN) {
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_TRANSITION,
                    "the order is " + order.status().publicName()
                            + (busy ? " and an earlier request about it is not settled" : "")
                            + "; wait until it is settled"));
        }
        if (modify.price().isPresent() && !order.terms().kind().type().isPriced()) {
            return Optional.of(Refusal.of(
                    ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET,
                    "a " + order.terms().kind().type() + " order has no price; cancel it and place a LIMIT"));
        }
        if (qty.isPresent() && qty.getAsLong() <= order.filled()) {
            return Optional.of(Refusal.of(
                            ErrorCode.INVALID_QTY,
                            Shares.of(order.filled()) + (order.filled() == 1 ? " is" : " are")
                                    + " filled already; to stop there, cancel the rest")
                    .with("filled_qty", order.filled()));
        }
        if (isLargerAtBroker(order, qty) && modify.successor().isEmpty()) {
            return Optional.of(Refusal.of(
                            ErrorCode.INVALID_QTY,
                            "KIS cannot make an order larger than "
                                    + Shares.of(order.terms().qty())
                                    + "; place another for the difference, or send \"replace\": true to cancel it and place one"
                                    + " for all that is not filled, at the end of the queue")
                    .with("qty", order.terms().qty())
                    .with("replace", true));
        }
        if (qty.isEmpty() && price.isEmpty()) {
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_FIELD,
                    "the order has this quantity and price already; there is nothing to modify"));
        }
        return Optional.empty();
    }

    /** Why the limits that apply to {@code scope} refuse a modification. */
    private Optional<Refusal> modifyRiskRefusal(
            RiskScope scope, Order order, OptionalLong qty, OptionalLong price, OrderInput.OrderContext orderContext) {
        RiskFacts.RequestedOrder requested = requestedOrder(order, qty, price, orderContext);
        return preferNotReady(evaluateRisk(scope, requested, order.terms(), orderContext), order.terms(), orderContext)
                .or(() -> furtherOrderRefusal(scope, order, qty, price, orderContext));
    }

    /** What already refuses the order that is to take its place: then nothing is cancelled. */
    private Optional<Refusal> furtherOrderRefusal(
            RiskScope scope, Order order, OptionalLong qty, OptionalLong price, OrderInput.OrderContext orderContext) {
        if (!isLargerAtBroker(order, qty)) {
            return Optional.empty();
        }
        Terms more = order.terms().withQty(qty.getAsLong() - order.terms().qty());
        Terms priced = price.isPresent() ? more.withPrice(price) : more;
        return evaluateRisk(scope, newOrder(priced, orderContext, false), priced, orderContext);
    }

    /** Whether the broker has it and it shall grow, which no modification can do. */
    private static boolean isLargerAtBroker(Order order, OptionalLong qty) {
        return qty.isPresent() && qty.getAsLong() > order.terms().qty() && order.status() != OrderStatus.NEW;
    }

    /** The reduction first, so that no more shares than wanted are re-priced. */
    private static List<OrderEvent.PlannedRequest> planRequests(Order order, OptionalLong qty, OptionalLong price) {
        List<OrderEvent.PlannedRequest> planned = new ArrayList<>();
        int next = order.requests().size() + 1;
        if (qty.isPresent()) {
            planned.add(new OrderEvent.PlannedRequest(
                    next++, BrokerRequest.Kind.CANCEL, order.terms().qty() - qty.getAsLong(), OptionalLong.empty()));
        }
        if (price.isPresent()) {
            planned.add(new OrderEvent.PlannedRequest(next, BrokerRequest.Kind.MODIFY, 0, price));
        }
        return planned;
    }

    /** {@code modify:{id}}, and from the second accepted modification on {@code modify:{id}:{n}}. */
    static String defaultModifyKey(Order order) {
        int n = order.modifications() + 1;
        return "modify:" + order.id() + (n == 1 ? "" : ":" + n);
    }
}
