package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import kr.kisgateway.simulator.entity.Change;

/**
 * The stocks whose figures changed since they were last saved. Trades of agents alone save them at an interval, all stocks
 * together; a user's trade and an answer that shows the figures save them at once.
 */
final class UnsavedPrices<K extends Comparable<? super K>, S> {
    private static final long INTERVAL_SECONDS = 1;

    private final Function<S, Change> record;
    private final Map<K, S> stocks = new TreeMap<>();
    private Instant savedAt = Instant.MIN;

    /** @param record the figures of a stock as they are stored */
    UnsavedPrices(Function<S, Change> record) {
        this.record = record;
    }

    void add(K key, S stock) {
        stocks.put(key, stock);
    }

    /** Marks the stock's figures as saved. Returns whether they were not. */
    boolean remove(K key) {
        return stocks.remove(key) != null;
    }

    void saveAll(StepOutput out) {
        stocks.values().forEach(stock -> out.save(record.apply(stock)));
        stocks.clear();
    }

    void saveIfDue(Instant now, StepOutput out) {
        if (!stocks.isEmpty() && !savedAt.plusSeconds(INTERVAL_SECONDS).isAfter(now)) {
            savedAt = now;
            saveAll(out);
        }
    }
}
