package kr.kisgateway.simulation.history;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;

/**
 * A day of which every step was seen.
 *
 * @param calls orders that clients asked for
 * @param cancels cancels that clients asked for
 * @param changes modifications that clients asked for, whatever they heard
 * @param reported orders as the gateway has them
 * @param book orders as the broker's file has them, modifications and cancels folded into the order they belong to
 * @param chains how each of these stands now
 * @param outside numbers of orders that somebody placed past the gateway
 * @param acknowledgements acknowledgements that clients were given
 * @param refusedAfterAcceptance keys that were acknowledged and refused when they were asked for again, with the code
 * @param sent calls that left for the broker
 * @param killSwitchSpans spans in which the kill switch was on for certain
 * @param published cursors that the stream was told
 * @param alerts what operators were told
 * @param gatewayTotals money and shares as the gateway's orders add up
 * @param brokerTotals the same as the broker booked it
 * @param balanceRead the same as the gateway last read it from the broker, if it did after everything came to rest
 * @param bounds what may never be exceeded
 * @param clockSteps when the gateway's clock jumped: who paces by a clock that jumps loses count of that second
 * @param bulkActions what was done to more than one order at once, and what people decided
 * @param nights moments at which a new trading day began
 * @param closed whether the session is over, so that every order must have ended
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
        boolean closed) {

    /**
     * What was done beyond single orders.
     *
     * @param cancelAlls calls that cancelled many orders
     * @param resolutions what operators said about orders in doubt, and the gateway took
     * @param complete whether every cancel that anybody asked for is told, so that one without a cause is a finding
     */
    public record BulkActions(List<CancelAll> cancelAlls, List<Resolution> resolutions, boolean complete) {
        /** Nothing was watched. */
        public static BulkActions none() {
            return new BulkActions(List.of(), List.of(), false);
        }
    }

    /**
     * A call that cancels every open order, or those of one symbol, and its repetitions under the same key.
     *
     * @param answers what each answer named, the first one first
     * @param calls how many orders had been asked for when it was first answered, in the order of {@link #calls()};
     *     without an answer, all of them
     */
    public record CancelAll(String key, Optional<String> symbol, List<Set<String>> answers, int calls) {}

    /**
     * An operator's word about an order in doubt.
     *
     * @param number which of the broker's orders it is; empty when the broker does not have it
     */
    public record Resolution(String orderId, Optional<Long> number) {}

    /** A cancel of an order; {@code accepted} when the client heard so. */
    public record Cancel(String orderId, String key, boolean accepted) {}

    /** A modification that was asked for: another quantity in all, another price, or both. */
    public record ModifyCall(String orderId, OptionalLong qty, OptionalLong price) {}

    /**
     * An order at the broker with everything that replaced it.
     *
     * @param number the first one's
     * @param price the last one's
     * @param total shares filled under all its numbers, and those that rest
     * @param modifications how many new prices the broker took
     */
    public record Chain(long number, long price, long total, int modifications) {}

    /** From the moment somebody heard that it is on until the moment it was asked to go off. */
    public record Span(Instant from, Instant to) {}

    /**
     * An acknowledgement.
     *
     * @param durable whether the acceptance was on disk when the client was told
     */
    public record Acknowledgement(String key, String orderId, boolean durable) {}

    /**
     * A call whose first byte left.
     *
     * @param at in true time
     * @param clock the same moment on the gateway's clock
     * @param life which process of the day sent it
     * @param ledger whether it counts for the ledger's limit too
     * @param order for which order it left; empty for a question
     * @param placed what it placed, if it was a placing
     * @param stoppable whether a kill switch forbids it: a placing or a new price
     * @param durable whether the journal on disk said that it would leave
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
     * A journal cursor that the stream was told.
     *
     * @param life which process told it
     * @param order whose news it was
     * @param status of the order, or empty when the news was a fill
     */
    public record Published(String stream, long seq, int life, String order, String status) {}

    /** Won bought and sold today, and shares held by symbol, those of none left out. */
    public record AccountTotals(long bought, long sold, Map<String, Long> positions) {}

    /**
     * @param callsPerSecond in any second
     * @param ledgerPerSecond of these, to the ledger
     * @param dailyOrders that may be accepted
     * @param maxQty shares of one buy
     */
    public record Bounds(int callsPerSecond, int ledgerPerSecond, long dailyOrders, long maxQty) {}

    /** What each order may have become by the modifications asked for, by its id. */
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
            // Shares that filled before the order could be made smaller stay filled.
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
                    all.add(new OrderFingerprint(fingerprint.symbol(), fingerprint.side(), qty, price));
                }
            }
            fingerprints.put(id, all);
        });
        return fingerprints;
    }

    /**
     * Orders that were given up and then taken for equal ones from elsewhere, seen later: KIS gives nothing to tell them
     * apart, and docs/ORDERS.md does not promise it.
     */
    Set<String> misattributedOrders() {
        return reported.stream()
                .filter(order -> order.brokerNumber().filter(outside::contains).isPresent())
                .map(ReportedOrder::id)
                .collect(Collectors.toSet());
    }

    /** On which of the days, counted from 0, something at {@code at} happened. */
    int dayOf(Instant at) {
        return (int) nights.stream().filter(night -> !at.isBefore(night)).count();
    }
}
