package kr.kisgateway.simulation.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;

/** Checks of bulk cancels, operator resolutions and overnight changes. */
final class BulkActionChecks {
    private BulkActionChecks() {}

    static void check(DayTrace day, List<String> findings) {
        Map<String, ClientCall> callsByOrder = callsByOrder(day);
        repeatedCancelAllsNameTheSameOrders(day, callsByOrder, findings);
        if (day.bulkActions().complete()) {
            everyCancelWasRequested(day, findings);
        }
        immediateOrdersNeverRest(day, callsByOrder, findings);
        ReplacementCalls.check(day, findings);
        resolutionsAreInForce(day, findings);
        noCallForYesterdaysOrders(day, callsByOrder, findings);
    }

    /** The client's calls, by the order that each became. */
    static Map<String, ClientCall> callsByOrder(DayTrace day) {
        Map<String, ClientCall> byKey = new HashMap<>();
        day.calls().forEach(call -> byKey.put(call.key(), call));
        Map<String, ClientCall> callsByOrder = new HashMap<>();
        for (ReportedOrder order : day.reported()) {
            ClientCall call = byKey.get(order.key());
            if (call != null) {
                callsByOrder.put(order.id(), call);
            }
        }
        return callsByOrder;
    }

    /** One key is one call: a repetition is answered with the same orders, and only with orders in its scope. */
    private static void repeatedCancelAllsNameTheSameOrders(
            DayTrace day, Map<String, ClientCall> callsByOrder, List<String> findings) {
        for (var cancelAll : day.bulkActions().cancelAlls()) {
            if (Set.copyOf(cancelAll.answers()).size() > 1) {
                findings.add("one key, two cancel-alls: " + cancelAll);
            }
            for (Set<String> named : cancelAll.answers()) {
                for (String id : named) {
                    ClientCall call = callsByOrder.get(id);
                    if (call != null
                            && cancelAll
                                    .symbol()
                                    .filter(symbol ->
                                            !symbol.equals(call.fingerprint().symbol()))
                                    .isPresent()) {
                        findings.add("cancelled by a cancel-all of another symbol: " + id + " by " + cancelAll);
                    }
                }
            }
        }
    }

    /** An order requested after a cancel-all was answered is out of its scope, however often it is repeated. */
    private static void everyCancelWasRequested(DayTrace day, List<String> findings) {
        Map<String, Integer> positions = new HashMap<>();
        for (ClientCall call : day.calls()) {
            positions.putIfAbsent(call.key(), positions.size());
        }
        Set<String> single = new HashSet<>();
        Set<String> cancelAllKeys = new HashSet<>();
        day.bulkActions().cancelAlls().forEach(cancelAll -> cancelAllKeys.add(cancelAll.key()));
        day.cancels().stream()
                .filter(cancel -> !cancelAllKeys.contains(cancel.key()))
                .forEach(cancel -> single.add(cancel.orderId()));
        // A reduction to fewer shares than remain by then cancels the order completely.
        day.changes().stream()
                .filter(change -> change.qty().isPresent())
                .forEach(change -> single.add(change.orderId()));
        Map<String, ClientCall> callsByOrder = callsByOrder(day);
        Map<String, ReportedOrder> byId = new HashMap<>();
        day.reported().forEach(order -> byId.put(order.id(), order));
        for (ReportedOrder order : day.reported()) {
            // A cancel of many that covers a replaced order covers the one in its place.
            Integer position = positions.get(ReplacementCalls.firstKey(order.key(), byId));
            ClientCall call = callsByOrder.get(order.id());
            boolean isLeftToRest = call == null || isLeftToRest(call, order);
            // What its parent order, or a cancel-all of whatever time, cancels is checked with the parent order.
            if (!order.status().equals("CANCELED")
                    || ParentChecks.isChild(order)
                    || position == null
                    || single.contains(order.id())
                    || !isLeftToRest) {
                continue;
            }
            boolean coveredByCancelAll = day.bulkActions().cancelAlls().stream()
                    .anyMatch(cancelAll -> position < cancelAll.calls()
                            && cancelAll
                                    .symbol()
                                    .filter(symbol ->
                                            !symbol.equals(order.fingerprint().symbol()))
                                    .isEmpty());
            if (!coveredByCancelAll) {
                findings.add("cancelled without a request: " + order);
            }
        }
    }

    /**
     * The exchange itself cancels what IOC and FOK leave, what an auction that an order is for leaves, what NXT's pre-market leaves, and
     * an order at the best price of a side on which there is none by then.
     */
    private static boolean isLeftToRest(ClientCall call, ReportedOrder order) {
        WireForm form = call.fingerprint().form();
        boolean hasNoPriceOfItsOwn =
                call.kind().type() == OrderType.BEST || call.kind().type() == OrderType.TOP;
        return call.kind().timeInForce() == TimeInForce.DAY
                && !form.isOfPreMarket()
                && !form.isForOneAuction()
                && !(hasNoPriceOfItsOwn && order.filled() == 0);
    }

    /** What an IOC or FOK order leaves is cancelled at once, and a FOK order is filled as a whole or not at all. */
    private static void immediateOrdersNeverRest(
            DayTrace day, Map<String, ClientCall> callsByOrder, List<String> findings) {
        for (ReportedOrder order : day.reported()) {
            ClientCall call = callsByOrder.get(order.id());
            if (call == null || call.kind().timeInForce() == TimeInForce.DAY) {
                continue;
            }
            boolean taken = order.brokerNumber().isPresent();
            if (day.closed() && taken && order.status().equals("EXPIRED")) {
                findings.add(
                        "rested until the close although it is " + call.kind().timeInForce() + ": " + order);
            }
            // Its quantity may have been changed before it was sent.
            boolean whole =
                    order.filled() == 0 || order.filled() == order.fingerprint().qty();
            if (day.closed() && call.kind().timeInForce() == TimeInForce.FOK && !whole) {
                findings.add("filled in part although it is FOK: " + order);
            }
        }
    }

    private static void resolutionsAreInForce(DayTrace day, List<String> findings) {
        Map<String, ReportedOrder> reported = new HashMap<>();
        day.reported().forEach(order -> reported.put(order.id(), order));
        for (var resolution : day.bulkActions().resolutions()) {
            ReportedOrder order = reported.get(resolution.orderId());
            boolean inForce = order != null
                    && order.brokerNumber().equals(resolution.number())
                    && (resolution.number().isPresent() || order.status().equals("REJECTED"));
            if (!inForce && !day.misattributedOrders().contains(resolution.orderId())) {
                findings.add("differs from the operator's resolution: " + resolution + " is " + order);
            }
        }
    }

    private static void noCallForYesterdaysOrders(
            DayTrace day, Map<String, ClientCall> callsByOrder, List<String> findings) {
        for (var sent : day.sent()) {
            sent.order()
                    .map(callsByOrder::get)
                    .filter(call -> day.dayOf(call.dispatchBy()) < day.dayOf(sent.at()))
                    .ifPresent(call -> findings.add("transmitted on the following day: " + sent + " for " + call));
        }
    }
}
