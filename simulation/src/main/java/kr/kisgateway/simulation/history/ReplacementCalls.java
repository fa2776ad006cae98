package kr.kisgateway.simulation.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import kr.kisgateway.simulation.history.DayTrace.ModifyCall;
import kr.kisgateway.simulation.history.DayTrace.SentCall;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;

/**
 * The orders that replace others, as the calls that permitted them: what a client asked for by a modification with {@code replace}
 * is one further order, for the shares that the fills of the replaced one left.
 */
public final class ReplacementCalls {
    private static final String KEY = "replace:";
    private static final Set<String> ENDED = Set.of("FILLED", "CANCELED");

    private ReplacementCalls() {}

    /**
     * The clients' calls and, behind them, one for each order that a modification permitted.
     *
     * @param sent says at which of the permitted prices an order was placed: its own may have changed since
     */
    public static List<ClientCall> with(
            List<ClientCall> calls, List<ModifyCall> changes, List<ReportedOrder> reported, List<SentCall> sent) {
        Map<String, OrderFingerprint> placed = new HashMap<>();
        sent.forEach(call -> call.order().ifPresent(id -> call.placed().ifPresent(it -> placed.put(id, it))));
        var all = new ArrayList<>(calls);
        Map<String, ClientCall> byOrder = new HashMap<>();
        calls.forEach(call -> call.orderId().ifPresent(id -> byOrder.put(id, call)));
        Map<String, ReportedOrder> byId = new HashMap<>();
        reported.forEach(order -> byId.put(order.id(), order));
        // Ids begin with their time, so a replaced replacement comes after what it replaced.
        reported.stream()
                .filter(order -> order.key().startsWith(KEY))
                .sorted(Comparator.comparing(ReportedOrder::id))
                .forEach(order -> {
                    String replaced = order.key().substring(KEY.length());
                    Optional.ofNullable(byOrder.get(replaced))
                            .flatMap(call -> Optional.ofNullable(byId.get(replaced))
                                    .flatMap(original -> permitted(
                                            call,
                                            original,
                                            order,
                                            changes,
                                            placed.getOrDefault(order.id(), order.fingerprint()))))
                            .ifPresent(call -> {
                                all.add(call);
                                byOrder.put(order.id(), call);
                            });
                });
        return List.copyOf(all);
    }

    /** The key of the order whose place it took first; its own when it took none. */
    static String firstKey(String key, Map<String, ReportedOrder> byId) {
        String first = key;
        for (Optional<ReportedOrder> replaced = replaced(first, byId);
                replaced.isPresent();
                replaced = replaced(first, byId)) {
            first = replaced.get().key();
        }
        return first;
    }

    private static Optional<ReportedOrder> replaced(String key, Map<String, ReportedOrder> byId) {
        return key.startsWith(KEY) ? Optional.ofNullable(byId.get(key.substring(KEY.length()))) : Optional.empty();
    }

    /** Orders that took the place of one that had not ended. */
    static void check(DayTrace day, List<String> findings) {
        Map<String, ReportedOrder> byId = new HashMap<>();
        day.reported().forEach(order -> byId.put(order.id(), order));
        for (ReportedOrder order : day.reported()) {
            if (!order.key().startsWith(KEY)) {
                continue;
            }
            ReportedOrder replaced = byId.get(order.key().substring(KEY.length()));
            if (replaced == null || !ENDED.contains(replaced.status())) {
                findings.add("replaces an order that has not ended: " + order + " replaces " + replaced);
            }
        }
    }

    private static Optional<ClientCall> permitted(
            ClientCall original,
            ReportedOrder replaced,
            ReportedOrder order,
            List<ModifyCall> changes,
            OrderFingerprint placed) {
        Set<Long> prices = new TreeSet<>(Set.of(original.fingerprint().price()));
        changes.stream()
                .filter(change -> change.orderId().equals(replaced.id()))
                .forEach(change -> change.price().ifPresent(prices::add));
        var fingerprints = new ArrayList<OrderFingerprint>();
        Instant until = Instant.MIN;
        for (ModifyCall change : changes) {
            boolean permits = change.orderId().equals(replaced.id())
                    && change.replace().isPresent()
                    && change.qty().isPresent()
                    && change.qty().getAsLong() > replaced.filled();
            if (!permits) {
                continue;
            }
            long qty = change.qty().getAsLong() - replaced.filled();
            for (long price : change.price().isPresent() ? Set.of(change.price().getAsLong()) : prices) {
                fingerprints.add(replaced.fingerprint().with(qty, price));
            }
            Instant by = change.replace().orElseThrow().until();
            until = by.isAfter(until) ? by : until;
        }
        Instant last = until;
        return fingerprints.stream()
                .filter(it -> it.equals(placed))
                .findFirst()
                .or(() -> fingerprints.stream().findFirst())
                .map(it -> new ClientCall(order.key(), it, last, Optional.of(order.id()), false, original.kind()));
    }
}
