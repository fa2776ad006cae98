package kr.kisgateway.gateway.stream;

import java.util.List;
import java.util.Map;
import kr.kisgateway.api.stream.StreamMessage;
import kr.kisgateway.gateway.stream.Frame.AccountMessage;

/** Past order events of an account, read from the journal. */
public interface OrderReplay {
    /** Whether an account with this alias exists. */
    boolean hasAccount(String accountId);

    /** Last cursor of each account by alias; empty while the journal cannot be read. Blocks on the journal's reader. */
    Map<String, Long> cursors();

    /**
     * One page of events, identical to those published live. Blocks on the journal's reader.
     *
     * @param from first cursor wanted; 0 is the oldest event that the journal retains
     * @param first whether to validate {@code from}: the journal must have every event from there on
     * @throws kr.kisgateway.gateway.error.RefusedException {@code CURSOR_UNKNOWN} or {@code JOURNAL_UNAVAILABLE}
     */
    Page readPage(String accountId, long from, boolean first);

    /**
     * Events in journal order.
     *
     * @param next first cursor after this page
     * @param last whether this is the last page
     */
    record Page(List<ReplayedEvent> events, long next, boolean last) {}

    /**
     * One event.
     *
     * @param channel {@link Channel#ORDERS} or {@link Channel#EXECUTIONS}
     * @param principal name of the key that placed the order
     * @param message the order or execution
     */
    record ReplayedEvent(Channel channel, String symbol, String principal, long seq, StreamMessage message) {
        AccountMessage toMessage(String accountId) {
            return StreamHub.message(accountId, symbol, principal, seq, message);
        }
    }
}
