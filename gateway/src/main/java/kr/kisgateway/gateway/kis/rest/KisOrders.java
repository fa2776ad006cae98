package kr.kisgateway.gateway.kis.rest;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.client.CancelOrder;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.ModifyOrder;
import kr.kisgateway.client.PlaceOrder;
import kr.kisgateway.client.Placement;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.DailyOrders;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.CreditCodes;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.OrderDivision;
import kr.kisgateway.wire.OrderDivisions;
import kr.kisgateway.wire.parse.DailyOrderRow;

/** Translates between the order desk's terms and those of the KIS client. */
public final class KisOrders {
    private static final OrderDivisions DIVISIONS = OrderDivisions.load();
    private static final Pattern TIME = Pattern.compile("[0-9]{6}");

    private KisOrders() {}

    /** The client's lane of the call budget. */
    public static kr.kisgateway.client.Lane lane(Broker.Lane lane) {
        return switch (lane) {
            case CANCEL -> kr.kisgateway.client.Lane.CANCEL;
            case MARKET -> kr.kisgateway.client.Lane.MARKET_ORDER;
            case LIMIT -> kr.kisgateway.client.Lane.LIMIT_ORDER;
        };
    }

    /** The order request for {@code terms} on {@code day}, in Seoul. */
    public static PlaceOrder place(Terms terms, Symbol symbol, LocalDate day) {
        return new PlaceOrder(
                symbol,
                terms.side(),
                division(terms, day),
                terms.qty(),
                terms.price().orElse(0),
                terms.stopPrice().orElse(0),
                terms.venue(),
                terms.credit());
    }

    /** A new price for the whole remainder of the broker's order {@code odno}. */
    public static ModifyOrder modify(Terms terms, Symbol symbol, LocalDate day, String orgNo, long odno, long price) {
        return new ModifyOrder(
                orgNo,
                odno,
                symbol,
                terms.venue(),
                division(terms, day),
                price,
                terms.stopPrice().orElse(0));
    }

    /** Its ORD_DVSN. An order from elsewhere may have a kind that is not listed: then what it comes nearest to. */
    private static String division(Terms terms, LocalDate day) {
        return DIVISIONS
                .find(terms.kind(), terms.venue(), day)
                .map(OrderDivision::code)
                .orElse(terms.price().isPresent() ? "00" : "01");
    }

    /** A cancel of {@code qty} shares, or of {@code all} that remain, of the broker's order {@code odno}. */
    public static CancelOrder cancel(
            Terms terms, Symbol symbol, LocalDate day, String orgNo, long odno, long qty, boolean all) {
        return new CancelOrder(orgNo, odno, symbol, terms.venue(), division(terms, day), qty, all);
    }

    /** The broker's daily orders as requested at {@code requestedAt}. */
    public static DailyOrders listing(Instant requestedAt, KisReply<List<DailyOrderRow>> reply) {
        return switch (reply) {
            case KisReply.Ok<List<DailyOrderRow>> ok ->
                new DailyOrders.Complete(
                        requestedAt, ok.value().stream().map(KisOrders::listed).toList());
            case KisReply.Failed<List<DailyOrderRow>> failed ->
                new DailyOrders.Failed(failed.failure().kind() + " "
                        + failed.failure().msgCd() + " " + failed.failure().msg1());
        };
    }

    /** The notice about an order of {@code account} in the order desk's terms. */
    public static Notice notice(String account, ExecutionNotice notice) {
        return new Notice(
                account,
                kind(notice.kind(), notice.request()),
                notice.odno(),
                notice.originalOdno(),
                notice.symbol(),
                notice.side(),
                notice.qty(),
                notice.price(),
                notice.timeOfDay(),
                notice.orgNo(),
                kind(notice.ordDvsn(), venue(notice)),
                venue(notice),
                CreditCodes.date(notice.loanDate())
                        .map(date -> new Credit(
                                CreditCodes.type(notice.creditClass())
                                        .filter(type -> type.side() == notice.side())
                                        .orElseGet(() -> CreditType.of(notice.side(), false)),
                                date)),
                tradedAt(notice));
    }

    static Notice.Kind kind(ExecutionNotice.Kind kind, ExecutionNotice.Request request) {
        return switch (kind) {
            case RECEIPT -> Notice.Kind.RECEIVED;
            case FILL -> Notice.Kind.FILLED;
            case REJECTED -> Notice.Kind.REJECTED;
            case REST_CANCELLED -> Notice.Kind.REST_CANCELED;
            case CONFIRMED ->
                switch (request) {
                    case CANCEL -> Notice.Kind.CANCEL_CONFIRMED;
                    case MODIFY -> Notice.Kind.MODIFY_CONFIRMED;
                    default -> Notice.Kind.OTHER;
                };
        };
    }

    /** What an order with that ORD_DVSN is; empty when the code is unknown. */
    private static Optional<OrderKind> kind(String division, Optional<Venue> venue) {
        return DIVISIONS.find(division, venue.orElse(Venue.KRX)).map(OrderDivision::kind);
    }

    private static Optional<Venue> venue(String exchange) {
        return switch (exchange) {
            case "KRX" -> Optional.of(Venue.KRX);
            case "NXT" -> Optional.of(Venue.NXT);
            case "SOR" -> Optional.of(Venue.SOR);
            default -> Optional.empty();
        };
    }

    private static Optional<Venue> tradedAt(ExecutionNotice notice) {
        return notice.exchange().map(exchange -> switch (exchange) {
            case KRX, SOR_KRX -> Venue.KRX;
            case NXT, SOR_NXT -> Venue.NXT;
        });
    }

    private static Optional<Venue> venue(ExecutionNotice notice) {
        return notice.exchange().map(exchange -> switch (exchange) {
            case KRX -> Venue.KRX;
            case NXT -> Venue.NXT;
            case SOR_KRX, SOR_NXT -> Venue.SOR;
        });
    }

    private static BrokerOrder listed(DailyOrderRow row) {
        return new BrokerOrder(
                kind(row),
                row.odno(),
                row.originalOdno(),
                row.orgNo(),
                row.symbol(),
                row.side(),
                row.ordQty(),
                row.ordUnpr(),
                kind(row.ordDvsnCd(), venue(row.exchange())),
                venue(row.exchange()),
                time(row.ordTmd()),
                row.totCcldQty(),
                row.totCcldAmt(),
                row.cncCfrmQty(),
                row.rmnQty(),
                rejected(row),
                // The row has the date; the lender is in its name, if anywhere.
                row.loanDate()
                        .map(date -> new Credit(CreditType.of(row.side(), CreditCodes.isKsfc(row.sideName())), date)));
    }

    /**
     * A row that replaces another and is no modification is a cancel, whatever KIS calls it. One that KIS names a change and
     * that has no original number is still no order of its own.
     */
    private static BrokerOrder.Kind kind(DailyOrderRow row) {
        if (row.isModifyRow()) {
            return BrokerOrder.Kind.MODIFY;
        }
        return row.originalOdno() != 0 || row.isCancelRow() ? BrokerOrder.Kind.CANCEL : BrokerOrder.Kind.ORDER;
    }

    /** A row named a refusal without a quantity was refused completely. */
    private static long rejected(DailyOrderRow row) {
        if (!row.isRejected()) {
            return 0;
        }
        return row.rjctQty() > 0 ? row.rjctQty() : row.ordQty();
    }

    /** A row without a readable time counts as ordered last: it is never ruled out as too early. */
    private static int time(String hhmmss) {
        return TIME.matcher(hhmmss).matches() ? Integer.parseInt(hhmmss) : 235_959;
    }

    /** The outcome of a send, in the order desk's terms. */
    public static Outcome outcome(Placement placement) {
        return switch (placement) {
            case Placement.Accepted accepted -> new Outcome.Taken(accepted.orgNo(), accepted.odno(), accepted.time());
            case Placement.Refused refused -> new Outcome.Refused(refused.code(), refused.message());
            case Placement.NotSent notSent -> new Outcome.NotTaken(notSent.code(), notSent.message());
            case Placement.Unknown unknown -> new Outcome.InDoubt(unknown.code(), unknown.message());
        };
    }
}
