package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.order.OrderCore.RecordedEvent;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.OrderReplay;

/** Order messages of the stream, replayed from the journal: an order after each of its events, and each fill. */
public final class JournalOrderReplay implements OrderReplay {
    /** Events of one read; a read of the journal may take a second. */
    static final int PAGE = 256;
    /** Events replayed at most; a client that was disconnected for longer starts with a snapshot. */
    static final long MAX_EVENTS = 100_000;

    private final OrderEvents events;
    private final Set<String> accounts;

    /** @param accounts the account aliases */
    public JournalOrderReplay(OrderDesk desk, Set<String> accounts) {
        this((OrderEvents) desk, accounts);
    }

    JournalOrderReplay(OrderEvents events, Set<String> accounts) {
        this.events = events;
        this.accounts = Set.copyOf(accounts);
    }

    @Override
    public boolean hasAccount(String accountId) {
        return accounts.contains(accountId);
    }

    @Override
    public Page readPage(String accountId, long from, boolean first) {
        try {
            long begin = from;
            if (first) {
                OrderStore.StreamBounds bounds = events.streamBounds(accountId);
                begin = from == 0 ? bounds.pruned() + 1 : from;
                check(bounds, begin);
            }
            List<RecordedEvent> page = events.eventsFrom(accountId, begin, PAGE);
            List<ReplayedEvent> messages = new ArrayList<>(2 * page.size());
            page.forEach(event -> appendMessages(event, messages));
            long next = page.isEmpty() ? begin : page.getLast().seq() + 1;
            return new Page(messages, next, page.size() < PAGE);
        } catch (JournalException e) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, "The journal cannot be read now; resume again.")
                            .retryAfter(Duration.ofSeconds(1)));
        }
    }

    @Override
    public Map<String, Long> cursors() {
        try {
            return accounts.stream()
                    .collect(Collectors.toMap(
                            account -> account,
                            account -> events.streamBounds(account).last()));
        } catch (JournalException e) {
            return Map.of(); // the subscription itself works without a replay
        }
    }

    private static void check(OrderStore.StreamBounds bounds, long from) {
        String problem = from > bounds.last() + 1
                ? "the last position is " + bounds.last()
                : from <= bounds.pruned()
                        ? "events up to " + bounds.pruned() + " are no longer retained"
                        : bounds.last() - from >= MAX_EVENTS
                                ? "more than " + MAX_EVENTS + " events have followed it"
                                : "";
        if (!problem.isEmpty()) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.CURSOR_UNKNOWN,
                            "Nothing can be replayed from this position: " + problem
                                    + ". Start with a snapshot, and read the rest with GET /v1/orders.")
                    .with("from_seq", from)
                    .with("last_seq", bounds.last()));
        }
    }

    /** The messages of an event, as they are published live. */
    static List<ReplayedEvent> messages(RecordedEvent event) {
        List<ReplayedEvent> messages = new ArrayList<>(2);
        appendMessages(event, messages);
        return messages;
    }

    /** Appends in the order of {@link OrderPublisher}: the fill first, then the order. */
    private static void appendMessages(RecordedEvent event, List<ReplayedEvent> messages) {
        Order order = event.after();
        String symbol = order.terms().symbol().code();
        if (event.event() instanceof OrderEvent.Filled filled && filled.fill().qty() > 0) {
            messages.add(new ReplayedEvent(
                    Channel.EXECUTIONS,
                    symbol,
                    order.key().principal(),
                    event.seq(),
                    OrderAnswers.streamed(order, filled.fill())));
        }
        messages.add(new ReplayedEvent(
                Channel.ORDERS, symbol, order.key().principal(), event.seq(), OrderAnswers.streamed(order, false)));
    }
}
