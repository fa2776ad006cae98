package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.DailyOrders.Complete;

/**
 * The broker's list of a day indexed by number, with the recorded orders at its arrival.
 *
 * <p>Nearly every order rests as listed, and there may be tens of thousands. Finding those changes nothing, so it is done
 * where the list is read; the single desk thread compares only the others, and those that changed since the list was
 * requested.
 */
public final class DailyOrdersSnapshot {
    private final Complete dailyOrders;
    private final Map<Long, Integer> byNumber;
    private final Map<Long, List<BrokerOrder>> modifications = new HashMap<>();
    private final List<BrokerOrder> unsettled = new ArrayList<>();
    private final List<OrderId> ordersToCompare = new ArrayList<>();
    private final OrderEffect.RequestDailyOrders request;
    private final Function<Order, Instant> end;

    private DailyOrdersSnapshot(
            OrderEffect.RequestDailyOrders request, Complete dailyOrders, Function<Order, Instant> end) {
        this.request = request;
        this.dailyOrders = dailyOrders;
        this.end = end;
        this.byNumber = HashMap.newHashMap(dailyOrders.orders().size());
        for (int i = 0; i < dailyOrders.orders().size(); i++) {
            BrokerOrder row = dailyOrders.orders().get(i);
            byNumber.put(row.odno(), i);
            if (row.kind() == BrokerOrder.Kind.MODIFY && row.rejected() == 0) {
                modifications
                        .computeIfAbsent(row.original(), _ -> new ArrayList<>())
                        .add(row);
            }
        }
    }

    /**
     * Reads the list that answers {@code sentRequest} beside the recorded orders.
     *
     * @param openOrders open orders at the time of the request, or at any time since
     * @param end when an order certainly no longer rests
     */
    public static DailyOrdersSnapshot of(
            OrderEffect.RequestDailyOrders request,
            Complete dailyOrders,
            Collection<Order> openOrders,
            Function<Order, Instant> end) {
        var snapshot = new DailyOrdersSnapshot(request, dailyOrders, end);
        var settled = new BitSet(dailyOrders.orders().size());
        for (Order order : openOrders) {
            if (!order.accountDay().equals(request.day())) {
                continue;
            }
            if (!snapshot.isUnchanged(order)) {
                snapshot.ordersToCompare.add(order.id());
                continue;
            }
            order.liveRef().map(ref -> snapshot.byNumber.get(ref.odno())).ifPresent(settled::set);
        }
        for (int i = settled.nextClearBit(0); i < dailyOrders.orders().size(); i = settled.nextClearBit(i + 1)) {
            snapshot.unsettled.add(dailyOrders.orders().get(i));
        }
        return snapshot;
    }

    /** Whether this answers {@code sentRequest}, and not a request from before a restart. */
    boolean isReplyTo(OrderEffect.RequestDailyOrders sentRequest) {
        return request.equals(sentRequest);
    }

    Complete dailyOrders() {
        return dailyOrders;
    }

    /** The row of a number. */
    Optional<BrokerOrder> of(long odno) {
        return Optional.ofNullable(byNumber.get(odno)).map(dailyOrders.orders()::get);
    }

    /** The modifications of a number that the exchange did not refuse. */
    List<BrokerOrder> modificationsOf(long odno) {
        return modifications.getOrDefault(odno, List.of());
    }

    /** Rows that are not those of an order resting as listed. */
    List<BrokerOrder> unsettled() {
        return unsettled;
    }

    /** Open orders that the list may change. */
    List<OrderId> ordersToCompare() {
        return ordersToCompare;
    }

    /** Whether comparing the order would find nothing. */
    boolean isUnchanged(Order order) {
        boolean plain = order.requests().size() == 1
                && order.finalStatus().isEmpty()
                && dailyOrders.requestedAt().isBefore(end.apply(order));
        return plain
                && switch (order.placing().state()) {
                    case PLANNED, SENDING -> true; // the broker reports it in the answer
                    case ACKED -> restsAsListed(order);
                    case REFUSED, IN_DOUBT, DONE -> false;
                };
    }

    /** Whether its row equals the recorded state. One that is not listed is younger, or not listed yet. */
    private boolean restsAsListed(Order order) {
        BrokerOrderRef ref = order.brokerRefs().getFirst();
        if (order.brokerRefs().size() > 1 || !ref.live() || modifications.containsKey(ref.odno())) {
            return false;
        }
        return of(ref.odno())
                .map(row -> row.symbol().equals(order.terms().symbol())
                        && row.side() == order.terms().side()
                        && row.filled() <= ref.filled()
                        && removedQty(order, ref, row) <= 0
                        && row.rejected() == 0)
                .orElse(true);
    }

    /**
     * Shares neither filled nor resting whose removal was not recorded yet. The shares resting under a new number are the
     * rest of the old one, so earlier numbers count with their fills alone: shares shown as cancelled there continued under
     * the new one, or were removed before.
     */
    static long removedQty(Order order, BrokerOrderRef live, BrokerOrder row) {
        long filledBefore = order.filled() - live.filled();
        return order.terms().qty() - filledBefore - (row.qty() - row.rejected() - row.canceled());
    }
}
