package kr.kisgateway.gateway.face;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.access.FaceIdentity;
import kr.kisgateway.gateway.order.BrokerRequest;
import kr.kisgateway.gateway.order.Fill;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.print.FramePrinter;

/**
 * Execution notices (체결통보) of the gateway's own record of orders: each event once, also one whose notice KIS lost and a later
 * query showed. Remembers what it has printed, within a bound.
 */
final class NoticePrinter {
    private static final int EVENTS_MAX = 100_000;
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");

    private final Function<Symbol, String> names;
    private final InstantSource clock;
    /** Events that were printed, or that happened before anyone received notices. */
    private final Cache<String, Boolean> printed =
            Caffeine.newBuilder().maximumSize(EVENTS_MAX).build();

    /** @param names Korean name of an instrument */
    NoticePrinter(Function<Symbol, String> names, InstantSource clock) {
        this.names = names;
        this.clock = clock;
    }

    /** A notice without its receiver. */
    record Due(ExecutionNotice notice) {
        /** The encrypted frame for the account and login id of a key. */
        String frame(String trId, FaceIdentity identity, FrameLayout layout, NoticeKey key) {
            var own = new ExecutionNotice(
                    identity.htsId(),
                    identity.accountNumber(),
                    notice.odno(),
                    notice.originalOdno(),
                    notice.side(),
                    notice.request(),
                    notice.ordDvsn(),
                    notice.condition(),
                    notice.symbol(),
                    notice.qty(),
                    notice.price(),
                    notice.timeOfDay(),
                    notice.kind(),
                    notice.orgNo(),
                    notice.orderQty(),
                    "",
                    notice.conditionPrice(),
                    notice.exchange(),
                    notice.popup(),
                    notice.creditClass(),
                    notice.loanDate(),
                    notice.symbolName(),
                    notice.orderPrice());
            return new FramePrinter(layout.printed()).encryptedNotice(trId, own, key);
        }
    }

    /** The notices of an order that were not printed yet. */
    List<Due> of(Order order) {
        var due = new ArrayList<Due>();
        for (BrokerRequest request : order.requests()) {
            if (request.odno().isPresent() && isNew(order, "taken " + request.no())) {
                due.add(new Due(notice(order, request, Kind.RECEIPT)));
            }
            if (isConfirmed(order, request) && isNew(order, "confirmed " + request.no())) {
                due.add(new Due(notice(order, request, Kind.CONFIRMED)));
            }
        }
        for (Fill fill : order.fills()) {
            if (isNew(order, fill.execId())) {
                due.add(new Due(notice(order, fill)));
            }
        }
        return due;
    }

    /** Marks what happened while nobody received notices: it is not told later, as KIS repeats nothing. */
    void skip(Order order) {
        order.requests().forEach(request -> {
            if (request.odno().isPresent()) {
                isNew(order, "taken " + request.no());
            }
            if (isConfirmed(order, request)) {
                isNew(order, "confirmed " + request.no());
            }
        });
        order.fills().forEach(fill -> isNew(order, fill.execId()));
    }

    private static boolean isConfirmed(Order order, BrokerRequest request) {
        return switch (request.kind()) {
            case PLACE -> false;
            case MODIFY -> request.odno().isPresent();
            case CANCEL ->
                request.state() == BrokerRequest.State.DONE || request.isFullCancel() && order.canceled() > 0;
        };
    }

    private boolean isNew(Order order, String event) {
        return printed.asMap().putIfAbsent(order.id() + " " + event, true) == null;
    }

    private ExecutionNotice notice(Order order, BrokerRequest request, Kind kind) {
        long qty = request.kind() == BrokerRequest.Kind.CANCEL && request.qty() > 0
                ? request.qty()
                : order.terms().qty();
        return notice(
                order,
                request.odno().orElse(0),
                request.target(),
                switch (request.kind()) {
                    case PLACE -> ExecutionNotice.Request.NEW;
                    case MODIFY -> ExecutionNotice.Request.MODIFY;
                    case CANCEL -> ExecutionNotice.Request.CANCEL;
                },
                qty,
                order.terms().price().orElse(0),
                now(),
                kind,
                request.orgNo(),
                0);
    }

    private ExecutionNotice notice(Order order, Fill fill) {
        String orgNo = order.brokerRefs().stream()
                .filter(ref -> ref.odno() == fill.odno())
                .map(ref -> ref.orgNo())
                .findFirst()
                .orElse("");
        long price = BigDecimal.valueOf(fill.value())
                .divide(BigDecimal.valueOf(fill.qty()), 0, RoundingMode.HALF_UP)
                .longValueExact();
        return notice(
                order,
                fill.odno(),
                0,
                ExecutionNotice.Request.NEW,
                fill.qty(),
                price,
                fill.time() == 0 ? now() : fill.time(),
                Kind.FILL,
                orgNo,
                order.terms().price().orElse(0));
    }

    private ExecutionNotice notice(
            Order order,
            long odno,
            long original,
            ExecutionNotice.Request request,
            long qty,
            long price,
            int time,
            Kind kind,
            String orgNo,
            long orderPrice) {
        return new ExecutionNotice(
                "",
                "",
                odno,
                original,
                order.terms().side(),
                request,
                order.terms().type() == OrderType.MARKET ? "01" : "00",
                ExecutionNotice.Condition.NONE,
                order.terms().symbol(),
                qty,
                price,
                time,
                kind,
                orgNo,
                order.terms().qty(),
                "",
                0,
                Optional.of(ExecutionNotice.Exchange.KRX),
                false,
                "10",
                "",
                names.apply(order.terms().symbol()),
                orderPrice);
    }

    private int now() {
        var time = LocalTime.ofInstant(clock.instant(), SEOUL);
        return time.getHour() * 10_000 + time.getMinute() * 100 + time.getSecond();
    }
}
