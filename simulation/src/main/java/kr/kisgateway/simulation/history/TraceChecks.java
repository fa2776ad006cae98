package kr.kisgateway.simulation.history;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;

/** Checks that need a full trace: order of disk and wire, rate, deadlines, cursors, alerts. */
final class TraceChecks {
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** A request that has passed the last check is on its way to the socket. */
    private static final Duration LEAVING = Duration.ofMillis(1);

    private static final Set<String> ENDED = Set.of("FILLED", "CANCELED", "REJECTED", "EXPIRED");

    /** Statuses in which an order's quantity and price are those at the broker. */
    private static final Set<String> OPEN_AT_BROKER = Set.of("SENT", "PARTIAL_FILLED", "EXPIRED");

    private TraceChecks() {}

    static void check(DayTrace day, List<String> findings) {
        durableBeforeAcknowledged(day, findings);
        oneOrderPerKey(day, findings);
        noCallAfterItsDeadline(day, findings);
        pace(day, findings);
        limits(day, findings);
        cursorsIncrease(day, findings);
        aRefusalIsFinal(day, findings);
        everyOrderInDoubtHasAnAlert(day, findings);
        everyCancelEnds(day, findings);
        modificationsAreInForceOnce(day, findings);
        noOrderUnderTheKillSwitch(day, findings);
        BulkActionChecks.check(day, findings);
        noOrderOutlivesTheSession(day, findings);
        ParentChecks.check(day, findings);
        moneyAndSharesAgree(day, findings);
    }

    private static void durableBeforeAcknowledged(DayTrace day, List<String> findings) {
        for (var acknowledgement : day.acknowledgements()) {
            if (!acknowledgement.durable()) {
                findings.add("acknowledged before it was on disk: " + acknowledgement);
            }
        }
        for (var sent : day.sent()) {
            if (!sent.durable()) {
                findings.add("transmitted before the journal entry was durable: " + sent);
            }
        }
    }

    private static void oneOrderPerKey(DayTrace day, List<String> findings) {
        Map<String, String> orders = new HashMap<>();
        for (var acknowledgement : day.acknowledgements()) {
            String other = orders.putIfAbsent(acknowledgement.key(), acknowledgement.orderId());
            if (other != null && !other.equals(acknowledgement.orderId())) {
                findings.add("one key, two orders: " + acknowledgement + " and " + other);
            }
        }
        day.refusedAfterAcceptance().forEach(refused -> findings.add("accepted before and refused now: " + refused));
    }

    private static void noCallAfterItsDeadline(DayTrace day, List<String> findings) {
        Map<OrderFingerprint, Instant> latest = HistoryChecker.latestDeadlines(day.calls(), day.possibleFingerprints());
        for (var sent : day.sent()) {
            sent.placed().ifPresent(fingerprint -> {
                Instant by = latest.get(fingerprint);
                if (by == null) {
                    findings.add("transmitted without a request: " + sent);
                } else if (sent.clock().isAfter(by)) {
                    findings.add("transmitted after its deadline " + by + ": " + sent);
                }
            });
        }
    }

    private static void pace(DayTrace day, List<String> findings) {
        // Of each process: between two of one gateway there is a second, and a former owner cannot know of its
        // successor.
        day.sent().stream()
                .collect(Collectors.groupingBy(DayTrace.SentCall::life, TreeMap::new, Collectors.toList()))
                .values()
                .forEach(sent -> {
                    pace(day, sent, day.bounds().callsPerSecond(), "calls", findings);
                    pace(
                            day,
                            sent.stream().filter(DayTrace.SentCall::ledger).toList(),
                            day.bounds().ledgerPerSecond(),
                            "calls to the ledger",
                            findings);
                });
    }

    private static void pace(DayTrace day, List<DayTrace.SentCall> sent, int max, String what, List<String> findings) {
        for (int i = max; i < sent.size(); i++) {
            Instant first = sent.get(i - max).at();
            Instant last = sent.get(i).at();
            boolean jumped = day.clockSteps().stream().anyMatch(at -> !at.isBefore(first) && !at.isAfter(last));
            if (Duration.between(first, last).compareTo(SECOND) < 0 && !jumped) {
                findings.add("more than " + max + " " + what + " in a second, from " + first + " to " + last);
                return;
            }
        }
    }

    private static void limits(DayTrace day, List<String> findings) {
        // One that was rejected without a number does not count where the broker took none of its attempts.
        Set<String> uncounted = day.reported().stream()
                .filter(order -> order.status().equals("REJECTED")
                        && order.brokerNumber().isEmpty())
                .map(ReportedOrder::id)
                .collect(Collectors.toSet());
        Map<String, Long> accepted = BulkActionChecks.callsByOrder(day).entrySet().stream()
                .filter(entry -> !uncounted.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.groupingBy(
                        call -> day.dayOf(call.dispatchBy())
                                + call.fingerprint().account()
                                + call.fingerprint().symbol().contains("."),
                        Collectors.counting()));
        for (long orders : accepted.values()) {
            if (orders > day.bounds().dailyOrders()) {
                findings.add(
                        "accepted " + orders + " orders where " + day.bounds().dailyOrders() + " are allowed");
            }
        }
        for (ReportedOrder order : day.reported()) {
            if (order.fingerprint().side().equals("BUY")
                    && order.fingerprint().qty() > day.bounds().maxQty()) {
                findings.add("accepted above the limit of " + day.bounds().maxQty() + " shares: " + order);
            }
        }
    }

    private static void cursorsIncrease(DayTrace day, List<String> findings) {
        Map<String, DayTrace.Published> last = new HashMap<>();
        for (var published : day.published()) {
            var before = last.put(published.stream(), published);
            if (before != null
                    && (published.seq() < before.seq()
                            || published.seq() == before.seq() && published.life() != before.life())) {
                findings.add("a cursor decreased: " + before + " then " + published);
                return;
            }
        }
    }

    /** A client that received a refusal may have placed another order by now. */
    private static void aRefusalIsFinal(DayTrace day, List<String> findings) {
        Set<String> misattributed = day.misattributedOrders();
        Map<String, DayTrace.Published> refused = new HashMap<>();
        for (var published : day.published()) {
            if (published.status().equals("REJECTED")) {
                refused.put(published.order(), published);
            } else if (!published.status().isEmpty()
                    && refused.containsKey(published.order())
                    && !misattributed.contains(published.order())) {
                findings.add("refused and active again: " + published);
            }
        }
    }

    private static void everyOrderInDoubtHasAnAlert(DayTrace day, List<String> findings) {
        for (ReportedOrder order : day.reported()) {
            if (order.status().equals("UNKNOWN")
                    && day.alerts().stream().noneMatch(alert -> alert.contains(order.id()))) {
                findings.add("in doubt without an alert: " + order);
            }
        }
    }

    private static void everyCancelEnds(DayTrace day, List<String> findings) {
        Map<String, String> status = day.reported().stream()
                .collect(Collectors.toMap(ReportedOrder::id, ReportedOrder::status, (a, b) -> a));
        for (var cancel : day.cancels()) {
            String now = status.getOrDefault(cancel.orderId(), "gone");
            if (cancel.accepted() && (now.equals("gone") || now.equals("CANCEL_PENDING"))) {
                findings.add("the cancel was accepted and the order is " + now + ": " + cancel);
            }
        }
    }

    static boolean isOutside(DayTrace day, ReportedOrder order) {
        return order.brokerNumber().filter(day.outside()::contains).isPresent();
    }

    private static void modificationsAreInForceOnce(DayTrace day, List<String> findings) {
        Map<Long, DayTrace.Chain> chains = new HashMap<>();
        day.chains().forEach(chain -> chains.put(chain.number(), chain));
        for (ReportedOrder order : day.reported()) {
            DayTrace.Chain chain = order.brokerNumber().map(chains::get).orElse(null);
            if (chain == null || isOutside(day, order)) {
                continue;
            }
            long prices = day.changes().stream()
                    .filter(change -> change.orderId().equals(order.id())
                            && change.price().isPresent())
                    .count();
            if (chain.modifications() > prices) {
                findings.add(
                        "modified " + chain.modifications() + " times and requested " + prices + " times: " + order);
            }
            // For a filled order the price of a remainder is not requested any more.
            boolean priced =
                    OPEN_AT_BROKER.contains(order.status()) && !HistoryChecker.isEndedByBroker(order, day.closed());
            boolean counted = priced || order.status().equals("FILLED");
            if (priced && order.fingerprint().price() != chain.price()
                    || counted && order.fingerprint().qty() != chain.total()) {
                findings.add("terms differ at the broker: " + order + " is " + chain);
            }
        }
    }

    private static void noOrderUnderTheKillSwitch(DayTrace day, List<String> findings) {
        for (var sent : day.sent()) {
            boolean stopped = day.killSwitchSpans().stream()
                    .anyMatch(span -> sent.at().isAfter(span.from().plus(LEAVING))
                            && sent.at().isBefore(span.to()));
            if (sent.stoppable() && stopped) {
                findings.add("transmitted while the kill switch was on: " + sent);
            }
        }
    }

    private static void noOrderOutlivesTheSession(DayTrace day, List<String> findings) {
        for (ReportedOrder order : day.reported()) {
            if (day.closed()
                    && !ENDED.contains(order.status())
                    && !order.status().equals("UNKNOWN")) {
                findings.add("the session has ended and the order has not: " + order);
            }
        }
    }

    private static void moneyAndSharesAgree(DayTrace day, List<String> findings) {
        boolean hasOrderInDoubt =
                day.reported().stream().anyMatch(order -> order.status().equals("UNKNOWN"));
        if (!hasOrderInDoubt && !day.gatewayTotals().equals(day.brokerTotals())) {
            findings.add(
                    "the orders add up to " + day.gatewayTotals() + " and the broker booked " + day.brokerTotals());
        }
        day.balanceRead().ifPresent(read -> {
            if (!read.equals(day.brokerTotals().inWon())) {
                findings.add("the gateway read " + read + " and the broker booked " + day.brokerTotals());
            }
        });
    }
}
