package kr.kisgateway.gateway.order;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.order.OrderEvent.MatchedBy;
import kr.kisgateway.gateway.risk.LimitsChange;
import kr.kisgateway.gateway.risk.RiskPolicy;

/**
 * What operators decide, and what holds by it until they decide again: the kill switch, the limits, and what became of a
 * request in doubt that matching could not settle.
 */
final class Operators {
    /** The reason of a kill switch that was set without one. */
    static final String NO_REASON = "set by an operator";

    private static final OrderInput.Which EVERYTHING =
            new OrderInput.Which(Optional.empty(), Optional.empty(), Optional.empty());

    private final OrderSettings settings;
    private final DayBook book;
    private final Turn turn;
    private final UsedKeys keys;
    private final ListAsking lists;
    private final Reconciler reconciler;
    private final Cancels cancels;
    private final RiskPolicy configured;
    private RiskPolicy policy;
    private Optional<ControlEvent.KillSwitchSet> killSwitch = Optional.empty();
    private Optional<ControlEvent.LimitsSet> limitsSet = Optional.empty();

    /**
     * @param configured the limits that hold until somebody sets others
     * @param reconciler knows what a request in doubt could be
     */
    Operators(
            OrderSettings settings,
            RiskPolicy configured,
            DayBook book,
            Turn turn,
            UsedKeys keys,
            ListAsking lists,
            Reconciler reconciler,
            Cancels cancels) {
        this.settings = settings;
        this.configured = configured;
        this.policy = configured;
        this.book = book;
        this.turn = turn;
        this.keys = keys;
        this.lists = lists;
        this.reconciler = reconciler;
        this.cancels = cancels;
    }

    /** What the journal knows of the kill switch. */
    void restore(ControlEvent.KillSwitchSet event) {
        killSwitch = event.on() ? Optional.of(event) : Optional.empty();
    }

    /** What the journal knows of the limits: their change is applied to those that are configured now. */
    void restore(ControlEvent.LimitsSet event, LimitsChange change) {
        limitsSet = Optional.of(event);
        policy = new RiskPolicy(change.at(configured.layers()), policy.guards());
    }

    /** The limits that hold. */
    RiskPolicy policy() {
        return policy;
    }

    /** The limits as a call set them last; empty while those of the settings hold. */
    Optional<ControlEvent.LimitsSet> limitsSet() {
        return limitsSet;
    }

    /** The kill switch as it was last set on; empty while it is off. */
    Optional<ControlEvent.KillSwitchSet> killSwitch() {
        return killSwitch;
    }

    /** Why nothing may be placed or modified, if so. */
    Optional<String> killReason() {
        return killSwitch.map(ControlEvent.KillSwitchSet::reason);
    }

    /** At a start: the switch that the settings hold is on, and one that only they held is lifted when they do not. */
    void obeyTheEnvironment() {
        boolean held = killSwitch
                .filter(k -> k.source() == ControlEvent.Source.ENVIRONMENT)
                .isPresent();
        if (settings.killSwitch() && killSwitch.isEmpty()) {
            setKillSwitch(true, ControlEvent.Source.ENVIRONMENT, "GATEWAY_KILL_SWITCH is set", Optional.empty(), true);
        } else if (settings.killSwitch()) {
            cancels.open(EVERYTHING, Optional.empty()); // it was on already, perhaps without that
        } else if (!settings.killSwitch() && held) {
            setKillSwitch(
                    false,
                    ControlEvent.Source.ENVIRONMENT,
                    "GATEWAY_KILL_SWITCH is not set any more",
                    Optional.empty(),
                    false);
        }
    }

    /** Sets or lifts the kill switch. */
    Answer killSwitch(OrderInput.KillSwitch wanted) {
        if (!wanted.on() && settings.killSwitch()) {
            return Turn.refusal(
                    ErrorCode.KILL_SWITCH, "GATEWAY_KILL_SWITCH holds the kill switch on; unset it and start again");
        }
        boolean isOn = killSwitch.isPresent();
        // The environment's goes when the environment does; an operator's stays until an operator lifts it.
        boolean onlyTheEnvironments = killSwitch
                .filter(k -> k.source() == ControlEvent.Source.ENVIRONMENT)
                .isPresent();
        boolean hasNewReason = wanted.reason().isPresent() && !wanted.reason().equals(killReason());
        if (wanted.on() != isOn || wanted.on() && (wanted.cancelOpen() || onlyTheEnvironments || hasNewReason)) {
            setKillSwitch(
                    wanted.on(),
                    ControlEvent.Source.OPERATOR,
                    wanted.reason().orElseGet(() -> usualReason(wanted.on())),
                    Optional.of(wanted.by()),
                    wanted.cancelOpen());
        }
        return new Answer.KillSwitchIs(killSwitch.isPresent(), List.copyOf(book.open()));
    }

    /** The reason of a call that gives none: the earlier one, as long as the switch is on. */
    private String usualReason(boolean on) {
        return on
                ? killReason().orElse(NO_REASON)
                : "lifted by an operator"
                        + killReason()
                                .map(was -> "; it was on because of: " + was)
                                .orElse("");
    }

    private void setKillSwitch(
            boolean on, ControlEvent.Source source, String reason, Optional<String> by, boolean cancelOpen) {
        var event = new ControlEvent.KillSwitchSet(on, source, reason, by, turn.now());
        killSwitch = on ? Optional.of(event) : Optional.empty();
        turn.record(event);
        turn.add(new OrderEffect.Killed(killSwitch));
        turn.alert(on ? Level.P1 : Level.P2, on ? AlertEvent.KILL_SWITCH_ON : AlertEvent.KILL_SWITCH_OFF, by, reason);
        if (!on) {
            turn.settle(AlertEvent.KILL_SWITCH_ON, Turn.WHOLE);
            return;
        }
        for (Order order : book.open()) {
            stopWhatWaits(order);
        }
        if (cancelOpen) {
            cancels.open(EVERYTHING, by);
        }
        book.open().forEach(order -> lists.want(order.tradingDay(), turn.now()));
    }

    /** While the kill switch is on, nothing waits for it to be lifted. */
    void stopWhatWaits(Order order) {
        String why = "the kill switch was set"
                + killSwitch
                        .flatMap(ControlEvent.KillSwitchSet::by)
                        .map(by -> " by " + by)
                        .orElse("")
                + " before it was sent";
        if (order.status() == OrderStatus.NEW) {
            turn.record(new OrderEvent.Rejected(order.id(), "KILL_SWITCH", why));
            return;
        }
        order.plannedModify()
                .ifPresent(r -> turn.record(new OrderEvent.BrokerRefused(order.id(), r.no(), "KILL_SWITCH", why)));
    }

    /** Puts limits in force; those that hold already change nothing, and nobody is alerted. */
    Answer setLimits(OrderInput.SetLimits limits) {
        if (limits.layers().equals(policy.layers())) {
            return new Answer.Done();
        }
        policy = new RiskPolicy(limits.layers(), policy.guards());
        var event =
                new ControlEvent.LimitsSet(limits.json(), limits.configured(), Optional.of(limits.by()), turn.now());
        limitsSet = Optional.of(event);
        turn.record(event);
        turn.alert(
                Level.P3,
                AlertEvent.LIMITS_CHANGED,
                event.by(),
                "the risk limits were set; GET /v1/risk/limits shows what holds now");
        return new Answer.Done();
    }

    /** Decides what became of a request in doubt. */
    Answer resolve(OrderInput.Resolve resolve) {
        Optional<Order> found = book.order(resolve.order()).or(resolve::stored);
        if (found.isEmpty()) {
            return Turn.noSuchOrder(resolve.order());
        }
        Order order = found.get();
        String decision = switch (resolve.decision()) {
            case OrderInput.Decision.NotAtBroker _ -> "NOT_AT_BROKER";
            case OrderInput.Decision.IsNumber(long odno) -> "IS " + odno;
        };
        String own = "resolve:" + order.id();
        String key = resolve.key().orElse(own);
        var use = new KeyUse(resolve.scope(), key, own + ":" + decision);
        Optional<Answer> byKey = keys.answer(use, KeyUse.Kind.RESOLVE, resolve.prior(), Optional.of(own));
        if (byKey.isPresent()) {
            return byKey.get();
        }
        Optional<BrokerRequest> doubt = order.status().terminal()
                ? Optional.empty()
                : order.requests().stream()
                        .filter(r -> r.state() == BrokerRequest.State.IN_DOUBT)
                        .findFirst();
        if (doubt.isEmpty()) {
            return Turn.refusal(
                    ErrorCode.INVALID_TRANSITION,
                    "the order is " + order.status().outward() + " and nothing of it is in doubt");
        }
        Optional<Refusal> wrong = resolveAs(order, doubt.get(), resolve, decision, use);
        return wrong.<Answer>map(Answer.Refused::new)
                .orElseGet(() -> new Answer.Accepted(order.id(), KeyUse.Kind.RESOLVE.word(), use.key(), false));
    }

    private Optional<Refusal> resolveAs(
            Order order, BrokerRequest doubt, OrderInput.Resolve resolve, String decision, KeyUse use) {
        switch (resolve.decision()) {
            case OrderInput.Decision.NotAtBroker _ -> {
                List<Long> notIt = reconciler.candidates(order.id()).stream()
                        .map(Broker.Listed::odno)
                        .toList();
                turn.record(new OrderEvent.Resolved(order.id(), doubt.no(), decision, resolve.note(), notIt, use));
                if (doubt.kind() == BrokerRequest.Kind.PLACE) {
                    turn.record(new OrderEvent.Rejected(
                            order.id(), "NOT_FOUND_AT_BROKER", "an operator found that the broker does not have it"));
                } else {
                    turn.record(new OrderEvent.BrokerRefused(
                            order.id(),
                            doubt.no(),
                            "NOT_FOUND_AT_BROKER",
                            "an operator found that the broker does not have it"));
                }
            }
            case OrderInput.Decision.IsNumber(long odno) -> {
                Optional<Broker.Listed> row = reconciler.candidates(order.id()).stream()
                        .filter(c -> c.odno() == odno)
                        .filter(_ -> book.numbered(order.tradingDay(), odno).isEmpty())
                        .findFirst();
                if (doubt.kind() != BrokerRequest.Kind.PLACE) {
                    return Optional.of(Refusal.of(
                            ErrorCode.INVALID_FIELD,
                            "IS_ORDER names the broker's order of a placing, and in doubt is a change ("
                                    + doubt.kind() + "): NOT_AT_BROKER says that the broker did not take it; if it did,"
                                    + " reconcile finds it"));
                }
                if (row.isEmpty()) {
                    return Optional.of(Refusal.of(
                                    ErrorCode.INVALID_FIELD,
                                    "the broker's last list has no order " + odno + " that could be this one")
                            .with(
                                    "candidates",
                                    reconciler.candidates(order.id()).stream()
                                            .map(Broker.Listed::odno)
                                            .toList()));
                }
                turn.record(new OrderEvent.Resolved(order.id(), doubt.no(), decision, resolve.note(), List.of(), use));
                turn.record(new OrderEvent.BrokerAccepted(
                        order.id(),
                        doubt.no(),
                        row.get().orgNo(),
                        odno,
                        "%06d".formatted(row.get().time()),
                        MatchedBy.OPERATOR));
            }
        }
        lists.want(order.tradingDay(), turn.now());
        return Optional.empty();
    }
}
