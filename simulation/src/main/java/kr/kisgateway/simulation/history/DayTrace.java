package kr.kisgateway.simulation.history;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;

/**
 * A fully traced day.
 *
 * @param calls orders that clients requested
 * @param cancels cancels that clients requested
 * @param changes modifications that clients requested, whatever the answer
 * @param reported orders as the gateway has them
 * @param book orders in the broker's file, modifications and cancels folded into the order they belong to
 * @param chains current state of each of these
 * @param outside numbers of orders placed past the gateway
 * @param acknowledgements acknowledgements that clients received
 * @param refusedAfterAcceptance keys that were acknowledged and refused when they were repeated, with the code
 * @param sent calls sent to the broker
 * @param killSwitchSpans spans in which the kill switch was certainly on
 * @param published cursors that were published to the stream
 * @param alerts alerts raised to operators
 * @param gatewayTotals money and shares, summed over the gateway's orders
 * @param brokerTotals the same as booked by the broker
 * @param balanceRead the same as the gateway last read it from the broker, if it did after the day settled
 * @param bounds limits that must never be exceeded
 * @param clockSteps when the gateway's clock stepped: rate limiting by that clock loses count of that second
 * @param bulkActions actions on several orders, and operator resolutions
 * @param nights starts of new trading days
 * @param closed whether the session is over, so that every order must have ended
 * @param parents parent orders
 */
public record DayTrace(
        List<ClientCall> calls,
        List<Cancel> cancels,
        List<ModifyCall> changes,
        List<ReportedOrder> reported,
        List<BookedOrder> book,
        List<Chain> chains,
        Set<Long> outside,
        List<Acknowledgement> acknowledgements,
        List<String> refusedAfterAcceptance,
        List<SentCall> sent,
        List<Span> killSwitchSpans,
        List<Published> published,
        List<String> alerts,
        AccountTotals gatewayTotals,
        AccountTotals brokerTotals,
        Optional<AccountTotals> balanceRead,
        Bounds bounds,
        List<Instant> clockSteps,
        BulkActions bulkActions,
        List<Instant> nights,
        boolean closed,
        ParentTrace parents) {
    /** A day without parent orders. */
    public DayTrace(
            List<ClientCall> calls,
            List<Cancel> cancels,
            List<ModifyCall> changes,
            List<ReportedOrder> reported,
            List<BookedOrder> book,
            List<Chain> chains,
            Set<Long> outside,
            List<Acknowledgement> acknowledgements,
            List<String> refusedAfterAcceptance,
            List<SentCall> sent,
            List<Span> killSwitchSpans,
            List<Published> published,
            List<String> alerts,
            AccountTotals gatewayTotals,
            AccountTotals brokerTotals,
            Optional<AccountTotals> balanceRead,
            Bounds bounds,
            List<Instant> clockSteps,
            BulkActions bulkActions,
            List<Instant> nights,
            boolean closed) {
        this(
                calls,
                cancels,
                changes,
                reported,
                book,
                chains,
                outside,
                acknowledgements,
                refusedAfterAcceptance,
                sent,
                killSwitchSpans,
                published,
                alerts,
                gatewayTotals,
                brokerTotals,
                balanceRead,
                bounds,
                clockSteps,
                bulkActions,
                nights,
                closed,
                ParentTrace.none());
    }

    /**
     * Actions beyond single orders.
     *
     * @param cancelAlls calls that cancelled several orders
     * @param resolutions operators' resolutions of orders in doubt that the gateway accepted
     * @param complete whether every requested cancel is recorded, so that one without a cause is a finding
     */
    public record BulkActions(List<CancelAll> cancelAlls, List<Resolution> resolutions, boolean complete) {
        /** Nothing was traced. */
        public static BulkActions none() {
            return new BulkActions(List.of(), List.of(), false);
        }
    }

    /**
     * A call that cancels every open order, or those of one symbol, and its repetitions under the same key.
     *
     * @param answers the orders named by each answer, the first one first
     * @param calls number of orders that had been requested when it was first answered, in the order of {@link
     *     #calls()}; without an answer, all of them
     */
    public record CancelAll(String key, Optional<String> symbol, List<Set<String>> answers, int calls) {}

    /**
     * An operator's resolution of an order in doubt.
     *
     * @param number the matching broker order; empty when the broker does not have it
     */
    public record Resolution(String orderId, Optional<Long> number) {}

    /** A cancel of an order; {@code accepted} when the client received that answer. */
    public record Cancel(String orderId, String key, boolean accepted) {}

    /** A requested modification: another total quantity, another price, or both. */
    public record ModifyCall(String orderId, OptionalLong qty, OptionalLong price, Optional<ReplacedBy> replace) {
        /** A modification as KIS has it. */
        public ModifyCall(String orderId, OptionalLong qty, OptionalLong price) {
            this(orderId, qty, price, Optional.empty());
        }
    }

    /**
     * The caller's permission to place another order in place of one that cannot grow.
     *
     * @param until the latest instant at which it may be sent
     */
    public record ReplacedBy(Instant until) {}

    /**
     * A new price that the gateway chose for an order, as its journal has it.
     *
     * @param at by the gateway's clock
     */
    public record Reprice(String orderId, Instant at, long price) {}

    /**
     * What a client permitted.
     *
     * @param after how long the order rests at a price before it gets another one
     * @param max how often it gets another price
     */
    public record RepriceRule(Duration after, int max) {}

    /**
     * An order at the broker with all its replacements.
     *
     * @param number the first one's
     * @param price the last one's
     * @param total shares filled under all its numbers, plus open ones
     * @param modifications number of new prices that the broker accepted
     */
    public record Chain(long number, long price, long total, int modifications) {}

    /** From the confirmation that it is on until the request to switch it off. */
    public record Span(Instant from, Instant to) {}

    /**
     * An acknowledgement.
     *
     * @param durable whether the acceptance was durable when the client was answered
     */
    public record Acknowledgement(String key, String orderId, boolean durable) {}

    /**
     * A call whose first byte was sent.
     *
     * @param at in true time
     * @param clock the same moment on the gateway's clock
     * @param life number of the process of the day that sent it
     * @param ledger whether it counts for the ledger's limit too
     * @param order the order it was sent for; empty for a query
     * @param placed the placed order, if it was a placing
     * @param stoppable whether a kill switch forbids it: a placing or a new price
     * @param durable whether the durable journal contained its send
     */
    public record SentCall(
            Instant at,
            Instant clock,
            int life,
            boolean ledger,
            Optional<String> order,
            Optional<OrderFingerprint> placed,
            boolean stoppable,
            boolean durable) {}

    /**
     * A journal cursor that was published to the stream.
     *
     * @param life number of the process that published it
     * @param order the order of the event
     * @param status of the order, or empty when the event was a fill
     */
    public record Published(String stream, long seq, int life, String order, String status) {}

    /**
     * Money bought and sold today, by account and currency, and shares held by account and symbol; without zeros.
     *
     * @param bought in units of the currency, under {@code A1 KRW}
     * @param positions under {@code A1 005930}
     */
    public record AccountTotals(Map<String, Long> bought, Map<String, Long> sold, Map<String, Long> positions) {
        /** Won and shares of the first account. */
        public AccountTotals(long bought, long sold, Map<String, Long> positions) {
            this(
                    Map.of(HistoryChecker.FIRST_ACCOUNT + " KRW", bought),
                    Map.of(HistoryChecker.FIRST_ACCOUNT + " KRW", sold),
                    positions.entrySet().stream()
                            .collect(Collectors.toMap(
                                    entry -> HistoryChecker.FIRST_ACCOUNT + " " + entry.getKey(),
                                    Map.Entry::getValue)));
        }

        /** The part that an account's balance of Korean stocks shows. */
        AccountTotals inWon() {
            return new AccountTotals(
                    filter(bought, key -> key.endsWith(" KRW")),
                    filter(sold, key -> key.endsWith(" KRW")),
                    filter(positions, key -> key.indexOf('.') < 0));
        }

        private static Map<String, Long> filter(Map<String, Long> from, Predicate<String> keys) {
            return from.entrySet().stream()
                    .filter(entry -> keys.test(entry.getKey()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }
    }

    /**
     * @param callsPerSecond in any second
     * @param ledgerPerSecond of these, to the ledger
     * @param dailyOrders maximum accepted orders
     * @param maxQty maximum shares of one buy
     */
    public record Bounds(int callsPerSecond, int ledgerPerSecond, long dailyOrders, long maxQty) {}

    /** Fingerprints that each order may have after the requested modifications, by its id. */
    Map<String, Set<OrderFingerprint>> possibleFingerprints() {
        Map<String, OrderFingerprint> first = new HashMap<>();
        calls.forEach(call -> call.orderId().ifPresent(id -> first.put(id, call.fingerprint())));
        Map<String, Set<Long>> quantities = new HashMap<>();
        Map<String, Set<Long>> prices = new HashMap<>();
        first.forEach((id, fingerprint) -> {
            quantities.put(id, new TreeSet<>(Set.of(fingerprint.qty())));
            prices.put(id, new TreeSet<>(Set.of(fingerprint.price())));
        });
        for (ModifyCall change : changes) {
            change.qty()
                    .ifPresent(qty -> quantities
                            .computeIfAbsent(change.orderId(), _ -> new TreeSet<>())
                            .add(qty));
            change.price()
                    .ifPresent(price -> prices.computeIfAbsent(change.orderId(), _ -> new TreeSet<>())
                            .add(price));
        }
        for (ReportedOrder order : reported) {
            // Shares filled before a reduction stay filled.
            quantities.computeIfPresent(order.id(), (_, requested) -> {
                if (requested.stream().anyMatch(qty -> qty < order.filled())) {
                    requested.add(order.filled());
                }
                return requested;
            });
        }
        Map<String, Set<OrderFingerprint>> fingerprints = new HashMap<>();
        first.forEach((id, fingerprint) -> {
            var all = new HashSet<OrderFingerprint>();
            for (long qty : quantities.getOrDefault(id, Set.of())) {
                for (long price : prices.getOrDefault(id, Set.of())) {
                    all.addAll(fingerprint.with(qty, price).choices());
                }
            }
            fingerprints.put(id, all);
        });
        return fingerprints;
    }

    /**
     * Orders that were given up, then matched with equal outside orders that appeared later: KIS provides nothing to
     * distinguish them, and docs/ORDERS.md does not promise it.
     */
    Set<String> misattributedOrders() {
        return reported.stream()
                .filter(order -> order.brokerNumber().filter(outside::contains).isPresent())
                .map(ReportedOrder::id)
                .collect(Collectors.toSet());
    }

    /** The index of the day, counted from 0, of {@code at}. */
    int dayOf(Instant at) {
        return (int) nights.stream().filter(night -> !at.isBefore(night)).count();
    }
}
