package kr.kisgateway.gateway.kis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.CancelOrder;
import kr.kisgateway.client.Grant;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.ModifyOrder;
import kr.kisgateway.client.Permit;
import kr.kisgateway.client.PlaceOrder;
import kr.kisgateway.client.Placement;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.DailyOrderRow;

/** The order desk's broker: KIS. Translates words and adds nothing: whether to send is decided elsewhere. */
public final class KisBroker implements Broker {
    private static final Duration LISTING_PATIENCE = Duration.ofMinutes(2);
    private static final String LIMIT = "00";
    private static final String MARKET = "01";

    /** Alias of the one account of this part. */
    public static final String ACCOUNT = "A1";

    private final Supplier<KisClient> kis;
    private final String accountNumber;
    private final InstantSource clock;

    /** @param kis is asked for at each call, because client and order desk know each other */
    public KisBroker(Supplier<KisClient> kis, AccountNumber account, InstantSource clock) {
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
    public SlotAnswer acquire(Lane lane, String tenant, Instant deadline) {
        var kisLane = switch (lane) {
            case CANCEL -> kr.kisgateway.client.Lane.CANCEL;
            case MARKET -> kr.kisgateway.client.Lane.MARKET_ORDER;
            case LIMIT -> kr.kisgateway.client.Lane.LIMIT_ORDER;
        };
        return switch (kis.get().budget().acquire(kisLane, tenant, true, deadline)) {
            case Grant.Granted granted -> new SlotAnswer.Granted(new PermitSlot(granted.permit()));
            case Grant.TimedOut _ -> new SlotAnswer.TimedOut();
        };
    }

    @Override
    public Outcome place(Slot slot, Terms terms) {
        return outcome(kis.get()
                .place(
                        permit(slot),
                        new PlaceOrder(
                                terms.symbol(),
                                terms.side(),
                                terms.type(),
                                terms.qty(),
                                terms.price().orElse(0),
                                terms.venue())));
    }

    @Override
    public Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long price) {
        return outcome(kis.get()
                .modify(
                        permit(slot),
                        new ModifyOrder(orgNo, odno, terms.symbol(), terms.venue(), division(terms), price)));
    }

    @Override
    public Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all) {
        return outcome(kis.get()
                .cancel(
                        permit(slot),
                        new CancelOrder(orgNo, odno, terms.symbol(), terms.venue(), division(terms), qty, all)));
    }

    private static String division(Terms terms) {
        return terms.type() == OrderType.MARKET ? MARKET : LIMIT;
    }

    @Override
    public Listing list(LocalDate day) {
        Instant askedAt = clock.instant();
        return switch (kis.get()
                .inquireDailyOrders(day, kr.kisgateway.client.Lane.RESOLVE, askedAt.plus(LISTING_PATIENCE))) {
            case KisReply.Ok<List<DailyOrderRow>> ok ->
                new Listing.Complete(
                        askedAt, ok.value().stream().map(KisBroker::listed).toList());
            case KisReply.Failed<List<DailyOrderRow>> failed ->
                new Listing.Failed(failed.failure().kind() + " "
                        + failed.failure().msgCd() + " " + failed.failure().msg1());
        };
    }

    /** The notice in the order desk's words; empty when it speaks of another account of the same login. */
    public Optional<Notice> ours(ExecutionNotice notice) {
        return notice.account().equals(accountNumber) ? Optional.of(notice(notice)) : Optional.empty();
    }

    private static Notice notice(ExecutionNotice notice) {
        return new Notice(
                kind(notice),
                notice.odno(),
                notice.originalOdno(),
                notice.symbol(),
                notice.side(),
                notice.qty(),
                notice.price(),
                notice.timeOfDay(),
                notice.orgNo());
    }

    private static Notice.Kind kind(ExecutionNotice notice) {
        return switch (notice.kind()) {
            case RECEIPT -> Notice.Kind.RECEIVED;
            case FILL -> Notice.Kind.FILLED;
            case REJECTED -> Notice.Kind.REJECTED;
            case REST_CANCELLED -> Notice.Kind.REST_CANCELED;
            case CONFIRMED ->
                switch (notice.request()) {
                    case CANCEL -> Notice.Kind.CANCEL_CONFIRMED;
                    case MODIFY -> Notice.Kind.MODIFY_CONFIRMED;
                    default -> Notice.Kind.OTHER;
                };
        };
    }

    private static Listed listed(DailyOrderRow row) {
        return new Listed(
                kind(row),
                row.odno(),
                row.originalOdno(),
                row.orgNo(),
                row.symbol(),
                row.side(),
                row.ordQty(),
                row.ordUnpr(),
                row.ordDvsnCd().equals(MARKET),
                time(row.ordTmd()),
                row.totCcldQty(),
                row.totCcldAmt(),
                row.cncCfrmQty(),
                row.rmnQty(),
                row.isRejected() ? Math.max(1, row.rjctQty()) : 0);
    }

    /** A row that replaces another and is no modification takes something away, whatever KIS calls it. */
    private static Listed.Kind kind(DailyOrderRow row) {
        if (row.originalOdno() == 0) {
            return Listed.Kind.ORDER;
        }
        return row.isModifyRow() ? Listed.Kind.MODIFY : Listed.Kind.CANCEL;
    }

    /** A row without a readable time counts as ordered last: it is never ruled out for being too early. */
    private static int time(String hhmmss) {
        return hhmmss.matches("[0-9]{6}") ? Integer.parseInt(hhmmss) : 235_959;
    }

    private static Permit permit(Slot slot) {
        return Optional.of(slot)
                .filter(PermitSlot.class::isInstance)
                .map(PermitSlot.class::cast)
                .orElseThrow(() -> new IllegalArgumentException("not a slot of this broker"))
                .permit();
    }

    private static Outcome outcome(Placement placement) {
        return switch (placement) {
            case Placement.Accepted accepted -> new Outcome.Taken(accepted.orgNo(), accepted.odno(), accepted.time());
            case Placement.Refused refused -> new Outcome.Refused(refused.code(), refused.message());
            case Placement.NotSent notSent -> new Outcome.NotTaken(notSent.code(), notSent.message());
            case Placement.Unknown unknown -> new Outcome.InDoubt(unknown.code(), unknown.message());
        };
    }
}
