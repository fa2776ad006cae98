package kr.kisgateway.simulation.history;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.simulation.history.HistoryChecker.Called;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;

/** What can only be judged by somebody who saw every step: order of disk and wire, pace, deadlines, cursors, alerts. */
final class Watched {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Set<String> ENDED = Set.of("FILLED", "CANCELED", "REJECTED", "EXPIRED");

    /** Where quantity and price of an order say what is at the broker. */
    private static final Set<String> STANDING = Set.of("SENT", "PARTIAL_FILLED", "EXPIRED");

    private Watched() {}

    static void judge(Observed day, List<String> wrong) {
        diskBeforeWords(day, wrong);
        oneOrderAKey(day, wrong);
        nothingLeftAfterItsDeadline(day, wrong);
        pace(day, wrong);
        limits(day, wrong);
        cursorsIncrease(day, wrong);
        aRefusalIsFinal(day, wrong);
        doubtIsTold(day, wrong);
        everyCancelHasAnEnd(day, wrong);
        modificationsAreInForceOnce(day, wrong);
        theKillSwitchHolds(day, wrong);
        Deeds.judge(day, wrong);
        nothingOutlivesTheSession(day, wrong);
        moneyAndSharesAgree(day, wrong);
    }

    private static void diskBeforeWords(Observed day, List<String> wrong) {
        for (var told : day.told()) {
            if (!told.durable()) {
                wrong.add("acknowledged before it was on disk: " + told);
            }
        }
        for (var left : day.left()) {
            if (!left.durable()) {
                wrong.add("left before the journal on disk said so: " + left);
            }
        }
    }

    private static void oneOrderAKey(Observed day, List<String> wrong) {
        Map<String, String> orders = new HashMap<>();
        for (var told : day.told()) {
            String other = orders.putIfAbsent(told.key(), told.orderId());
            if (other != null && !other.equals(told.orderId())) {
                wrong.add("one key, two orders: " + told + " and " + other);
            }
        }
        day.denied().forEach(denied -> wrong.add("accepted before and refused now: " + denied));
    }

    private static void nothingLeftAfterItsDeadline(Observed day, List<String> wrong) {
        // Of equal orders nobody can say which is which, so the latest deadline counts for all.
        Map<String, Set<Print>> possible = day.possible();
        Map<Print, Instant> latest = new HashMap<>();
        for (Called call : day.calls()) {
            for (Print print : call.orderId().map(possible::get).orElseGet(() -> Set.of(call.print()))) {
                latest.merge(print, call.dispatchBy(), (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        for (var left : day.left()) {
            left.placed().ifPresent(print -> {
                Instant by = latest.get(print);
                if (by == null) {
                    wrong.add("left and nobody asked for it: " + left);
                } else if (left.clock().isAfter(by)) {
                    wrong.add("left after its deadline " + by + ": " + left);
                }
            });
        }
    }

    private static void pace(Observed day, List<String> wrong) {
        pace(day, day.left(), day.bounds().callsPerSecond(), "calls", wrong);
        pace(
                day,
                day.left().stream().filter(Observed.Left::ledger).toList(),
                day.bounds().ledgerPerSecond(),
                "calls to the ledger",
                wrong);
    }

    private static void pace(Observed day, List<Observed.Left> left, int most, String what, List<String> wrong) {
        for (int i = most; i < left.size(); i++) {
            Instant first = left.get(i - most).at();
            Instant last = left.get(i).at();
            boolean jumped = day.clockSteps().stream().anyMatch(at -> !at.isBefore(first) && !at.isAfter(last));
            if (Duration.between(first, last).compareTo(SECOND) < 0 && !jumped) {
                wrong.add("more than " + most + " " + what + " in a second, from " + first + " to " + last);
                return;
            }
        }
    }

    private static void limits(Observed day, List<String> wrong) {
        Map<Integer, Long> accepted = Deeds.askedFor(day).values().stream()
                .collect(Collectors.groupingBy(call -> day.dayOf(call.dispatchBy()), Collectors.counting()));
        for (long orders : accepted.values()) {
            if (orders > day.bounds().dailyOrders()) {
                wrong.add("accepted " + orders + " orders where " + day.bounds().dailyOrders() + " are allowed");
            }
        }
        for (Shown order : day.shown()) {
            if (order.print().side().equals("BUY")
                    && order.print().qty() > day.bounds().maxQty()) {
                wrong.add("accepted above the limit of " + day.bounds().maxQty() + " shares: " + order);
            }
        }
    }

    private static void cursorsIncrease(Observed day, List<String> wrong) {
        Map<String, Observed.Published> last = new HashMap<>();
        for (var published : day.published()) {
            var before = last.put(published.stream(), published);
            if (before != null
                    && (published.seq() < before.seq()
                            || published.seq() == before.seq() && published.life() != before.life())) {
                wrong.add("a cursor went back: " + before + " then " + published);
                return;
            }
        }
    }

    /** Whoever heard that an order was refused has placed another by now. */
    private static void aRefusalIsFinal(Observed day, List<String> wrong) {
        Set<String> another = day.takenForOurs();
        Map<String, Observed.Published> refused = new HashMap<>();
        for (var published : day.published()) {
            if (published.status().equals("REJECTED")) {
                refused.put(published.order(), published);
            } else if (!published.status().isEmpty()
                    && refused.containsKey(published.order())
                    && !another.contains(published.order())) {
                wrong.add("refused and alive again: " + published);
            }
        }
    }

    private static void doubtIsTold(Observed day, List<String> wrong) {
        for (Shown order : day.shown()) {
            if (order.status().equals("UNKNOWN")
                    && day.alerts().stream().noneMatch(alert -> alert.contains(order.id()))) {
                wrong.add("in doubt and no operator knows: " + order);
            }
        }
    }

    private static void everyCancelHasAnEnd(Observed day, List<String> wrong) {
        Map<String, String> status =
                day.shown().stream().collect(Collectors.toMap(Shown::id, Shown::status, (a, b) -> a));
        for (var cancel : day.cancels()) {
            String now = status.getOrDefault(cancel.orderId(), "gone");
            if (cancel.accepted() && (now.equals("gone") || now.equals("CANCEL_PENDING"))) {
                wrong.add("the cancel was accepted and the order is " + now + ": " + cancel);
            }
        }
    }

    static boolean isOutside(Observed day, Shown order) {
        return order.brokerNumber().filter(day.outside()::contains).isPresent();
    }

    private static void modificationsAreInForceOnce(Observed day, List<String> wrong) {
        Map<Long, Observed.Chain> chains = new HashMap<>();
        day.chains().forEach(chain -> chains.put(chain.number(), chain));
        for (Shown order : day.shown()) {
            Observed.Chain chain = order.brokerNumber().map(chains::get).orElse(null);
            if (chain == null || isOutside(day, order)) {
                continue;
            }
            long prices = day.changes().stream()
                    .filter(change -> change.orderId().equals(order.id())
                            && change.price().isPresent())
                    .count();
            if (chain.modifications() > prices) {
                wrong.add("modified " + chain.modifications() + " times and asked for " + prices + " times: " + order);
            }
            // Of an order that is filled nobody asks any more at which price the rest would have stood.
            boolean priced = STANDING.contains(order.status());
            boolean counted = priced || order.status().equals("FILLED");
            if (priced && order.print().price() != chain.price()
                    || counted && order.print().qty() != chain.total()) {
                wrong.add("in force otherwise: " + order + " is " + chain);
            }
        }
    }

    private static void theKillSwitchHolds(Observed day, List<String> wrong) {
        for (var left : day.left()) {
            boolean stopped = day.stops().stream()
                    .anyMatch(
                            span -> left.at().isAfter(span.from()) && left.at().isBefore(span.to()));
            if (left.stoppable() && stopped) {
                wrong.add("left while the kill switch was on: " + left);
            }
        }
    }

    private static void nothingOutlivesTheSession(Observed day, List<String> wrong) {
        for (Shown order : day.shown()) {
            if (day.closed()
                    && !ENDED.contains(order.status())
                    && !order.status().equals("UNKNOWN")) {
                wrong.add("the session is over and the order is not: " + order);
            }
        }
    }

    private static void moneyAndSharesAgree(Observed day, List<String> wrong) {
        boolean doubt = day.shown().stream().anyMatch(order -> order.status().equals("UNKNOWN"));
        if (!doubt && !day.ours().equals(day.theirs())) {
            wrong.add("the orders add up to " + day.ours() + " and the broker booked " + day.theirs());
        }
        day.read().ifPresent(read -> {
            if (!read.equals(day.theirs())) {
                wrong.add("the gateway read " + read + " and the broker booked " + day.theirs());
            }
        });
    }
}
