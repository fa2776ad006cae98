package kr.kisgateway.gateway.kis.rest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.OrderGrant;
import kr.kisgateway.client.Permit;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.ExecutionNotice;

/** KIS as the order desk's broker. Translates and decides nothing: the order desk decides whether to send. */
public final class KisBroker implements Broker {
    private static final Duration DAILY_ORDERS_TIMEOUT = Duration.ofMinutes(2);

    private final KisClient kis;
    private final Set<String> accountNumbers;
    private final InstantSource clock;

    public KisBroker(KisClient kis, Accounts<AccountNumber> accounts, InstantSource clock) {
        this.kis = kis;
        this.accountNumbers = accounts.aliases().stream()
                .flatMap(alias -> accounts.find(alias).stream())
                .map(account -> account.cano() + account.productCode())
                .collect(Collectors.toUnmodifiableSet());
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
        return KisOrders.outcome(kis.place(permit(slot), KisOrders.place(terms, today())));
    }

    @Override
    public Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long price) {
        return KisOrders.outcome(kis.modify(permit(slot), KisOrders.modify(terms, today(), orgNo, odno, price)));
    }

    @Override
    public Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all) {
        return KisOrders.outcome(kis.cancel(permit(slot), KisOrders.cancel(terms, today(), orgNo, odno, qty, all)));
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
        return accountNumbers.contains(notice.account()) ? Optional.of(KisOrders.notice(notice)) : Optional.empty();
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
    }

    private static Permit permit(Slot slot) {
        return Optional.of(slot)
                .filter(PermitSlot.class::isInstance)
                .map(PermitSlot.class::cast)
                .orElseThrow(() -> new IllegalArgumentException("not a slot of this broker"))
                .permit();
    }
}
