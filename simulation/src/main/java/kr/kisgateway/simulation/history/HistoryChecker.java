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
import java.util.stream.Collectors;
import kr.kisgateway.market.OrderKind;

/**
 * Verifies a gateway by its clients' calls and answers, and by the broker's own book. It uses none of the gateway's
 * rules, only these: an acknowledged order exists, one request of a client is at most one order at the broker,
 * quantities agree, and nothing is sent after its deadline.
 */
public final class HistoryChecker {
    /** The broker stamps whole seconds, and an order has latency. */
    private static final Duration STAMP_SLACK = Duration.ofMillis(1_500);

    /** The account of a day with one. */
    static final String FIRST_ACCOUNT = "A1";

    /**
     * The properties by which a client can distinguish two orders at the broker.
     *
     * @param price in units of the market's currency
     * @param account its alias
     * @param form as what it goes where
     */
    public record OrderFingerprint(String symbol, String side, long qty, long price, String account, WireForm form) {
        /** That of a limit or market order of the first account at the usual venue. */
        public OrderFingerprint(String symbol, String side, long qty, long price) {
            this(symbol, side, qty, price, FIRST_ACCOUNT);
        }

        /** That of a limit or market order at the usual venue. */
        public OrderFingerprint(String symbol, String side, long qty, long price, String account) {
            this(symbol, side, qty, price, account, WireForm.usual(symbol, price));
        }

        /** The same for another quantity and price. */
        public OrderFingerprint with(long newQty, long newPrice) {
            return new OrderFingerprint(symbol, side, newQty, newPrice, account, form);
        }

        /** The same as something else. */
        public OrderFingerprint as(WireForm other) {
            return new OrderFingerprint(symbol, side, qty, price, account, other);
        }

        /** The same at each venue to which the gateway may send it. */
        Set<OrderFingerprint> choices() {
            return form.choices().stream().map(this::as).collect(Collectors.toUnmodifiableSet());
        }
    }

    /**
     * A client's calls under one key, and its last answer.
     *
     * @param orderId present once the gateway acknowledged it
     * @param refused whether the last answer was a refusal; false without an order id means that no answer arrived
     * @param timeInForce how long the order is valid: the exchange cancels what an IOC or FOK order leaves
     */
    public record ClientCall(
            String key,
            OrderFingerprint fingerprint,
            Instant dispatchBy,
            Optional<String> orderId,
            boolean refused,
            OrderKind kind) {
        /** The calls of a limit order that is valid for the day. */
        public ClientCall(
                String key,
                OrderFingerprint fingerprint,
                Instant dispatchBy,
                Optional<String> orderId,
                boolean refused) {
            this(key, fingerprint, dispatchBy, orderId, refused, OrderKind.LIMIT);
        }

        /**
         * What its order may be at the broker.
         *
         * @param changed fingerprints that orders may have after modifications, by their ids
         */
        Set<OrderFingerprint> possible(Map<String, Set<OrderFingerprint>> changed) {
            return orderId.map(changed::get).orElseGet(fingerprint::choices);
        }

        /** The same calls with another last answer. */
        public ClientCall answered(Optional<String> order, boolean refusedNow) {
            return new ClientCall(key, fingerprint, dispatchBy, order, refusedNow, kind);
        }
    }

    /** An order as the gateway reports it after the restart. */
    public record ReportedOrder(
            String id,
            String key,
            OrderFingerprint fingerprint,
            String status,
            long filled,
            Optional<Long> brokerNumber) {}

    /** An order in the broker's own book. */
    public record BookedOrder(long number, OrderFingerprint fingerprint, Instant at, long filled, long canceled) {}

    private HistoryChecker() {}

    /** All findings, one sentence each. */
    public static List<String> check(List<ClientCall> calls, List<ReportedOrder> reported, List<BookedOrder> book) {
        var findings = new Comparison(calls, reported, book, Map.of(), Set.of(), false).findings();
        noOrderSentLate(calls, book, findings);
        return findings;
    }

    /** The findings of a fully traced day, including those that only a trace shows. */
    public static List<String> check(DayTrace day) {
        var findings = new Comparison(
                        day.calls(),
                        day.reported(),
                        day.book(),
                        day.possibleFingerprints(),
                        day.outside(),
                        day.closed() || !day.nights().isEmpty())
                .findings();
        TraceChecks.check(day, findings);
        return findings;
    }

    /**
     * Compares clients' answers, the gateway's orders and the broker's book.
     *
     * @param possible fingerprints that an order may have after the requested modifications, by its id; without an
     *     entry, its original one
     * @param outside numbers of orders placed past the gateway
     * @param closed whether the session of some orders is over
     */
    private record Comparison(
            List<ClientCall> calls,
            List<ReportedOrder> reported,
            List<BookedOrder> book,
            Map<String, Set<OrderFingerprint>> possible,
            Set<Long> outside,
            boolean closed) {
        List<String> findings() {
            var findings = new ArrayList<String>();
            everyAcknowledgedOrderExists(findings);
            noOrderWithoutARequest(findings);
            noOrderSentTwice(findings);
            everyBookedOrderHasAnOwner(findings);
            quantitiesAgree(findings);
            return findings;
        }

        private void everyAcknowledgedOrderExists(List<String> findings) {
            var byId = new HashMap<String, ReportedOrder>();
            reported.forEach(order -> byId.put(order.id(), order));
            for (var call : calls) {
                if (call.orderId().isEmpty()) continue;
                var order = byId.get(call.orderId().get());
                if (order == null) {
                    findings.add("acknowledged order missing: " + call);
                } else if (!call.possible(possible).contains(order.fingerprint())
                        || !order.key().equals(call.key())) {
                    findings.add("acknowledged as a different order: " + call + " is " + order);
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
                    findings.add("order without a request: " + order);
                } else if (call.refused()) {
                    findings.add("refused order exists: " + call + " is " + order);
                }
                if (!keys.add(order.key())) findings.add("one key, two orders: " + order);
            }
        }

        private void noOrderSentTwice(List<String> findings) {
            Map<OrderFingerprint, Integer> requested = new HashMap<>();
            calls.stream()
                    .filter(call -> !call.refused())
                    .forEach(call -> call.possible(possible)
                            .forEach(fingerprint -> requested.merge(fingerprint, 1, Integer::sum)));
            Map<OrderFingerprint, Integer> sent = new HashMap<>();
            book.stream()
                    .filter(order -> !outside.contains(order.number()))
                    .forEach(order -> sent.merge(order.fingerprint(), 1, Integer::sum));
            sent.forEach((fingerprint, times) -> {
                if (times > requested.getOrDefault(fingerprint, 0)) {
                    findings.add("requested " + requested.getOrDefault(fingerprint, 0) + " times and at the broker "
                            + times + " times: " + fingerprint);
                }
            });
        }

        private void everyBookedOrderHasAnOwner(List<String> findings) {
            var owners = new TreeMap<Long, ReportedOrder>();
            for (var order : reported) {
                order.brokerNumber().ifPresent(number -> {
                    var other = owners.put(number, order);
                    if (other != null) findings.add("one broker order, two gateway orders: " + other + " and " + order);
                });
            }
            for (var booked : book) {
                if (!owners.containsKey(booked.number())) findings.add("not in the gateway: " + booked);
            }
            Set<Long> numbers = new HashSet<>();
            book.forEach(booked -> numbers.add(booked.number()));
            owners.forEach((number, order) -> {
                if (!numbers.contains(number)) findings.add("not at the broker: " + order);
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
                                .contains(booked.fingerprint())
                        || !order.fingerprint()
                                .form()
                                .equals(booked.fingerprint().form())) {
                    findings.add("matched with a different order: " + order + " is " + booked);
                }
                if (order.status().equals("UNKNOWN")) continue;
                if (booked.filled() != order.filled()) findings.add("fills differ: " + order + " is " + booked);
                // While a modification is in doubt, an order without open quantity may have been replaced: it is
                // settled at the close.
                if (order.status().equals("MODIFY_PENDING")) continue;
                boolean over = booked.filled() + booked.canceled()
                        == booked.fingerprint().qty();
                // KIS's list of US orders has no cancelled quantity: what was reduced and expired then counts as
                // cancelled.
                boolean expired = (closed || order.fingerprint().form().isForOneAuction())
                        && isUs(order)
                        && order.status().equals("CANCELED");
                boolean ended = isEndedByBroker(order, closed);
                if (!expired
                        && !ended
                        && over != List.of("FILLED", "CANCELED", "REJECTED").contains(order.status())) {
                    findings.add("ended at one side only: " + order + " is " + booked);
                }
            }
        }
    }

    /**
     * The deadline of each fingerprint that an order may have. Equal orders cannot be distinguished, so the latest one applies to all.
     *
     * @param changed fingerprints that orders may have after modifications, by their ids
     */
    static Map<OrderFingerprint, Instant> latestDeadlines(
            List<ClientCall> calls, Map<String, Set<OrderFingerprint>> changed) {
        Map<OrderFingerprint, Instant> latest = new HashMap<>();
        for (ClientCall call : calls) {
            for (OrderFingerprint fingerprint : call.possible(changed)) {
                latest.merge(fingerprint, call.dispatchBy(), (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        return latest;
    }

    /**
     * Whether the gateway may have an order as expired that the broker cancelled. What NXT's pre-market leaves has expired there, whether
     * its notice arrives or the session's end. What an IOC or FOK order leaves the broker cancels; until the day's last list is read, one of
     * the last second of a session has expired for a gateway whose clock is ahead.
     *
     * @param closed whether the last list was read
     */
    static boolean isEndedByBroker(ReportedOrder order, boolean closed) {
        WireForm form = order.fingerprint().form();
        return order.status().equals("EXPIRED") && (form.isOfPreMarket() || !closed && form.isImmediate());
    }

    private static boolean isUs(ReportedOrder order) {
        return order.fingerprint().symbol().indexOf('.') >= 0;
    }

    private static void noOrderSentLate(List<ClientCall> calls, List<BookedOrder> book, List<String> findings) {
        Map<OrderFingerprint, Instant> latest = latestDeadlines(calls, Map.of());
        for (var booked : book) {
            var by = latest.get(booked.fingerprint());
            if (by != null && booked.at().isAfter(by.plus(STAMP_SLACK))) {
                findings.add("sent after its deadline " + by + ": " + booked);
            }
        }
    }
}
