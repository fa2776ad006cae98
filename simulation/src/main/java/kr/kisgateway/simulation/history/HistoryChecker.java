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
    public record Print(String symbol, String side, long qty, long price) {}

    /**
     * What a client called, under one key, and the last it heard.
     *
     * @param orderId present once the gateway acknowledged it
     * @param refused whether the last answer was a refusal; neither means that no answer came
     */
    public record Called(String key, Print print, Instant dispatchBy, Optional<String> orderId, boolean refused) {}

    /** An order as the gateway shows it after the restart. */
    public record Shown(String id, String key, Print print, String status, long filled, Optional<Long> brokerNumber) {}

    /** An order as the broker's own book has it. */
    public record Booked(long number, Print print, Instant at, long filled, long canceled) {}

    private HistoryChecker() {}

    /** Everything that is wrong, one sentence each. */
    public static List<String> judge(List<Called> calls, List<Shown> shown, List<Booked> book) {
        var wrong = new Comparison(calls, shown, book, Map.of(), Set.of()).wrong();
        nothingLeftLate(calls, book, wrong);
        return wrong;
    }

    /** The same of a day whose every step was watched, and what only a watcher can see. */
    public static List<String> judge(Observed day) {
        var wrong = new Comparison(day.calls(), day.shown(), day.book(), day.possible(), day.outside()).wrong();
        Watched.judge(day, wrong);
        return wrong;
    }

    /**
     * What clients heard, what the gateway shows and what the broker's book says, compared.
     *
     * @param possible what an order may have become by the modifications asked for, by its id; without an entry, what it was
     * @param outside numbers of orders that somebody placed past the gateway
     */
    private record Comparison(
            List<Called> calls,
            List<Shown> shown,
            List<Booked> book,
            Map<String, Set<Print>> possible,
            Set<Long> outside) {
        List<String> wrong() {
            var wrong = new ArrayList<String>();
            everyAcknowledgedOrderIsThere(wrong);
            nothingIsThereThatNobodyAskedFor(wrong);
            nothingWasSentTwice(wrong);
            everyBookedOrderIsKnown(wrong);
            quantitiesAgree(wrong);
            return wrong;
        }

        private Set<Print> possible(Called call) {
            return call.orderId().map(possible::get).orElseGet(() -> Set.of(call.print()));
        }

        private void everyAcknowledgedOrderIsThere(List<String> wrong) {
            var byId = new HashMap<String, Shown>();
            shown.forEach(order -> byId.put(order.id(), order));
            for (var call : calls) {
                if (call.orderId().isEmpty()) continue;
                var order = byId.get(call.orderId().get());
                if (order == null) {
                    wrong.add("acknowledged and gone: " + call);
                } else if (!possible(call).contains(order.print())
                        || !order.key().equals(call.key())) {
                    wrong.add("acknowledged as another order: " + call + " is " + order);
                }
            }
        }

        private void nothingIsThereThatNobodyAskedFor(List<String> wrong) {
            var byKey = new HashMap<String, Called>();
            calls.forEach(call -> byKey.put(call.key(), call));
            var seen = new HashSet<String>();
            for (var order : shown) {
                if (order.brokerNumber().filter(outside::contains).isPresent()) continue;
                var call = byKey.get(order.key());
                if (call == null) {
                    wrong.add("nobody asked for " + order);
                } else if (call.refused()) {
                    wrong.add("refused and yet there: " + call + " is " + order);
                }
                if (!seen.add(order.key())) wrong.add("one key, two orders: " + order);
            }
        }

        private void nothingWasSentTwice(List<String> wrong) {
            Map<Print, Integer> asked = new HashMap<>();
            calls.stream()
                    .filter(call -> !call.refused())
                    .forEach(call -> possible(call).forEach(print -> asked.merge(print, 1, Integer::sum)));
            Map<Print, Integer> sent = new HashMap<>();
            book.stream()
                    .filter(order -> !outside.contains(order.number()))
                    .forEach(order -> sent.merge(order.print(), 1, Integer::sum));
            sent.forEach((print, times) -> {
                if (times > asked.getOrDefault(print, 0)) {
                    wrong.add("asked for " + asked.getOrDefault(print, 0) + " times and at the broker " + times
                            + " times: " + print);
                }
            });
        }

        private void everyBookedOrderIsKnown(List<String> wrong) {
            var owners = new TreeMap<Long, Shown>();
            for (var order : shown) {
                order.brokerNumber().ifPresent(number -> {
                    var other = owners.put(number, order);
                    if (other != null) wrong.add("one broker order, two of ours: " + other + " and " + order);
                });
            }
            for (var booked : book) {
                if (!owners.containsKey(booked.number())) wrong.add("the gateway does not know " + booked);
            }
            Set<Long> numbers = new HashSet<>();
            book.forEach(booked -> numbers.add(booked.number()));
            owners.forEach((number, order) -> {
                if (!numbers.contains(number)) wrong.add("the broker does not know " + order);
            });
        }

        private void quantitiesAgree(List<String> wrong) {
            var byNumber = new HashMap<Long, Booked>();
            book.forEach(booked -> byNumber.put(booked.number(), booked));
            for (var order : shown) {
                var booked = order.brokerNumber().map(byNumber::get).orElse(null);
                if (booked == null) {
                    if (order.filled() > 0) wrong.add("filled without the broker: " + order);
                    continue;
                }
                if (!possible.getOrDefault(order.id(), Set.of(order.print())).contains(booked.print())) {
                    wrong.add("matched with another: " + order + " is " + booked);
                }
                if (order.status().equals("UNKNOWN")) continue;
                if (booked.filled() != order.filled()) wrong.add("filled otherwise: " + order + " is " + booked);
                // While a modification is in doubt, an emptied order may have been replaced: it is settled at the
                // close.
                if (order.status().equals("MODIFY_PENDING")) continue;
                boolean over =
                        booked.filled() + booked.canceled() == booked.print().qty();
                if (over != List.of("FILLED", "CANCELED", "REJECTED").contains(order.status())) {
                    wrong.add("ended at one side only: " + order + " is " + booked);
                }
            }
        }
    }

    private static void nothingLeftLate(List<Called> calls, List<Booked> book, List<String> wrong) {
        // Of equal orders nobody can say which is which, so the latest deadline counts for all.
        Map<Print, Instant> latest = new HashMap<>();
        calls.forEach(call -> latest.merge(call.print(), call.dispatchBy(), (a, b) -> a.isAfter(b) ? a : b));
        for (var booked : book) {
            var by = latest.get(booked.print());
            if (by != null && booked.at().isAfter(by.plus(STAMP_SLACK))) {
                wrong.add("sent after its deadline " + by + ": " + booked);
            }
        }
    }
}
