package kr.kisgateway.gateway.order;

import java.util.concurrent.atomic.LongAdder;

/** Figures of the order desk since the start, under the names of the old API. Counted when durable. */
public final class OrderMetrics {
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

    /**
     * The figures at one time.
     *
     * @param queueDepth orders queued for sending
     * @param processed orders whose sending started
     * @param unknown orders that are UNKNOWN
     */
    public record Snapshot(
            long queueDepth,
            long accepted,
            long deduplicated,
            long processed,
            long sent,
            long rejected,
            long filled,
            long retried,
            long retryExhausted,
            long terminal,
            long unknown,
            long canceled,
            long modified,
            long inDoubt,
            long resolved,
            long lateAcceptances,
            long adopted,
            long alerts,
            long runs,
            long checked,
            long mismatched,
            long corrected) {}

    final LongAdder processed = new LongAdder();

    Snapshot snapshot(long queueDepth, long unknown) {
        return new Snapshot(
                queueDepth,
                accepted.sum(),
                deduplicated.sum(),
                processed.sum(),
                sent.sum(),
                rejected.sum(),
                filled.sum(),
                retried.sum(),
                retryExhausted.sum(),
                filled.sum() + canceled.sum() + rejected.sum() + expired.sum(),
                unknown,
                canceled.sum(),
                modified.sum(),
                inDoubt.sum(),
                resolved.sum(),
                lateAcceptances.sum(),
                adopted.sum(),
                alerts.sum(),
                listings.sum(),
                checked.sum(),
                mismatched.sum(),
                corrected.sum());
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
            case OrderEvent.SendInDoubt _ -> inDoubt.increment();
            case OrderEvent.BrokerAccepted e -> {
                if (e.request() == 1) {
                    sent.increment();
                }
            }
            case OrderEvent.BrokerRefused e -> {
                if (e.request() == 1) {
                    rejected.increment();
                }
            }
            case OrderEvent.Rejected e -> {
                rejected.increment();
                if (e.code().equals("RETRY_EXHAUSTED")) {
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
            case OrderEvent.Expired _ -> expired.increment();
            case OrderEvent.Adopted _ -> adopted.increment();
            case OrderEvent.LateAcceptance _ -> lateAcceptances.increment();
            case OrderEvent.ModifyRequested _ -> modified.increment();
            case OrderEvent.Resolved _ -> resolved.increment();
            case OrderEvent.Corrected _ -> {
                mismatched.increment();
                corrected.increment();
            }
            case OrderEvent.Unresolved _ -> mismatched.increment();
            case OrderEvent.SendAbandoned _,
                    OrderEvent.CancelRequested _,
                    OrderEvent.ModifiedOutside _,
                    OrderEvent.Reduced _ -> {
                // no separate figure
            }
        }
    }
}
