package kr.kisgateway.gateway.face;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.BrokerNumbers;
import kr.kisgateway.gateway.order.BrokerOrderRef;
import kr.kisgateway.gateway.order.BrokerRequest;
import kr.kisgateway.gateway.order.Fill;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.ExecutionNotice.Request;

/**
 * The events of the gateway's own record of orders that execution notices (체결통보) report: each once, also one whose notice KIS
 * lost and a later query showed. Remembers what it has reported of the open orders, which the desk has in memory too, and of a
 * bounded number of ended ones: a program that adds up fills would count one twice.
 */
final class NoticeTracker {
    /** Ended orders whose reported events are remembered. */
    private static final int ENDED_MAX = 20_000;

    private final InstantSource clock;
    private final Map<OrderId, Reported> open = new HashMap<>();
    /** In the order of their last change. */
    private final LinkedHashMap<OrderId, Reported> ended = new LinkedHashMap<>();

    /**
     * The events of an order that were reported, or that happened while no key received notices.
     *
     * @param taken bits of the numbers of the requests that KIS took
     * @param confirmed bits of those that took effect
     * @param refused bits of those that KIS took and the exchange refused
     * @param fills number of fills
     * @param restCancelled whether the exchange cancelled what an order left that may not rest
     * @param price in force then, if any, of an order with a further request: the price of a modification that was refused later is
     *     nowhere else
     */
    private record Reported(
            long taken, long confirmed, long refused, int fills, boolean restCancelled, OptionalLong price) {
        static final Reported NONE = new Reported(0, 0, 0, 0, false, OptionalLong.empty());
        /** One for all orders that rest as they were placed. */
        private static final Reported RESTING = new Reported(1L << 1, 0, 0, 0, false, OptionalLong.empty());

        static Reported of(Order order) {
            Reported reported = read(order);
            return reported.equals(RESTING) ? RESTING : reported;
        }

        private static Reported read(Order order) {
            long taken = 0;
            long confirmed = 0;
            long refused = 0;
            for (BrokerRequest request : order.requests()) {
                taken |= request.odno().isPresent() ? bit(request) : 0;
                confirmed |= isConfirmed(order, request) ? bit(request) : 0;
                refused |= isRefusedByExchange(order, request) ? bit(request) : 0;
            }
            return new Reported(
                    taken,
                    confirmed,
                    refused,
                    order.fills().size(),
                    isRestCancelled(order),
                    order.requests().size() > 1 ? order.terms().price() : OptionalLong.empty());
        }

        /** A request beyond the sixtieth shares a bit: its notices are left out. */
        static long bit(BrokerRequest request) {
            return 1L << Math.min(request.no(), 62);
        }
    }

    NoticeTracker(InstantSource clock) {
        this.clock = clock;
    }

    /** What happened to an order before the gateway started was reported then, or is not reported. */
    synchronized void skipPast(Order order) {
        if (!open.containsKey(order.id()) && !ended.containsKey(order.id())) {
            remember(order, Reported.of(order));
        }
    }

    /**
     * The events of an order that were not reported yet, in the order in which KIS reports them.
     *
     * @param isReceived whether a key receives notices; else what happened is not reported later, as KIS repeats nothing
     */
    List<OrderNotice> of(Order order, boolean isReceived) {
        Reported now = Reported.of(order);
        Reported before = remember(order, now).orElse(Reported.NONE);
        return isReceived ? new Events(order, before, now).due() : List.of();
    }

    /** Registers the meters. */
    void bindTo(Meters meters) {
        meters.cacheLimit("face_ended_orders", this::remembered, ENDED_MAX);
    }

    private synchronized int remembered() {
        return ended.size();
    }

    /** Returns what was remembered of the order. */
    private synchronized Optional<Reported> remember(Order order, Reported now) {
        Optional<Reported> before =
                Optional.ofNullable(open.remove(order.id())).or(() -> Optional.ofNullable(ended.remove(order.id())));
        if (!order.status().isTerminal()) {
            open.put(order.id(), now);
            return before;
        }
        ended.put(order.id(), now);
        if (ended.size() > ENDED_MAX) {
            ended.pollFirstEntry();
        }
        return before;
    }

    /** Whether the exchange cancelled the rest of an order of which nothing may rest, or of one of a session that ended. */
    private static boolean isRestCancelled(Order order) {
        return mayNotRest(order.terms().kind())
                && order.canceled() > 0
                && order.placing().odno().isPresent()
                && order.requests().stream()
                        .noneMatch(request -> request.isFullCancel() && request.state() != BrokerRequest.State.REFUSED);
    }

    private static boolean mayNotRest(OrderKind kind) {
        return kind.timeInForce() != TimeInForce.DAY
                || kind.session() == OrderSession.NXT_PRE
                || switch (kind.type()) {
                    case LOO, LOC, MOO, MOC -> true;
                    case LIMIT, MARKET, CONDITIONAL, BEST, TOP, MID, STOP_LIMIT, CLOSE_PRICE -> false;
                };
    }

    private static boolean isConfirmed(Order order, BrokerRequest request) {
        return request.state() != BrokerRequest.State.REFUSED
                && switch (request.kind()) {
                    case PLACE -> false;
                    case MODIFY -> request.odno().isPresent();
                    case CANCEL ->
                        request.state() == BrokerRequest.State.DONE || request.isFullCancel() && order.canceled() > 0;
                };
    }

    /** KIS reports the refusals of an exchange; its own are the answer to the call. */
    private static boolean isRefusedByExchange(Order order, BrokerRequest request) {
        return request.odno().isPresent()
                && switch (request.kind()) {
                    case PLACE -> order.status() == OrderStatus.REJECTED;
                    case MODIFY, CANCEL -> request.state() == BrokerRequest.State.REFUSED;
                };
    }

    /** What happened to an order since its events were last reported. */
    private final class Events {
        private final Order order;
        private final Reported before;
        private final Reported now;
        private final List<OrderNotice> due = new ArrayList<>();

        Events(Order order, Reported before, Reported now) {
            this.order = order;
            this.before = before;
            this.now = now;
        }

        List<OrderNotice> due() {
            BrokerRequest placing = order.placing();
            if (isNew(placing, now.taken(), before.taken())) {
                add(placing, Kind.RECEIPT);
            }
            if (isNew(placing, now.refused(), before.refused())) {
                add(placing, Kind.REJECTED);
            }
            List<Fill> fills = order.fills().subList(Math.min(before.fills(), now.fills()), now.fills());
            var modifications = new ArrayList<>(order.requests().stream()
                    .filter(request -> request.kind() == BrokerRequest.Kind.MODIFY)
                    .filter(request -> isNew(request, now.confirmed(), before.confirmed()))
                    .toList());
            for (Fill fill : fills) {
                // A modification is confirmed before it is filled.
                modifications.stream()
                        .filter(request -> request.odno().orElse(0) == fill.odno())
                        .findFirst()
                        .ifPresent(request -> {
                            modifications.remove(request);
                            add(request, Kind.CONFIRMED);
                        });
                add(fill);
            }
            modifications.forEach(request -> add(request, Kind.CONFIRMED));
            if (now.restCancelled() && !before.restCancelled()) {
                addRestCancelled();
            }
            for (BrokerRequest request : order.requests()) {
                if (request.kind() == BrokerRequest.Kind.CANCEL
                        && isNew(request, now.confirmed(), before.confirmed())) {
                    add(request, Kind.CONFIRMED);
                }
                if (request != placing && isNew(request, now.refused(), before.refused())) {
                    add(request, Kind.REJECTED);
                }
            }
            return List.copyOf(due);
        }

        private static boolean isNew(BrokerRequest request, long current, long earlier) {
            return (current & ~earlier & Reported.bit(request)) != 0;
        }

        private void add(BrokerRequest request, Kind kind) {
            long odno = request.odno().orElse(0);
            due.add(new OrderNotice(
                    order,
                    kind,
                    switch (request.kind()) {
                        case PLACE -> Request.NEW;
                        case MODIFY -> Request.MODIFY;
                        case CANCEL -> Request.CANCEL;
                    },
                    BrokerNumbers.plain(odno),
                    BrokerNumbers.plain(request.target()),
                    qty(request, kind),
                    price(request, kind),
                    clockTime(),
                    request.orgNo(),
                    request.kind() == BrokerRequest.Kind.CANCEL ? qty(request, kind) : rowQty(odno)));
        }

        private long qty(BrokerRequest request, Kind kind) {
            if (request.kind() != BrokerRequest.Kind.CANCEL) {
                return rowQty(request.odno().orElse(0));
            }
            if (request.isPartialCancel()) {
                return request.qty();
            }
            return kind == Kind.CONFIRMED ? order.canceled() : order.remaining();
        }

        private long price(BrokerRequest request, Kind kind) {
            long inForce = order.terms().price().orElse(0);
            return switch (request.kind()) {
                case PLACE -> inForce;
                case MODIFY -> kind == Kind.REJECTED ? before.price().orElse(inForce) : inForce;
                case CANCEL -> 0;
            };
        }

        private void add(Fill fill) {
            long price = BigDecimal.valueOf(fill.value())
                    .divide(BigDecimal.valueOf(fill.qty()), 0, RoundingMode.HALF_UP)
                    .longValueExact();
            addOfRow(fill.odno(), Kind.FILL, fill.qty(), price, fill.time() == 0 ? clockTime() : fill.time());
        }

        private void addRestCancelled() {
            long odno = order.liveRef()
                    .map(BrokerOrderRef::odno)
                    .orElse(order.placing().odno().orElse(0));
            addOfRow(
                    odno,
                    Kind.REST_CANCELLED,
                    order.canceled(),
                    order.terms().price().orElse(0),
                    clockTime());
        }

        /** An event of the order under one of its numbers. */
        private void addOfRow(long odno, Kind kind, long qty, long price, int time) {
            long original = order.requests().stream()
                    .filter(request -> request.kind() == BrokerRequest.Kind.MODIFY)
                    .filter(request -> request.odno().orElse(0) == odno)
                    .findFirst()
                    .map(BrokerRequest::target)
                    .orElse(0L);
            due.add(new OrderNotice(
                    order,
                    kind,
                    Request.NEW,
                    BrokerNumbers.plain(odno),
                    BrokerNumbers.plain(original),
                    qty,
                    price,
                    time,
                    order.brokerRef(odno).map(BrokerOrderRef::orgNo).orElse(""),
                    rowQty(odno)));
        }

        /** Shares of KIS's row of that number: of a modification what was left of the order when it was made. */
        private long rowQty(long odno) {
            long qty = order.terms().qty();
            boolean isReached = false;
            for (BrokerOrderRef ref : order.brokerRefs()) {
                isReached |= ref.odno() == odno;
                qty += isReached ? cancelled(ref.odno()) : -ref.filled();
            }
            return qty;
        }

        /** Shares that cancels of a part removed from the row of that number; the order's quantity is without them. */
        private long cancelled(long odno) {
            return order.requests().stream()
                    .filter(request -> request.isPartialCancel() && request.target() == odno)
                    .filter(request -> request.state() == BrokerRequest.State.DONE)
                    .mapToLong(BrokerRequest::qty)
                    .sum();
        }
    }

    private int clockTime() {
        var time = LocalTime.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        return time.getHour() * 10_000 + time.getMinute() * 100 + time.getSecond();
    }
}
