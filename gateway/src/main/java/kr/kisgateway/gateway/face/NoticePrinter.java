package kr.kisgateway.gateway.face;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.access.FaceIdentity;
import kr.kisgateway.gateway.order.BrokerRequest;
import kr.kisgateway.gateway.order.Fill;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.wire.CreditCodes;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.OrderDivision;
import kr.kisgateway.wire.OrderDivisions;
import kr.kisgateway.wire.print.FramePrinter;

/**
 * Execution notices (체결통보) of the gateway's own record of orders: each event once, also one whose notice KIS lost and a later
 * query showed. Remembers what it has printed, within a bound.
 */
final class NoticePrinter {
    /** Orders whose reported events are remembered. */
    private static final int ORDERS_MAX = 20_000;

    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final OrderDivisions DIVISIONS = OrderDivisions.load();

    private final Function<Symbol, String> names;
    private final InstantSource clock;
    private final Cache<OrderId, Reported> reported =
            Caffeine.newBuilder().maximumSize(ORDERS_MAX).build();

    /**
     * The events of an order that were printed, or that happened while no key received notices.
     *
     * @param taken bits of the numbers of the requests that KIS took
     * @param confirmed bits of those that took effect
     * @param fills number of fills
     * @param restCancelled whether the exchange cancelled what an order left that may not rest
     */
    private record Reported(long taken, long confirmed, int fills, boolean restCancelled) {
        static final Reported NONE = new Reported(0, 0, 0, false);

        static Reported of(Order order) {
            long taken = 0;
            long confirmed = 0;
            for (BrokerRequest request : order.requests()) {
                taken |= request.odno().isPresent() ? bit(request) : 0;
                confirmed |= isConfirmed(order, request) ? bit(request) : 0;
            }
            return new Reported(taken, confirmed, order.fills().size(), isRestCancelled(order));
        }

        /** A request beyond the sixtieth shares a bit: its notices are left out. */
        static long bit(BrokerRequest request) {
            return 1L << Math.min(request.no(), 62);
        }
    }

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

    /**
     * The notices of an order that were not printed yet.
     *
     * @param isReceived whether a key receives notices; else what happened is not reported later, as KIS repeats nothing
     */
    List<Due> of(Order order, boolean isReceived) {
        if (!(order.terms().symbol() instanceof Symbol)) {
            return List.of(); // notices of other markets have a feed and columns of their own
        }
        Reported now = Reported.of(order);
        Reported before =
                Optional.ofNullable(reported.asMap().put(order.id(), now)).orElse(Reported.NONE);
        if (!isReceived) {
            return List.of();
        }
        var due = new ArrayList<Due>();
        for (BrokerRequest request : order.requests()) {
            // KIS reports the receipt of a new order, and of a modification or cancel that it took effect.
            if (request.kind() == BrokerRequest.Kind.PLACE
                    && (now.taken() & ~before.taken() & Reported.bit(request)) != 0) {
                due.add(new Due(notice(order, request, Kind.RECEIPT)));
            }
        }
        for (Fill fill : order.fills().subList(Math.min(before.fills(), now.fills()), now.fills())) {
            due.add(new Due(notice(order, fill)));
        }
        if (now.restCancelled() && !before.restCancelled()) {
            due.add(new Due(restCancelled(order)));
        }
        for (BrokerRequest request : order.requests()) {
            if ((now.confirmed() & ~before.confirmed() & Reported.bit(request)) != 0) {
                due.add(new Due(notice(order, request, Kind.CONFIRMED)));
            }
        }
        return due;
    }

    /** Whether the exchange cancelled the rest of an IOC or FOK order, or of one of a session that ended. */
    private static boolean isRestCancelled(Order order) {
        OrderKind kind = order.terms().kind();
        boolean mayNotRest = kind.timeInForce() != TimeInForce.DAY || kind.session() == OrderSession.NXT_PRE;
        return mayNotRest
                && order.canceled() > 0
                && order.placing().odno().isPresent()
                && order.requests().stream().noneMatch(BrokerRequest::isFullCancel);
    }

    private ExecutionNotice restCancelled(Order order) {
        BrokerRequest placing = order.placing();
        return notice(
                order,
                placing.odno().orElse(0),
                0,
                ExecutionNotice.Request.NEW,
                order.canceled(),
                order.terms().price().orElse(0),
                now(),
                Kind.REST_CANCELLED,
                placing.orgNo(),
                0);
    }

    private static boolean isConfirmed(Order order, BrokerRequest request) {
        return switch (request.kind()) {
            case PLACE -> false;
            case MODIFY -> request.odno().isPresent();
            case CANCEL ->
                request.state() == BrokerRequest.State.DONE || request.isFullCancel() && order.canceled() > 0;
        };
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
                DIVISIONS
                        .find(order.terms().kind(), order.terms().venue(), order.tradingDay())
                        .map(OrderDivision::code)
                        .orElse(order.terms().isMarket() ? "01" : "00"),
                switch (order.terms().kind().timeInForce()) {
                    case DAY -> ExecutionNotice.Condition.NONE;
                    case IOC -> ExecutionNotice.Condition.IOC;
                    case FOK -> ExecutionNotice.Condition.FOK;
                },
                korean(order),
                qty,
                price,
                time,
                kind,
                orgNo,
                order.terms().qty(),
                "",
                order.terms().stopPrice().orElse(0),
                Optional.of(exchange(order)),
                false,
                order.terms()
                        .credit()
                        .map(credit -> CreditCodes.code(credit.type()))
                        .orElse("10"),
                order.terms()
                        .credit()
                        .map(credit -> DateTimeFormatter.BASIC_ISO_DATE.format(credit.loanDate()))
                        .orElse(""),
                names.apply(korean(order)),
                orderPrice);
    }

    /** Which of both venues a routed order went to is not recorded: KRX stands for it. */
    private static ExecutionNotice.Exchange exchange(Order order) {
        return switch (order.terms().venue()) {
            case KRX -> ExecutionNotice.Exchange.KRX;
            case NXT -> ExecutionNotice.Exchange.NXT;
            case SOR -> ExecutionNotice.Exchange.SOR_KRX;
            case NASD, NYSE, AMEX ->
                throw new IllegalArgumentException(order.terms().venue() + " is not in Korea");
        };
    }

    private static Symbol korean(Order order) {
        return Optional.of(order.terms().symbol())
                .filter(Symbol.class::isInstance)
                .map(Symbol.class::cast)
                .orElseThrow(() -> new IllegalArgumentException(order.id() + " is not of a Korean instrument"));
    }

    private int now() {
        var time = LocalTime.ofInstant(clock.instant(), SEOUL);
        return time.getHour() * 10_000 + time.getMinute() * 100 + time.getSecond();
    }
}
