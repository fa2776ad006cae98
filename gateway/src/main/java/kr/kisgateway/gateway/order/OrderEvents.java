package kr.kisgateway.gateway.order;

import java.util.List;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.order.OrderCore.RecordedEvent;

/** The events of orders in the journal. Both block, and throw a {@link JournalException} while it cannot be read. */
interface OrderEvents {
    OrderStore.StreamBounds streamBounds(String account);

    /** An account's events from a position on, each with its order after it. */
    List<RecordedEvent> eventsFrom(String account, long from, int limit);
}
