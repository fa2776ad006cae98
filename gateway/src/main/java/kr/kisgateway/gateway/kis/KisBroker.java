package kr.kisgateway.gateway.kis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.OrderGrant;
import kr.kisgateway.client.Permit;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.wire.ExecutionNotice;

/** KIS as the order desk's broker. Translates and decides nothing: the order desk decides whether to send. */
public final class KisBroker implements Broker {
    private static final Duration DAILY_ORDERS_TIMEOUT = Duration.ofMinutes(2);

    /** Alias of the gateway's one account. */
    public static final String ACCOUNT = "A1";

    private final KisClient kis;
    private final String accountNumber;
    private final InstantSource clock;

    public KisBroker(KisClient kis, AccountNumber account, InstantSource clock) {
        this.kis = kis;
        this.accountNumber = account.cano() + account.productCode();
        this.clock = clock;
    }

    private record PermitSlot(Permit permit) implements Slot {
        @Override
        public void release() {
            permit.release();
        }
    }

    @Override
    public SlotAnswer acquireSlot(Lane lane, String tenant, Instant deadline) {
        return switch (kis.acquireOrder(KisOrders.lane(lane), tenant, deadline)) {
            case OrderGrant.Granted granted -> new SlotAnswer.Granted(new PermitSlot(granted.permit()));
            case OrderGrant.TimedOut _ -> new SlotAnswer.TimedOut();
            case OrderGrant.Suspended _ -> new SlotAnswer.Suspended();
        };
    }

    @Override
    public Outcome place(Slot slot, Terms terms) {
        return KisOrders.outcome(kis.place(permit(slot), KisOrders.place(terms)));
    }

    @Override
    public Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long price) {
        return KisOrders.outcome(kis.modify(permit(slot), KisOrders.modify(terms, orgNo, odno, price)));
    }

    @Override
    public Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all) {
        return KisOrders.outcome(kis.cancel(permit(slot), KisOrders.cancel(terms, orgNo, odno, qty, all)));
    }

    @Override
    public DailyOrders requestDailyOrders(LocalDate day) {
        Instant requestedAt = clock.instant();
        return KisOrders.listing(
                requestedAt,
                kis.inquireDailyOrders(day, kr.kisgateway.client.Lane.RESOLVE, requestedAt.plus(DAILY_ORDERS_TIMEOUT)));
    }

    /** The notice in the order desk's terms; empty when it is about another account of the same login. */
    public Optional<Notice> noticeOfAccount(ExecutionNotice notice) {
        return notice.account().equals(accountNumber) ? Optional.of(KisOrders.notice(notice)) : Optional.empty();
    }

    private static Permit permit(Slot slot) {
        return Optional.of(slot)
                .filter(PermitSlot.class::isInstance)
                .map(PermitSlot.class::cast)
                .orElseThrow(() -> new IllegalArgumentException("not a slot of this broker"))
                .permit();
    }
}
