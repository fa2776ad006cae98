package kr.kisgateway.gateway.kis.rest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.OrderGrant;
import kr.kisgateway.client.OverseasFilter;
import kr.kisgateway.client.Permit;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.order.AccountDay;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.BrokerNumbers;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.OverseasNotice;

/** KIS as the order desk's broker. Translates and decides nothing: the order desk decides whether to send. */
public final class KisBroker implements Broker {
    private static final Duration DAILY_ORDERS_TIMEOUT = Duration.ofMinutes(2);

    private final Accounts<KisAccount> accounts;
    private final KisUsOrders usOrders;
    private final InstantSource clock;

    public KisBroker(Accounts<KisAccount> accounts, MarketCalendar usHours, InstantSource clock) {
        this.accounts = accounts;
        this.usOrders = new KisUsOrders(usHours);
        this.clock = clock;
    }

    private record PermitSlot(Permit permit) implements Slot {
        @Override
        public void release() {
            permit.release();
        }
    }

    @Override
    public SlotAnswer acquireSlot(String account, Lane lane, String tenant, Instant deadline) {
        return switch (client(account).acquireOrder(KisOrders.lane(lane), tenant, deadline)) {
            case OrderGrant.Granted granted -> new SlotAnswer.Granted(new PermitSlot(granted.permit()));
            case OrderGrant.TimedOut _ -> new SlotAnswer.TimedOut();
            case OrderGrant.Suspended _ -> new SlotAnswer.Suspended();
        };
    }

    @Override
    public Optional<Slot> acquireFreeSlot(String account, Lane lane, String tenant, Instant deadline) {
        return client(account)
                .acquireOrderNow(KisOrders.lane(lane), tenant, deadline)
                .map(PermitSlot::new);
    }

    @Override
    public Outcome place(Slot slot, Terms terms) {
        KisClient kis = client(terms.accountId());
        return switch (terms.symbol()) {
            case Symbol korean -> KisOrders.outcome(kis.place(permit(slot), KisOrders.place(terms, korean, today())));
            case UsSymbol us ->
                dated(KisOrders.outcome(kis.overseas().place(permit(slot), KisUsOrders.place(terms, us))));
            default -> unsupported(slot, terms);
        };
    }

    @Override
    public Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long qty, long price) {
        KisClient kis = client(terms.accountId());
        return switch (terms.symbol()) {
            case Symbol korean ->
                KisOrders.outcome(
                        kis.modify(permit(slot), KisOrders.modify(terms, korean, today(), orgNo, odno, price)));
            case UsSymbol us ->
                dated(KisOrders.outcome(kis.overseas()
                        .modify(
                                permit(slot),
                                KisTr.toOverseasSymbol(us),
                                KisUsOrders.isDayMarket(terms),
                                BrokerNumbers.plain(odno),
                                qty,
                                KisUsOrders.price(OptionalLong.of(price)))));
            default -> unsupported(slot, terms);
        };
    }

    @Override
    public Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all) {
        KisClient kis = client(terms.accountId());
        return switch (terms.symbol()) {
            case Symbol korean ->
                KisOrders.outcome(
                        kis.cancel(permit(slot), KisOrders.cancel(terms, korean, today(), orgNo, odno, qty, all)));
            case UsSymbol us ->
                dated(KisOrders.outcome(kis.overseas()
                        .cancel(
                                permit(slot),
                                KisTr.toOverseasSymbol(us),
                                KisUsOrders.isDayMarket(terms),
                                BrokerNumbers.plain(odno),
                                qty)));
            default -> unsupported(slot, terms);
        };
    }

    @Override
    public DailyOrders requestDailyOrders(AccountDay requested) {
        KisClient kis = client(requested.account());
        TradingDay day = requested.day();
        Instant requestedAt = clock.instant();
        if (day.market().equals(Market.US)) {
            // New York's date of an order of the day market is the day before.
            return usOrders.listing(
                    day.date(),
                    requestedAt,
                    kis.overseas()
                            .orders(
                                    day.date().minusDays(1),
                                    day.date(),
                                    OverseasFilter.ALL,
                                    CallOptions.standard()
                                            .withLane(kr.kisgateway.client.Lane.RESOLVE)
                                            .withTimeout(DAILY_ORDERS_TIMEOUT)));
        }
        return KisOrders.listing(
                requestedAt,
                kis.inquireDailyOrders(
                        day.date(), kr.kisgateway.client.Lane.RESOLVE, requestedAt.plus(DAILY_ORDERS_TIMEOUT)));
    }

    /**
     * The notice in the order desk's terms; empty when it is about another account of the same login. KIS may send a notice to each
     * app key of a login: that of the account counts.
     *
     * @param appKey on whose socket it arrived
     */
    public Optional<Notice> noticeOfAccount(String appKey, ExecutionNotice notice) {
        return aliasOf(appKey, notice.account()).map(alias -> KisOrders.notice(alias, notice));
    }

    /** As {@link #noticeOfAccount(String, ExecutionNotice)}; empty also when it is about a stock of another country. */
    public Optional<Notice> noticeOfAccount(String appKey, OverseasNotice notice) {
        return aliasOf(appKey, notice.account()).flatMap(alias -> usOrders.notice(alias, notice, clock.instant()));
    }

    private Optional<String> aliasOf(String appKey, String number) {
        return accounts.aliasOf(account -> account.appKey().equals(appKey) && account.hasNumber(number));
    }

    private KisClient client(String alias) {
        return accounts.find(alias)
                .orElseThrow(() -> new IllegalArgumentException("no account " + alias))
                .client();
    }

    private Outcome dated(Outcome outcome) {
        return usOrders.dated(outcome, clock.instant());
    }

    private static Outcome unsupported(Slot slot, Terms terms) {
        slot.release();
        return new Outcome.Refused("UNSUPPORTED_BY_SOURCE", "no orders are sent for " + terms.symbol());
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
