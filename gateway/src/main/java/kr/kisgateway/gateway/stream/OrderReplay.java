package kr.kisgateway.gateway.stream;

import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.stream.Frame.AccountMessage;

/** What happened to an account's orders, read again from the journal. */
public interface OrderReplay {
    /** Whether there is an account of this alias. */
    boolean hasAccount(String accountId);

    /** The last cursor of each account, by its alias; empty while the journal cannot be read. Waits for its reader. */
    Map<String, Long> cursors();

    /**
     * Waits for the journal's reader; what it tells is as it was told the first time.
     *
     * @param from the first cursor wanted; 0 is the beginning of what the journal keeps
     * @param first whether the answer may be that {@code from} is no position from which everything is still known
     * @throws kr.kisgateway.gateway.error.RefusedException {@code CURSOR_UNKNOWN} or {@code JOURNAL_UNAVAILABLE}
     */
    Page readPage(String accountId, long from, boolean first);

    /**
     * Some of it, in its order.
     *
     * @param next the first cursor that is not in it
     * @param last whether there is no more
     */
    record Page(List<ReplayedEvent> events, long next, boolean last) {}

    /**
     * One message.
     *
     * @param channel {@link Channel#ORDERS} or {@link Channel#EXECUTIONS}
     * @param principal name of the key that placed the order
     * @param json the order or execution as one JSON object
     */
    record ReplayedEvent(Channel channel, String symbol, String principal, long seq, String json) {
        AccountMessage toMessage(String accountId) {
            return StreamHub.message(channel, accountId, symbol, principal, seq, json);
        }
    }
}
