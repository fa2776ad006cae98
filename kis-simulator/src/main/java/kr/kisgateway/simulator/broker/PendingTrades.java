package kr.kisgateway.simulator.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Trade records that are not sent yet, by what their subscribers registered for; empty between steps, unless a fault merges
 * them.
 *
 * @param <K> what a frame is about
 */
final class PendingTrades<K extends Comparable<? super K>, R> {
    /** Records in one frame when trades come faster than the driver steps; about the number that KIS sends. */
    private static final int RECORDS_PER_FRAME = 10;

    /** Records that a frame collects while a fault merges them. */
    private static final int MERGED_RECORDS = 4;

    /** Sends records in one frame. */
    interface Publisher<K, R> {
        void publish(K key, List<R> records, StepOutput out);
    }

    private final Faults faults;
    private final Publisher<K, R> publisher;
    private final Map<K, List<R>> pending = new TreeMap<>();

    PendingTrades(Faults faults, Publisher<K, R> publisher) {
        this.faults = faults;
        this.publisher = publisher;
    }

    /** Adds a record; a full frame is sent before. */
    void add(K key, R trade, StepOutput out) {
        List<R> trades = pending.computeIfAbsent(key, k -> new ArrayList<>());
        if (trades.size() == RECORDS_PER_FRAME) {
            publish(key, trades, out);
        }
        trades.add(trade);
    }

    /** Sends the records of this step. */
    void flush(StepOutput out) {
        int minRecords = faults.isOn("merge_records") ? MERGED_RECORDS : 1;
        pending.forEach((key, trades) -> {
            if (trades.size() >= minRecords) {
                publish(key, trades, out);
            }
        });
    }

    private void publish(K key, List<R> trades, StepOutput out) {
        if (faults.isOn("split_records")) {
            trades.forEach(trade -> publisher.publish(key, List.of(trade), out));
        } else {
            publisher.publish(key, trades, out);
        }
        trades.clear();
    }
}
