package kr.kisgateway.gateway.order;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalRows;
import kr.kisgateway.gateway.order.OrderCore.RecordedEvent;
import kr.kisgateway.gateway.stream.OpenOrders.OpenOrder;
import kr.kisgateway.gateway.stream.OrderReplay;

/** Reads the orders of a database that another gateway writes. All methods block, and throw a {@link JournalException}. */
public final class SharedOrderStore implements OrderEvents, AutoCloseable {
    private static final int CONNECTIONS = 4;
    /** As a read of a gateway's own journal. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(1);

    private static final Duration WAIT_LIMIT = Duration.ofSeconds(2);

    private final OrderStore store = new OrderStore();
    private final Postgres.Readers readers;

    public SharedOrderStore(Postgres postgres) {
        this.readers = postgres.readers(CONNECTIONS, WAIT_LIMIT, READ_LIMIT);
    }

    private <T> T read(Journal.Query<T> query) {
        try (var connection = readers.take()) {
            return query.run(connection);
        } catch (SQLException e) {
            throw new JournalException("the journal of the cluster cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public OrderStore.StreamBounds streamBounds(String account) {
        return read(connection -> OrderStore.streamBounds(connection, account));
    }

    @Override
    public List<RecordedEvent> eventsFrom(String account, long from, int limit) {
        return read(connection -> store.eventsFrom(connection, account, from, limit));
    }

    /** Open orders, oldest first. */
    public List<OpenOrder> openOrders() {
        return read(connection -> {
            Map<OrderId, Order> orders = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement(OrderStore.OPEN)) {
                JournalRows.forEach(select, entry -> store.fold(orders, entry));
            }
            List<Order> open = new ArrayList<>(orders.values());
            open.removeIf(order -> order.status().isTerminal());
            open.sort(Comparator.comparing(order -> order.id().text()));
            return OrderPublisher.openOrders(open);
        });
    }

    /** What clients of this gateway missed. */
    public OrderReplay replay(Set<String> accounts) {
        return new JournalOrderReplay(this, accounts);
    }

    @Override
    public void close() {
        readers.close();
    }
}
