package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.risk.KillSwitch;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.SymbolRefusal;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.MarketSymbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operators' HTTP calls about orders: cancel many, kill switch, reconcile, resolve an order in doubt. */
public final class OperatorRoutes {
    private static final Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);
    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(20);
    private static final int REASON_MAX = 200;

    private final OrderDesk desk;
    private final Set<String> accounts;

    /**
     * @param accounts existing account aliases
     */
    public OperatorRoutes(OrderDesk desk, Set<String> accounts) {
        this.desk = desk;
        this.accounts = Set.copyOf(accounts);
    }

    /** Adds the calls. */
    public void addTo(RouteTable routes) {
        routes.post(Role.TRADE, "/v1/orders/cancel-all", this::cancelAll)
                .post(Role.OPERATOR, "/v1/orders/reconcile", this::reconcile)
                .post(Role.OPERATOR, "/v1/orders/{id}/resolve", this::resolve)
                .get(Role.TRADE, "/v1/risk/kill-switch", this::killSwitch)
                .post(Role.OPERATOR, "/v1/risk/kill-switch", this::setKillSwitch);
    }

    private void cancelAll(Call call) {
        RequestBody body = call.body().requireOnly(Set.of("account_id", "symbol", "strategy_id"));
        Optional<String> account = body.optionalText("account_id");
        account.filter(alias -> !accounts.contains(alias)).ifPresent(alias -> {
            throw refused(ErrorCode.ACCOUNT_NOT_FOUND, "there is no account \"" + alias + "\"");
        });
        Optional<MarketSymbol> symbol = body.optionalText("symbol").map(SymbolRefusal::require);
        symbol.map(MarketSymbol::code).ifPresent(call.caller()::requireSymbol);
        if (account.isPresent()) {
            call.caller().requireAccount(account.get());
        } else if (call.caller().accounts().isPresent()) {
            throw refused(
                    ErrorCode.FORBIDDEN,
                    "name one of your accounts in account_id; your key is not valid for all of them");
        }
        var filter = new OrderInput.OpenOrderFilter(
                account,
                symbol,
                body.optionalText("strategy_id"),
                call.caller().symbols(),
                call.caller().ownOrdersOnly() ? Optional.of(call.caller().name()) : Optional.empty());
        if (account.isEmpty()
                && symbol.isEmpty()
                && filter.strategy().isEmpty()
                && filter.owner().isEmpty()) {
            call.require(Role.OPERATOR); // every order of every key
        }
        String key = OrderRoutes.key(call)
                .orElseThrow(() -> refused(
                        ErrorCode.IDEMPOTENCY_KEY_REQUIRED,
                        "send an Idempotency-Key header, so that a repeated request cannot cancel later orders too"));
        String hash = "cancel-all:" + account.orElse("") + ":"
                + symbol.map(MarketSymbol::code).orElse("") + ":"
                + filter.strategy().orElse("");
        OrderRoutes.answer(
                call,
                desk.cancelAll(filter, new KeyUse(OrderIntake.scope(call.caller(), account.orElse("*")), key, hash)));
    }

    private void reconcile(Call call) {
        if (call.hasBody()) {
            call.body().requireOnly(Set.of());
        }
        call.caller().requireUnrestricted("Orders are compared with the broker's for");
        OrderRoutes.answer(call, desk.reconcile());
    }

    private void resolve(Call call) {
        RequestBody body = call.body().requireOnly(Set.of("decision", "kis_order_no", "note"));
        Order order = OrderRoutes.find(desk, call);
        OptionalLong number = number(body);
        OrderInput.Decision decision = switch (body.text("decision")) {
            case "NOT_AT_BROKER" -> {
                if (number.isPresent()) {
                    throw RequestBody.invalid("kis_order_no", "belongs to the decision IS_ORDER");
                }
                yield new OrderInput.Decision.NotAtBroker();
            }
            case "IS_ORDER" ->
                new OrderInput.Decision.IsOrder(number.orElseThrow(() -> RequestBody.missing("kis_order_no")));
            case String other -> throw RequestBody.notOneOf("decision", other, List.of("NOT_AT_BROKER", "IS_ORDER"));
        };
        OrderRoutes.answer(
                call,
                desk.resolve(
                        order.id(),
                        decision,
                        body.optionalText("note"),
                        OrderIntake.scope(call.caller(), order.terms().accountId()),
                        OrderRoutes.key(call)));
    }

    /** KIS pads its numbers with zeros and prints them as texts; both forms are accepted. */
    private static OptionalLong number(RequestBody body) {
        if (!body.has("kis_order_no")) {
            return OptionalLong.empty();
        }
        String text = body.text("kis_order_no");
        if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) == 0) {
            throw RequestBody.invalid("kis_order_no", "must be KIS's order number, up to ten digits as a text");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private void killSwitch(Call call) {
        call.answer(killSwitch(call.caller(), desk.killReason(), desk.isKillRecorded(), List.of()));
    }

    /**
     * Sets the kill switch. With {@code cancel_open} the answer follows when nothing is open any more, or after
     * {@link #CANCEL_TIMEOUT} with the orders still open; the broker is queried again before either.
     */
    private void setKillSwitch(Call call) {
        RequestBody body = call.body().requireOnly(Set.of("on", "reason", "cancel_open"));
        call.caller().requireUnrestricted("The kill switch applies to");
        boolean on = body.optionalFlag("on").orElseThrow(() -> RequestBody.missing("on"));
        boolean cancelOpen = body.optionalFlag("cancel_open").orElse(false);
        Optional<String> reason = body.optionalText("reason").filter(text -> !text.isBlank());
        if (reason.filter(text -> text.length() > REASON_MAX).isPresent()) {
            throw RequestBody.invalid("reason", "must have at most " + REASON_MAX + " characters");
        }
        if (cancelOpen && !on) {
            throw RequestBody.invalid("cancel_open", "goes with \"on\": true");
        }
        Answer answer = desk.killSwitch(on, reason, cancelOpen, call.caller().name());
        if (!(answer instanceof Answer.KillSwitchStatus status)) {
            OrderRoutes.answer(call, answer);
            return;
        }
        SECURITY.info(
                "kill_switch_set on={} by={} reason=\"{}\"", on, call.caller().name(), reason.orElse(""));
        if (cancelOpen) {
            desk.awaitNoOpenOrders(CANCEL_TIMEOUT);
            Answer compared = desk.reconcile();
            if (!desk.open().isEmpty()) {
                // The broker's list may just have shown open orders that were not recorded: they are cancelled, too.
                desk.killSwitch(true, reason, true, call.caller().name());
                desk.awaitNoOpenOrders(CANCEL_TIMEOUT);
            }
            if (compared instanceof Answer.Refused refused) {
                // The switch is on; whether an order is open at the broker could not be queried.
                throw new RefusedException(refused.refusal().with("kill_switch", status.on()));
            }
        }
        call.answer(killSwitch(
                call.caller(),
                status.on()
                        ? Optional.of(desk.killReason().or(() -> reason).orElse(OperatorCommands.NO_REASON))
                        : Optional.empty(),
                true,
                status.open()));
    }

    /** @param reason why it is on; empty while it is off */
    private KillSwitch killSwitch(Caller caller, Optional<String> reason, boolean recorded, List<Order> before) {
        List<Order> open = visibleTo(caller, desk.open());
        Optional<ControlEvent.KillSwitchSet> set = reason.isPresent() ? desk.killSwitch() : Optional.empty();
        return new KillSwitch(
                reason.isPresent(),
                recorded,
                reason,
                set.map(kill -> kill.source().name()),
                set.flatMap(ControlEvent.KillSwitchSet::by),
                set.map(kill -> ApiValues.timeMillis(kill.at())),
                open.size(),
                visibleTo(caller, before).size(),
                open.stream()
                        .map(order -> new KillSwitch.OpenOrder(
                                order.id().text(), order.status().publicName()))
                        .toList());
    }

    private static List<Order> visibleTo(Caller caller, List<Order> orders) {
        return orders.stream()
                .filter(order -> OrderRoutes.canSee(caller, order))
                .toList();
    }

    private static RefusedException refused(ErrorCode code, String message) {
        return new RefusedException(Refusal.of(code, message));
    }
}
