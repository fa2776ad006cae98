package kr.kisgateway.simulation.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges what a gateway did by what its clients called and heard, and by the broker's own book. It knows no rule of the
 * gateway's: only that an acknowledged order exists, that one request of a client is at most one order at the broker, that
 * quantities agree, and that nothing leaves after its deadline.
 */
public final class HistoryChecker {
    /** The broker stamps whole seconds, and an order takes a moment to arrive. */
    private static final Duration STAMP_SLACK = Duration.ofMillis(1_500);

    /** What a client can tell two orders apart by at the broker. */
    public record OrderFingerprint(String symbol, String side, long qty, long price) {}

    /**
     * What a client called, under one key, and the last it heard.
     *
     * @param orderId present once the gateway acknowledged it
     * @param refused whether the last answer was a refusal; neither means that no answer came
     */
    public record ClientCall(
            String key, OrderFingerprint fingerprint, Instant dispatchBy, Optional<String> orderId, boolean refused) {}

    /** An order as the gateway shows it after the restart. */
    public record ReportedOrder(
            String id,
            String key,
            OrderFingerprint fingerprint,
            String status,
            long filled,
            Optional<Long> brokerNumber) {}

    /** An order as the broker's own book has it. */
    public record BookedOrder(long number, OrderFingerprint fingerprint, Instant at, long filled, long canceled) {}

    private HistoryChecker() {}

    /** Everything that is wrong, one sentence each. */
    public static List<String> check(List<ClientCall> calls, List<ReportedOrder> reported, List<BookedOrder> book) {
        var findings = new Comparison(calls, reported, book, Map.of(), Set.of()).findings();
        noOrderSentLate(calls, book, findings);
        return findings;
    }

    /** The same of a day whose every step was watched, and what only a watcher can see. */
    public static List<String> check(DayTrace day) {
        var findings = new Comparison(
                        day.calls(), day.reported(), day.book(), day.possibleFingerprints(), day.outside())
                .findings();
        TraceChecks.check(day, findings);
        return findings;
    }

    /**
     * What clients heard, what the gateway shows and what the broker's book says, compared.
     *
     * @param possible what an order may have become by the modifications asked for, by its id; without an entry, what it was
     * @param outside numbers of orders that somebody placed past the gateway
     */
    private record Comparison(
            List<ClientCall> calls,
            List<ReportedOrder> reported,
            List<BookedOrder> book,
            Map<String, Set<OrderFingerprint>> possible,
            Set<Long> outside) {
        List<String> findings() {
            var findings = new ArrayList<String>();
            everyAcknowledgedOrderExists(findings);
            noOrderWithoutARequest(findings);
            noOrderSentTwice(findings);
            everyBookedOrderHasAnOwner(findings);
            quantitiesAgree(findings);
            return findings;
        }

        private Set<OrderFingerprint> possible(ClientCall call) {
            return call.orderId().map(possible::get).orElseGet(() -> Set.of(call.fingerprint()));
        }

        private void everyAcknowledgedOrderExists(List<String> findings) {
            var byId = new HashMap<String, ReportedOrder>();
            reported.forEach(order -> byId.put(order.id(), order));
            for (var call : calls) {
                if (call.orderId().isEmpty()) continue;
                var order = byId.get(call.orderId().get());
                if (order == null) {
                    findings.add("acknowledged and gone: " + call);
                } else if (!possible(call).contains(order.fingerprint())
                        || !order.key().equals(call.key())) {
                    findings.add("acknowledged as another order: " + call + " is " + order);
                }
            }
        }

        private void noOrderWithoutARequest(List<String> findings) {
            var byKey = new HashMap<String, ClientCall>();
            calls.forEach(call -> byKey.put(call.key(), call));
            var keys = new HashSet<String>();
            for (var order : reported) {
                if (order.brokerNumber().filter(outside::contains).isPresent()) continue;
                var call = byKey.get(order.key());
                if (call == null) {
                    findings.add("nobody asked for " + order);
                } else if (call.refused()) {
                    findings.add("refused and yet there: " + call + " is " + order);
                }
                if (!keys.add(order.key())) findings.add("one key, two orders: " + order);
            }
        }

        private void noOrderSentTwice(List<String> findings) {
            Map<OrderFingerprint, Integer> requested = new HashMap<>();
            calls.stream()
                    .filter(call -> !call.refused())
                    .forEach(call ->
                            possible(call).forEach(fingerprint -> requested.merge(fingerprint, 1, Integer::sum)));
            Map<OrderFingerprint, Integer> sent = new HashMap<>();
            book.stream()
                    .filter(order -> !outside.contains(order.number()))
                    .forEach(order -> sent.merge(order.fingerprint(), 1, Integer::sum));
            sent.forEach((fingerprint, times) -> {
                if (times > requested.getOrDefault(fingerprint, 0)) {
                    findings.add("asked for " + requested.getOrDefault(fingerprint, 0) + " times and at the broker "
                            + times + " times: " + fingerprint);
                }
            });
        }

        private void everyBookedOrderHasAnOwner(List<String> findings) {
            var owners = new TreeMap<Long, ReportedOrder>();
            for (var order : reported) {
                order.brokerNumber().ifPresent(number -> {
                    var other = owners.put(number, order);
                    if (other != null) findings.add("one broker order, two of ours: " + other + " and " + order);
                });
            }
            for (var booked : book) {
                if (!owners.containsKey(booked.number())) findings.add("the gateway does not know " + booked);
            }
            Set<Long> numbers = new HashSet<>();
            book.forEach(booked -> numbers.add(booked.number()));
            owners.forEach((number, order) -> {
                if (!numbers.contains(number)) findings.add("the broker does not know " + order);
            });
        }

        private void quantitiesAgree(List<String> findings) {
            var byNumber = new HashMap<Long, BookedOrder>();
            book.forEach(booked -> byNumber.put(booked.number(), booked));
            for (var order : reported) {
                var booked = order.brokerNumber().map(byNumber::get).orElse(null);
                if (booked == null) {
                    if (order.filled() > 0) findings.add("filled without the broker: " + order);
                    continue;
                }
                if (!possible.getOrDefault(order.id(), Set.of(order.fingerprint()))
                        .contains(booked.fingerprint())) {
                    findings.add("matched with another: " + order + " is " + booked);
                }
                if (order.status().equals("UNKNOWN")) continue;
                if (booked.filled() != order.filled()) findings.add("filled otherwise: " + order + " is " + booked);
                // While a modification is in doubt, an emptied order may have been replaced: it is settled at the
                // close.
                if (order.status().equals("MODIFY_PENDING")) continue;
                boolean over = booked.filled() + booked.canceled()
                        == booked.fingerprint().qty();
                if (over != List.of("FILLED", "CANCELED", "REJECTED").contains(order.status())) {
                    findings.add("ended at one side only: " + order + " is " + booked);
                }
            }
        }
    }

    private static void noOrderSentLate(List<ClientCall> calls, List<BookedOrder> book, List<String> findings) {
        // Of equal orders nobody can say which is which, so the latest deadline counts for all.
        Map<OrderFingerprint, Instant> latest = new HashMap<>();
        calls.forEach(call -> latest.merge(call.fingerprint(), call.dispatchBy(), (a, b) -> a.isAfter(b) ? a : b));
        for (var booked : book) {
            var by = latest.get(booked.fingerprint());
            if (by != null && booked.at().isAfter(by.plus(STAMP_SLACK))) {
                findings.add("sent after its deadline " + by + ": " + booked);
            }
        }
    }
}
