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
import kr.kisgateway.gateway.order.OrderCore.Recorded;

/** Folds orders one after another and writes the query tables with the same statements as a commit does. */
final class OrderReplayStore implements Journal.Replay {
    /** Orders that share the statements; more would only cost memory. */
    private static final int TOGETHER = 1_000;

    private final OrderStore store;
    private final Connection fresh;
    private final List<Recorded> recorded = new ArrayList<>();
    private final Map<OrderId, Order> after = new LinkedHashMap<>();

    OrderReplayStore(OrderStore store, Connection fresh) {
        this.store = store;
        this.fresh = fresh;
    }

    @Override
    public void take(String subject, List<JournalEntry> entries) throws SQLException {
        if (subject.equals(ControlEvent.STREAM)) {
            entries.forEach(store::readControl); // about no order; it has to be readable all the same
            return;
        }
        OrderId id = new OrderId(subject);
        Map<OrderId, Order> one = new HashMap<>();
        List<Recorded> steps = new ArrayList<>(entries.size());
        for (JournalEntry entry : entries) {
            store.fold(one, entry);
            steps.add(new Recorded(
                    entry.stream(), entry.seq(), entry.at(), store.read(entry), Objects.requireNonNull(one.get(id))));
        }
        recorded.addAll(steps);
        after.putAll(one);
        if (after.size() == TOGETHER) {
            write();
        }
    }

    @Override
    public void end() throws SQLException {
        write();
    }

    private void write() throws SQLException {
        OrderStore.tables(fresh, recorded, after);
        recorded.clear();
        after.clear();
    }
}
