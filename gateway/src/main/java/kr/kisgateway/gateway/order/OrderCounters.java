package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.meter.LatencyMeter;
import kr.kisgateway.gateway.meter.Meters;

/** What the order desk counts since the start, when it is durable. */
final class OrderCounters {
    final LongAdder accepted = new LongAdder();
    final LongAdder deduplicated = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder filled = new LongAdder();
    final LongAdder canceled = new LongAdder();
    final LongAdder expired = new LongAdder();
    final LongAdder retried = new LongAdder();
    final LongAdder retryExhausted = new LongAdder();
    final LongAdder inDoubt = new LongAdder();
    final LongAdder adopted = new LongAdder();
    final LongAdder lateAcceptances = new LongAdder();
    final LongAdder modified = new LongAdder();
    final LongAdder resolved = new LongAdder();
    final LongAdder mismatched = new LongAdder();
    final LongAdder alerts = new LongAdder();
    final LongAdder listings = new LongAdder();
    final LongAdder checked = new LongAdder();
    final LongAdder corrected = new LongAdder();
    final LongAdder processed = new LongAdder();
    final LongAdder queueTimeouts = new LongAdder();
    private final LongAdder failed = new LongAdder();
    /** Accepted by an answer: an order whose answer was lost has failed, and counts once. */
    private final LongAdder answered = new LongAdder();

    private final LongAdder journaled = new LongAdder();
    /** Empty until the meters are registered, which is before the desk starts. */
    private volatile Optional<LatencyMeter> commits = Optional.empty();

    /** Records a commit of {@code events} events that took {@code time}. */
    void committed(int events, Duration time) {
        journaled.add(events);
        commits.ifPresent(meter -> meter.record(time.toNanos()));
    }

    /** What the rules of alerts evaluate. */
    OrderFigures figures() {
        return new OrderFigures(
                answered.sum() + failed.sum(), failed.sum(), corrected.sum(), adopted.sum(), queueTimeouts.sum());
    }

    /** Registers the meters of orders, and of the comparisons with the broker's lists. */
    void bindTo(Meters meters) {
        commits = Optional.of(meters.latency(
                "journal.commits",
                "Commits of the order desk to the journal: until what they contain is on the disk",
                LatencyMeter.Buckets.ANSWERS));
        meters.counter("journal.events", "events", "Events of orders written to the journal", journaled::sum);
        meters.counter("order.accepted", "orders", "Orders accepted", accepted::sum);
        meters.counter("order.deduplicated", "requests", "Requests answered with an earlier answer", deduplicated::sum);
        meters.counter("order.processed", "orders", "Orders whose sending started", processed::sum);
        meters.counter("order.sent", "orders", "Orders that the broker accepted", sent::sum);
        Map.of("filled", filled, "canceled", canceled, "rejected", rejected, "expired", expired)
                .forEach((status, count) ->
                        meters.counter("order.ended", "orders", "Orders that ended", count::sum, "status", status));
        meters.counter("order.retried", "attempts", "Attempts that the broker did not accept", retried::sum);
        meters.counter("order.exhausted", "orders", "Orders rejected with no attempts left", retryExhausted::sum);
        meters.counter("order.modified", "modifications", "Modifications accepted", modified::sum);
        meters.counter("order.doubts", "requests", "Requests whose outcome was not known", inDoubt::sum);
        meters.counter("order.resolved", "requests", "Requests in doubt that operators resolved", resolved::sum);
        meters.counter("order.late.acceptances", "orders", "Orders found after they were closed", lateAcceptances::sum);
        meters.counter("order.adopted", "orders", "External orders adopted", adopted::sum);
        meters.counter("order.alerts", "alerts", "Alerts raised by the order desk", alerts::sum);
        meters.counter("reconcile.runs", "lists", "Lists of the broker compared", listings::sum);
        meters.counter("reconcile.checked", "orders", "Open orders at each comparison", checked::sum);
        meters.counter(
                "reconcile.mismatched",
                "orders",
                "Corrections, and orders that a list did not settle",
                mismatched::sum);
        meters.counter("reconcile.corrected", "orders", "Corrections made", corrected::sum);
    }

    /** Counts an event and, when it ended the order, the ending. */
    void count(OrderEvent event, Order after) {
        switch (event) {
            case OrderEvent.Accepted _ -> accepted.increment();
            case OrderEvent.SendStarted e -> {
                if (e.request() == 1 && e.attempt() == 1) {
                    processed.increment();
                }
            }
            case OrderEvent.SendNotTaken _ -> retried.increment();
            case OrderEvent.SendInDoubt e -> {
                inDoubt.increment();
                if (e.request() == 1) {
                    failed.increment();
                }
            }
            case OrderEvent.BrokerAccepted e -> {
                if (e.request() == 1) {
                    sent.increment();
                    if (e.matchedBy() == OrderEvent.MatchedBy.ANSWER) {
                        answered.increment();
                    }
                }
            }
            case OrderEvent.BrokerRefused e -> {
                if (e.request() == 1) {
                    rejected.increment();
                    failed.increment();
                }
            }
            case OrderEvent.Rejected e -> {
                rejected.increment();
                if (!e.code().equals(OrderCore.NOT_FOUND)) {
                    failed.increment();
                }
                if (e.code().equals(OrderCore.RETRY_EXHAUSTED)) {
                    retryExhausted.increment();
                }
            }
            case OrderEvent.Filled e -> {
                boolean completed =
                        after.status() == OrderStatus.FILLED && e.fill().qty() > 0;
                if (completed && after.filled() - e.fill().qty() < after.terms().qty()) {
                    filled.increment();
                }
            }
            case OrderEvent.Canceled _ -> canceled.increment();
            case OrderEvent.Expired e -> {
                expired.increment();
                if (e.reason().startsWith(OrderCore.NOT_SENT)) {
                    failed.increment();
                }
            }
            case OrderEvent.Adopted _ -> adopted.increment();
            case OrderEvent.LateAcceptance _ -> lateAcceptances.increment();
            case OrderEvent.ModifyRequested _, OrderEvent.ReplaceRequested _ -> modified.increment();
            case OrderEvent.Resolved _ -> resolved.increment();
            case OrderEvent.Corrected _ -> {
                mismatched.increment();
                corrected.increment();
            }
            case OrderEvent.Unresolved _ -> mismatched.increment();
            case OrderEvent.SendAbandoned _,
                    OrderEvent.CancelRequested _,
                    OrderEvent.ModifiedOutside _,
                    OrderEvent.ReplaceEnded _,
                    OrderEvent.FoundResting _,
                    OrderEvent.Reduced _ -> {
                // no separate figure
            }
        }
    }
}
