package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.listedRow;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.market.Side;
import org.junit.jupiter.api.Test;

/** The kill switch of operators and of the environment, limits set by a call, and decisions about requests in doubt. */
class OperatorCommandsTest {
    private final TradingDayFixture day = TradingDayFixture.open();

    private void setEnvironment(boolean killSwitch) {
        day.settings = new OrderSettings(
                Map.of("A1", "K1"), 10, true, Duration.ofSeconds(5), Duration.ofSeconds(5), killSwitch);
        day.crash();
    }

    private Answer set(boolean on, Optional<String> reason, boolean cancelOpen) {
        return day.submit(ticket -> new OrderInput.KillSwitch(ticket, on, reason, cancelOpen, "ops"));
    }

    private ControlEvent.KillSwitchSet byOperator(boolean on, String reason) {
        return new ControlEvent.KillSwitchSet(on, ControlEvent.Source.OPERATOR, reason, Optional.of("ops"), day.now);
    }

    private ControlEvent.KillSwitchSet byEnvironment(boolean on, String reason) {
        return new ControlEvent.KillSwitchSet(on, ControlEvent.Source.ENVIRONMENT, reason, Optional.empty(), day.now);
    }

    private static OrderEffect.Alert alert(Level level, AlertEvent kind, Optional<String> by, String message) {
        return new OrderEffect.Alert(level, kind, "gateway", message, Optional.empty(), by);
    }

    private List<ControlEvent> takeControlEvents() {
        List<ControlEvent> taken = List.copyOf(day.control);
        day.control.clear();
        return taken;
    }

    // ---- the kill switch of an operator ----

    @Test
    void the_kill_switch_is_recorded_published_and_alerted_and_settles_when_it_is_lifted() {
        day.takeAll(OrderEffect.KillSwitchChanged.class);
        assertThat(set(true, Optional.of("news"), false)).isEqualTo(new Answer.KillSwitchStatus(true, List.of()));
        var on = byOperator(true, "news");
        assertThat(takeControlEvents()).containsExactly(on);
        assertThat(day.takeAll(OrderEffect.KillSwitchChanged.class))
                .containsExactly(new OrderEffect.KillSwitchChanged(Optional.of(on)));
        assertThat(day.takeAlerts())
                .containsExactly(alert(Level.P1, AlertEvent.KILL_SWITCH_ON, Optional.of("ops"), "news"));
        assertThat(day.alerts.open(AlertEvent.KILL_SWITCH_ON)).isEqualTo(1);

        assertThat(set(false, Optional.of("over"), false)).isEqualTo(new Answer.KillSwitchStatus(false, List.of()));
        assertThat(takeControlEvents()).containsExactly(byOperator(false, "over"));
        assertThat(day.takeAll(OrderEffect.KillSwitchChanged.class))
                .containsExactly(new OrderEffect.KillSwitchChanged(Optional.empty()));
        assertThat(day.takeAlerts())
                .containsExactly(alert(Level.P2, AlertEvent.KILL_SWITCH_OFF, Optional.of("ops"), "over"));
        assertThat(day.alerts.open(AlertEvent.KILL_SWITCH_ON)).isZero();
    }

    @Test
    void a_call_without_a_reason_has_the_usual_one_and_a_lifting_names_the_reason_that_ends() {
        set(true, Optional.empty(), false);
        assertThat(day.core.killReason()).contains("set by an operator");
        assertThat(takeControlEvents()).containsExactly(byOperator(true, "set by an operator"));
        set(true, Optional.of("news"), false);
        assertThat(takeControlEvents()).containsExactly(byOperator(true, "news"));
        set(false, Optional.empty(), false);
        assertThat(takeControlEvents())
                .containsExactly(byOperator(false, "lifted by an operator; it was on because of: news"));
    }

    @Test
    void a_repeated_call_records_nothing_unless_it_cancels_orders_or_has_another_reason() {
        set(true, Optional.of("news"), false);
        takeControlEvents();
        day.takeAlerts();
        set(true, Optional.of("news"), false);
        set(true, Optional.empty(), false);
        assertThat(takeControlEvents()).isEmpty();
        assertThat(day.takeAlerts()).isEmpty();
        set(true, Optional.of("worse"), false);
        assertThat(takeControlEvents()).containsExactly(byOperator(true, "worse"));
        set(true, Optional.empty(), true);
        assertThat(takeControlEvents()).as("the earlier reason stays").containsExactly(byOperator(true, "worse"));
        set(false, Optional.of("over"), false);
        takeControlEvents();
        day.takeAlerts();
        assertThat(set(false, Optional.of("again"), true)).isEqualTo(new Answer.KillSwitchStatus(false, List.of()));
        assertThat(takeControlEvents()).as("it is off already").isEmpty();
        assertThat(day.takeAlerts()).isEmpty();
    }

    @Test
    void unsent_requests_are_refused_in_the_name_of_the_operator_and_the_list_is_requested_at_once() {
        OrderId sent = day.placeSent("k1", 101);
        day.modify(sent, 0, 70_500);
        OrderId waiting = day.buy("k2");
        int recorded = day.journal.size();
        var status = (Answer.KillSwitchStatus) set(true, Optional.of("news"), false);
        String why = "the kill switch was set by ops before it was sent";
        assertThat(day.recordedSince(recorded))
                .containsExactly(
                        new OrderEvent.BrokerRefused(sent, 2, "KILL_SWITCH", why),
                        new OrderEvent.Rejected(waiting, "KILL_SWITCH", why));
        assertThat(status.open()).containsExactly(day.order(sent));
        assertThat(day.takeAll(OrderEffect.RequestDailyOrders.class))
                .containsExactly(
                        new OrderEffect.RequestDailyOrders(day.order(sent).accountDay(), day.now));
    }

    @Test
    void the_kill_switch_requests_no_list_when_nothing_is_open() {
        set(true, Optional.of("news"), true);
        assertThat(day.takeAll(OrderEffect.RequestDailyOrders.class)).isEmpty();
    }

    @Test
    void a_start_reports_and_publishes_a_kill_switch_that_is_on_since_before() {
        set(true, Optional.of("news"), false);
        var on = byOperator(true, "news");
        day.advance(Duration.ofSeconds(1));
        day.crash();
        assertThat(day.takeAlerts())
                .containsExactly(alert(Level.P1, AlertEvent.KILL_SWITCH_ON, Optional.of("ops"), "news"));
        assertThat(day.takeAll(OrderEffect.KillSwitchChanged.class))
                .containsExactly(new OrderEffect.KillSwitchChanged(Optional.of(on)));
        assertThat(day.control).as("nothing is recorded again").containsExactly(on);
    }

    // ---- the kill switch of the environment ----

    @Test
    void the_environments_switch_is_set_at_the_start_with_cancels_and_lifted_with_the_setting() {
        OrderId sent = day.placeSent("k1", 101);
        OrderId waiting = day.buy("k2");
        int recorded = day.journal.size();
        setEnvironment(true);
        var on = byEnvironment(true, "GATEWAY_KILL_SWITCH is set");
        assertThat(day.control).containsExactly(on);
        assertThat(day.takeAlerts())
                .containsExactly(
                        alert(Level.P1, AlertEvent.KILL_SWITCH_ON, Optional.empty(), "GATEWAY_KILL_SWITCH is set"));
        assertThat(day.recordedSince(recorded))
                .containsExactly(
                        new OrderEvent.Rejected(waiting, "KILL_SWITCH", "the kill switch was set before it was sent"),
                        new OrderEvent.CancelRequested(
                                sent,
                                2,
                                new KeyUse("gateway/A1", "cancel:" + sent, "cancel:" + sent),
                                Optional.empty()));
        assertThat(day.takeAll(OrderEffect.KillSwitchChanged.class))
                .containsOnly(new OrderEffect.KillSwitchChanged(Optional.of(on)));

        setEnvironment(false);
        var off = byEnvironment(false, "GATEWAY_KILL_SWITCH is no longer set");
        assertThat(day.control).containsExactly(on, off);
        assertThat(day.core.killReason()).isEmpty();
        assertThat(day.takeAlerts())
                .containsExactly(
                        alert(Level.P1, AlertEvent.KILL_SWITCH_ON, Optional.empty(), "GATEWAY_KILL_SWITCH is set"),
                        alert(
                                Level.P2,
                                AlertEvent.KILL_SWITCH_OFF,
                                Optional.empty(),
                                "GATEWAY_KILL_SWITCH is no longer set"));
        assertThat(day.takeAll(OrderEffect.KillSwitchChanged.class))
                .containsOnly(new OrderEffect.KillSwitchChanged(Optional.empty()));
    }

    @Test
    void an_operator_cannot_lift_the_environments_switch_and_takes_it_over_by_setting_it() {
        setEnvironment(true);
        takeControlEvents();
        assertThat(set(false, Optional.of("over"), false))
                .isEqualTo(new Answer.Refused(Refusal.of(
                        ErrorCode.KILL_SWITCH, "GATEWAY_KILL_SWITCH keeps the kill switch on; unset it and restart")));
        assertThat(takeControlEvents()).isEmpty();
        set(true, Optional.empty(), false);
        var taken = byOperator(true, "GATEWAY_KILL_SWITCH is set");
        assertThat(day.control).containsExactly(taken);
        set(true, Optional.empty(), false);
        assertThat(day.control).as("it is the operator's already").containsExactly(taken);
        setEnvironment(false);
        assertThat(day.control).as("the operator's outlasts the setting").containsExactly(taken);
        assertThat(day.core.killReason()).contains("GATEWAY_KILL_SWITCH is set");
    }

    @Test
    void a_start_without_any_kill_switch_records_nothing() {
        setEnvironment(false);
        assertThat(day.control).isEmpty();
        assertThat(day.takeAlerts()).isEmpty();
        assertThat(day.takeAll(OrderEffect.KillSwitchChanged.class))
                .containsExactly(new OrderEffect.KillSwitchChanged(Optional.empty()));
    }

    // ---- limits ----

    private Answer setLimits(RiskLayers layers) {
        return day.submit(
                ticket -> new OrderInput.SetLimits(ticket, layers, "{\"set\":1}", "{\"configured\":1}", "ops"));
    }

    @Test
    void limits_of_a_call_are_in_force_at_once_recorded_and_alerted_and_the_same_again_change_nothing() {
        var layers = RiskLayers.of(day.limits.with(RiskLimit.MAX_QTY, 5));
        assertThat(day.core.limitsSet()).isEmpty();
        assertThat(setLimits(layers)).isEqualTo(new Answer.Done());
        var event = new ControlEvent.LimitsSet("{\"set\":1}", "{\"configured\":1}", Optional.of("ops"), day.now);
        assertThat(day.control).containsExactly(event);
        assertThat(day.core.limitsSet()).contains(event);
        assertThat(day.core.policy().layers()).isEqualTo(layers);
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P3,
                        AlertEvent.LIMITS_CHANGED,
                        Optional.of("ops"),
                        "the risk limits were set: gateway.max_qty 1000000 → 5; ./kis limits shows all in force"));
        assertThat(((Answer.Refused) day.placeOrder(day.limit(Side.BUY, 6, 70_000), "k1"))
                        .refusal()
                        .code())
                .isEqualTo(ErrorCode.MAX_QTY_EXCEEDED);

        assertThat(setLimits(layers)).isEqualTo(new Answer.Done());
        assertThat(day.control).containsExactly(event);
        assertThat(day.takeAlerts()).isEmpty();
    }

    // ---- requests in doubt ----

    private KeyUse resolution(OrderId id, String decision) {
        return new KeyUse("local/A1", "resolve:" + id, "resolve:" + id + ":" + decision);
    }

    @Test
    void a_change_that_an_operator_did_not_find_at_the_broker_is_refused_and_the_order_rests() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList(listedRow(101, 100_000, 0, 0, 0));
        int recorded = day.journal.size();
        assertThat(day.resolve(id, new OrderInput.Decision.NotAtBroker()))
                .isEqualTo(new Answer.Accepted(id, KeyUse.Kind.RESOLVE, "resolve:" + id, false));
        assertThat(day.recordedSince(recorded))
                .containsExactly(
                        new OrderEvent.Resolved(
                                id,
                                2,
                                "NOT_AT_BROKER",
                                Optional.of("looked in the HTS"),
                                List.of(),
                                resolution(id, "NOT_AT_BROKER")),
                        new OrderEvent.BrokerRefused(
                                id, 2, "NOT_FOUND_AT_BROKER", "an operator found that the broker does not have it"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
        assertThat(day.takeAll(OrderEffect.RequestDailyOrders.class))
                .containsExactly(
                        new OrderEffect.RequestDailyOrders(day.order(id).accountDay(), day.now));
    }

    @Test
    void a_number_that_another_order_received_meanwhile_resolves_nothing() {
        OrderId inDoubt = day.buy("k1");
        OrderId other = ((Answer.Accepted) day.placeOrder(day.limit(Side.BUY, 11, 70_000), "k2")).order();
        day.grantSlot();
        day.grantSlot();
        day.deliverOutcome(inDoubt, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList(listedRow(201, 100_000, 0, 0, 0), listedRow(202, 100_000, 0, 0, 0));
        day.deliverOutcome(other, 1, new Outcome.Taken("06010", 202, "100000"));
        int recorded = day.journal.size();
        var refusal = ((Answer.Refused) day.resolve(inDoubt, new OrderInput.Decision.IsOrder(202))).refusal();
        assertThat(refusal)
                .isEqualTo(Refusal.of(
                                ErrorCode.INVALID_FIELD, "the broker's last list has no order 202 that may be this one")
                        .with("candidates", List.of(201L, 202L)));
        assertThat(day.journal).hasSize(recorded);
        assertThat(day.resolve(inDoubt, new OrderInput.Decision.IsOrder(201))).isInstanceOf(Answer.Accepted.class);
        assertThat(day.recordedSince(recorded))
                .containsExactly(
                        new OrderEvent.Resolved(
                                inDoubt,
                                1,
                                "IS 201",
                                Optional.of("looked in the HTS"),
                                List.of(),
                                resolution(inDoubt, "IS 201")),
                        new OrderEvent.BrokerAccepted(
                                inDoubt, 1, "06010", 201, "100000", OrderEvent.MatchedBy.OPERATOR));
        assertThat(Set.of(
                        day.order(inDoubt).placing().odno(),
                        day.order(other).placing().odno()))
                .hasSize(2);
    }
}
