package kr.kisgateway.gateway.order;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.order.OrderCore.RecordedEvent;

/** Folds orders one after another and writes the query tables with the same statements as a commit does. */
final class OrderReplayStore implements Journal.Replay {
    /** Orders that share the statements; more would only use memory. */
    private static final int BATCH_SIZE = 1_000;

    private final OrderStore store;
    private final Connection fresh;
    private final List<RecordedEvent> recorded = new ArrayList<>();
    private final Map<OrderId, Order> after = new LinkedHashMap<>();

    OrderReplayStore(OrderStore store, Connection fresh) {
        this.store = store;
        this.fresh = fresh;
    }

    @Override
    public void replaySubject(String subject, List<JournalEntry> entries) throws SQLException {
        if (subject.equals(ControlEvent.STREAM)) {
            entries.forEach(store::readControl); // not about an order, but it has to be readable too
            return;
        }
        OrderId id = new OrderId(subject);
        Map<OrderId, Order> folded = new HashMap<>();
        List<RecordedEvent> steps = new ArrayList<>(entries.size());
        for (JournalEntry entry : entries) {
            store.fold(folded, entry);
            steps.add(new RecordedEvent(
                    entry.stream(),
                    entry.seq(),
                    entry.at(),
                    store.read(entry),
                    Objects.requireNonNull(folded.get(id))));
        }
        recorded.addAll(steps);
        after.putAll(folded);
        if (after.size() == BATCH_SIZE) {
            write();
        }
    }

    @Override
    public void finish() throws SQLException {
        write();
    }

    private void write() throws SQLException {
        OrderStore.writeTables(fresh, recorded, after);
        recorded.clear();
        after.clear();
    }
}
