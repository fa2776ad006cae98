package kr.kisgateway.gateway.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.audit.AuditTrail.Weight;
import kr.kisgateway.gateway.cost.CallCost;
import kr.kisgateway.gateway.order.AccountDay;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.Terms;

/** Records each order, modification and cancel that is sent to the broker, with the caller for whom it is sent. */
public final class AuditedBroker implements Broker {
    /** {@link AuditEntry#call()} of an order, as opposed to a modification or a cancel. */
    public static final String PLACE = "place";
    /** Name of the venue in the parameters. */
    public static final String VENUE = "venue";
    /** What the result begins with when the broker did certainly not take it, and it may be sent again. */
    public static final String NOT_TAKEN = "NOT_TAKEN ";
    /** What the result begins with when it is unknown whether the broker took it. */
    public static final String IN_DOUBT = "IN_DOUBT ";

    private final Broker broker;
    private final AuditTrail trail;
    private final InstantSource clock;
    private final InstantSource monotonicClock;

    /** @param monotonicClock a clock that is never adjusted */
    public AuditedBroker(Broker broker, AuditTrail trail, InstantSource clock, InstantSource monotonicClock) {
        this.broker = broker;
        this.trail = trail;
        this.clock = clock;
        this.monotonicClock = monotonicClock;
    }

    /** A slot with the caller for whom it was requested. */
    private record CallersSlot(Slot slot, String principal) implements Slot {
        @Override
        public void release() {
            slot.release();
        }
    }

    @Override
    public SlotAnswer acquireSlot(String account, Lane lane, String tenant, Instant deadline) {
        var answer = broker.acquireSlot(account, lane, tenant, deadline);
        return answer instanceof SlotAnswer.Granted(Slot slot)
                ? new SlotAnswer.Granted(new CallersSlot(slot, tenant))
                : answer;
    }

    @Override
    public Optional<Slot> acquireFreeSlot(String account, Lane lane, String tenant, Instant deadline) {
        return broker.acquireFreeSlot(account, lane, tenant, deadline).map(slot -> new CallersSlot(slot, tenant));
    }

    @Override
    public Outcome place(Slot slot, Terms terms) {
        return recorded(slot, PLACE, describe(terms, terms.qty(), terms.price()), inner -> broker.place(inner, terms));
    }

    @Override
    public Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long qty, long price) {
        return recorded(
                slot,
                "modify",
                describe(terms, qty, OptionalLong.of(price)) + " kis_order_no=" + odno,
                inner -> broker.modify(inner, terms, orgNo, odno, qty, price));
    }

    @Override
    public Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all) {
        return recorded(
                slot,
                "cancel",
                describe(terms, qty, OptionalLong.empty()) + " kis_order_no=" + odno,
                inner -> broker.cancel(inner, terms, orgNo, odno, qty, all));
    }

    private interface Send {
        Outcome by(Slot slot);
    }

    private Outcome recorded(Slot slot, String what, String parameters, Send send) {
        var principal = slot instanceof CallersSlot(Slot _, String name) ? name : "gateway";
        var inner = slot instanceof CallersSlot(Slot wrapped, String _) ? wrapped : slot;
        var cost = CallCost.ofOrder(principal);
        Instant begun = monotonicClock.instant();
        Outcome outcome = cost.run(() -> send.by(inner));
        record(principal, what, parameters, cost, outcome, Duration.between(begun, monotonicClock.instant()));
        return outcome;
    }

    private void record(
            String principal, String what, String parameters, CallCost cost, Outcome outcome, Duration took) {
        String result = switch (outcome) {
            case Outcome.Taken _ -> AuditEntry.OK;
            case Outcome.Refused(String code, String _) -> code;
            case Outcome.NotTaken(String code, String _) -> NOT_TAKEN + code;
            case Outcome.InDoubt(String code, String _) -> IN_DOUBT + code;
        };
        String number = outcome instanceof Outcome.Taken taken ? " taken_as=" + taken.odno() : "";
        trail.record(
                new AuditEntry(
                        clock.instant(),
                        AuditSource.KIS,
                        AuditEntry.Kind.CALL,
                        principal,
                        "",
                        "",
                        what,
                        cost.trs(),
                        parameters + number,
                        0,
                        result,
                        "",
                        1,
                        outcome instanceof Outcome.Taken ? 0 : 1,
                        cost.calls(),
                        took.toNanos() / 1_000),
                Weight.CHANGE);
    }

    private static String describe(Terms terms, long qty, OptionalLong price) {
        return "account_id=" + terms.accountId() + " symbol=" + terms.symbol().code() + " side=" + terms.side()
                + " qty="
                + qty
                + price.stream().mapToObj(it -> " price=" + it).findFirst().orElse("") + " order_type="
                + terms.kind().type() + ' ' + VENUE + '=' + terms.venue();
    }

    @Override
    public DailyOrders requestDailyOrders(AccountDay day) {
        return broker.requestDailyOrders(day);
    }
}
