package kr.kisgateway.gateway.order;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.order.OrderEvent.MatchedBy;
import kr.kisgateway.gateway.risk.LimitsChange;
import kr.kisgateway.gateway.risk.RiskPolicy;

/**
 * Decisions of operators, in force until they decide otherwise: the kill switch, the limits, and the result of a request
 * in doubt that matching could not settle.
 */
final class OperatorCommands {
    /** The reason of a kill switch that was set without one. */
    static final String NO_REASON = "set by an operator";

    private static final OrderInput.OpenOrderFilter ALL_ORDERS =
            new OrderInput.OpenOrderFilter(Optional.empty(), Optional.empty(), Optional.empty());

    private final OrderSettings settings;
    private final OrderRegistry registry;
    private final DecisionContext context;
    private final IdempotencyKeys keys;
    private final DailyOrdersSchedule schedule;
    private final Reconciler reconciler;
    private final CancelCommands cancelCommands;
    private final RiskPolicy configured;
    private RiskPolicy policy;
    private Optional<ControlEvent.KillSwitchSet> killSwitch = Optional.empty();
    private Optional<ControlEvent.LimitsSet> limitsSet = Optional.empty();

    /**
     * @param configured the limits in force until a call sets others
     * @param reconciler lists the broker orders that a request in doubt may be
     */
    OperatorCommands(
            OrderSettings settings,
            RiskPolicy configured,
            OrderRegistry registry,
            DecisionContext context,
            IdempotencyKeys keys,
            DailyOrdersSchedule schedule,
            Reconciler reconciler,
            CancelCommands cancelCommands) {
        this.settings = settings;
        this.configured = configured;
        this.policy = configured;
        this.registry = registry;
        this.context = context;
        this.keys = keys;
        this.schedule = schedule;
        this.reconciler = reconciler;
        this.cancelCommands = cancelCommands;
    }

    /** Restores the kill switch from the journal. */
    void restore(ControlEvent.KillSwitchSet event) {
        killSwitch = event.on() ? Optional.of(event) : Optional.empty();
    }

    /** Restores the limits from the journal: their change is applied to those configured now. */
    void restore(ControlEvent.LimitsSet event, LimitsChange change) {
        limitsSet = Optional.of(event);
        policy = new RiskPolicy(change.effectiveLayers(configured.layers()), policy.guards());
    }

    /** The limits in force. */
    RiskPolicy policy() {
        return policy;
    }

    /** The limits that a call set last; empty while the configured ones are in force. */
    Optional<ControlEvent.LimitsSet> limitsSet() {
        return limitsSet;
    }

    /** The kill switch as last set on; empty while it is off. */
    Optional<ControlEvent.KillSwitchSet> killSwitch() {
        return killSwitch;
    }

    /** The reason why nothing may be placed or modified while the kill switch is set. */
    Optional<String> killReason() {
        return killSwitch.map(ControlEvent.KillSwitchSet::reason);
    }

    /**
     * At start: reports a switch that is on since before, sets one that the settings require, and lifts one that only they
     * required and no longer do.
     */
    void applyEnvironment() {
        killSwitch.ifPresent(it -> context.alert(Level.P1, AlertEvent.KILL_SWITCH_ON, it.by(), it.reason()));
        boolean setByEnvironment = killSwitch
                .filter(k -> k.source() == ControlEvent.Source.ENVIRONMENT)
                .isPresent();
        if (settings.killSwitch() && killSwitch.isEmpty()) {
            setKillSwitch(true, ControlEvent.Source.ENVIRONMENT, "GATEWAY_KILL_SWITCH is set", Optional.empty(), true);
        } else if (settings.killSwitch()) {
            cancelCommands.cancelOpenOrders(
                    ALL_ORDERS, Optional.empty()); // it was on already, perhaps without the cancels
        } else if (setByEnvironment) {
            setKillSwitch(
                    false,
                    ControlEvent.Source.ENVIRONMENT,
                    "GATEWAY_KILL_SWITCH is no longer set",
                    Optional.empty(),
                    false);
        }
    }

    /** Sets or lifts the kill switch. */
    Answer killSwitch(OrderInput.KillSwitch command) {
        if (!command.on() && settings.killSwitch()) {
            return DecisionContext.refusal(
                    ErrorCode.KILL_SWITCH, "GATEWAY_KILL_SWITCH keeps the kill switch on; unset it and restart");
        }
        boolean isOn = killSwitch.isPresent();
        // The environment's switch ends with the setting; an operator's stays until an operator lifts it.
        boolean setByEnvironmentOnly = killSwitch
                .filter(k -> k.source() == ControlEvent.Source.ENVIRONMENT)
                .isPresent();
        boolean hasNewReason = command.reason().isPresent() && !command.reason().equals(killReason());
        if (command.on() != isOn || command.on() && (command.cancelOpen() || setByEnvironmentOnly || hasNewReason)) {
            setKillSwitch(
                    command.on(),
                    ControlEvent.Source.OPERATOR,
                    command.reason().orElseGet(() -> defaultReason(command.on())),
                    Optional.of(command.by()),
                    command.cancelOpen());
        }
        return new Answer.KillSwitchStatus(killSwitch.isPresent(), List.copyOf(registry.open()));
    }

    /** The reason of a call without one: the earlier reason, as long as the switch is on. */
    private String defaultReason(boolean on) {
        return on
                ? killReason().orElse(NO_REASON)
                : "lifted by an operator"
                        + killReason()
                                .map(was -> "; it was on because of: " + was)
                                .orElse("");
    }

    private void setKillSwitch(
            boolean on, ControlEvent.Source source, String reason, Optional<String> by, boolean cancelOpen) {
        var event = new ControlEvent.KillSwitchSet(on, source, reason, by, context.now());
        killSwitch = on ? Optional.of(event) : Optional.empty();
        context.record(event);
        context.addEffect(new OrderEffect.KillSwitchChanged(killSwitch));
        context.alert(
                on ? Level.P1 : Level.P2, on ? AlertEvent.KILL_SWITCH_ON : AlertEvent.KILL_SWITCH_OFF, by, reason);
        if (!on) {
            context.settle(AlertEvent.KILL_SWITCH_ON, DecisionContext.GATEWAY_WIDE);
            return;
        }
        for (Order order : registry.open()) {
            refuseUnsent(order);
        }
        if (cancelOpen) {
            cancelCommands.cancelOpenOrders(ALL_ORDERS, by);
        }
        registry.open().forEach(order -> schedule.requestNow(order.accountDay(), context.now()));
    }

    /** Refuses unsent requests: while the kill switch is on, none waits for it to be lifted. */
    void refuseUnsent(Order order) {
        String why = "the kill switch was set"
                + killSwitch
                        .flatMap(ControlEvent.KillSwitchSet::by)
                        .map(by -> " by " + by)
                        .orElse("")
                + " before it was sent";
        if (order.status() == OrderStatus.NEW) {
            context.record(new OrderEvent.Rejected(order.id(), "KILL_SWITCH", why));
            return;
        }
        order.plannedModify()
                .ifPresent(r -> context.record(new OrderEvent.BrokerRefused(order.id(), r.no(), "KILL_SWITCH", why)));
    }

    /** Puts limits in force; unchanged limits record nothing and raise no alert. */
    Answer setLimits(OrderInput.SetLimits limits) {
        if (limits.layers().equals(policy.layers())) {
            return new Answer.Done();
        }
        String changes = policy.layers().changesTo(limits.layers());
        policy = new RiskPolicy(limits.layers(), policy.guards());
        var event =
                new ControlEvent.LimitsSet(limits.json(), limits.configured(), Optional.of(limits.by()), context.now());
        limitsSet = Optional.of(event);
        context.record(event);
        context.alert(
                Level.P3,
                AlertEvent.LIMITS_CHANGED,
                event.by(),
                "the risk limits were set: " + changes + "; ./kis limits shows all in force");
        return new Answer.Done();
    }

    /** Settles a request in doubt by an operator's decision. */
    Answer resolve(OrderInput.Resolve resolve) {
        Optional<Order> found = registry.order(resolve.order()).or(resolve::stored);
        if (found.isEmpty()) {
            return DecisionContext.noSuchOrder(resolve.order());
        }
        Order order = found.get();
        String decision = switch (resolve.decision()) {
            case OrderInput.Decision.NotAtBroker _ -> "NOT_AT_BROKER";
            case OrderInput.Decision.IsOrder(long odno) -> "IS " + odno;
        };
        String defaultKey = "resolve:" + order.id();
        String key = resolve.key().orElse(defaultKey);
        var use = new KeyUse(resolve.scope(), key, defaultKey + ":" + decision);
        Optional<Answer> byKey = keys.findAnswer(use, KeyUse.Kind.RESOLVE, resolve.prior(), Optional.of(defaultKey));
        if (byKey.isPresent()) {
            return byKey.get();
        }
        Optional<BrokerRequest> requestInDoubt = order.status().isTerminal()
                ? Optional.empty()
                : order.requests().stream()
                        .filter(r -> r.state() == BrokerRequest.State.IN_DOUBT)
                        .findFirst();
        if (requestInDoubt.isEmpty()) {
            return DecisionContext.refusal(
                    ErrorCode.INVALID_TRANSITION,
                    "the order is " + order.status().publicName() + " and nothing of it is in doubt");
        }
        Optional<Refusal> refusal = resolveAs(order, requestInDoubt.get(), resolve, decision, use);
        return refusal.<Answer>map(Answer.Refused::new)
                .orElseGet(() -> new Answer.Accepted(order.id(), KeyUse.Kind.RESOLVE, use.key(), false));
    }

    private Optional<Refusal> resolveAs(
            Order order, BrokerRequest requestInDoubt, OrderInput.Resolve resolve, String decision, KeyUse use) {
        switch (resolve.decision()) {
            case OrderInput.Decision.NotAtBroker _ -> {
                List<Long> excluded = reconciler.candidates(order.id()).stream()
                        .map(Broker.BrokerOrder::odno)
                        .toList();
                context.record(new OrderEvent.Resolved(
                        order.id(), requestInDoubt.no(), decision, resolve.note(), excluded, use));
                if (requestInDoubt.kind() == BrokerRequest.Kind.PLACE) {
                    context.record(new OrderEvent.Rejected(
                            order.id(), "NOT_FOUND_AT_BROKER", "an operator found that the broker does not have it"));
                } else {
                    context.record(new OrderEvent.BrokerRefused(
                            order.id(),
                            requestInDoubt.no(),
                            "NOT_FOUND_AT_BROKER",
                            "an operator found that the broker does not have it"));
                }
            }
            case OrderInput.Decision.IsOrder(long odno) -> {
                Optional<Broker.BrokerOrder> row = reconciler.candidates(order.id()).stream()
                        .filter(c -> BrokerNumbers.plain(c.odno()) == odno)
                        .filter(c -> registry.findByBrokerNumber(order.accountDay(), c.odno())
                                .isEmpty())
                        .findFirst();
                if (requestInDoubt.kind() != BrokerRequest.Kind.PLACE) {
                    return Optional.of(Refusal.of(
                            ErrorCode.INVALID_FIELD,
                            "IS_ORDER names the broker's order of a placing, but a change is in doubt ("
                                    + requestInDoubt.kind()
                                    + "): NOT_AT_BROKER records that the broker did not accept it; if it did,"
                                    + " reconcile finds it"));
                }
                if (row.isEmpty()) {
                    return Optional.of(Refusal.of(
                                    ErrorCode.INVALID_FIELD,
                                    "the broker's last list has no order " + odno + " that may be this one")
                            .with(
                                    "candidates",
                                    reconciler.candidates(order.id()).stream()
                                            .map(candidate -> BrokerNumbers.plain(candidate.odno()))
                                            .toList()));
                }
                context.record(new OrderEvent.Resolved(
                        order.id(), requestInDoubt.no(), decision, resolve.note(), List.of(), use));
                context.record(new OrderEvent.BrokerAccepted(
                        order.id(),
                        requestInDoubt.no(),
                        row.get().orgNo(),
                        row.get().odno(),
                        "%06d".formatted(row.get().time()),
                        MatchedBy.OPERATOR));
            }
        }
        schedule.requestNow(order.accountDay(), context.now());
        return Optional.empty();
    }
}
