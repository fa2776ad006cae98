package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.order.OrderCore.Recorded;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.OrderReplay;

/** What the stream told of orders, told again from the journal: an order after each of its events, and each fill. */
public final class OrderHistory implements OrderReplay {
    /** Events of one read; a read of the journal may take a second. */
    static final int PAGE = 256;
    /** Events that are told again at most; who was away for longer begins with a snapshot. */
    static final long MOST = 100_000;

    private final Supplier<Optional<OrderDesk>> desk;
    private final Set<String> accounts;
    private final OrderJson json = new OrderJson();

    /** @param accounts the aliases there are */
    public OrderHistory(Supplier<Optional<OrderDesk>> desk, Set<String> accounts) {
        this.desk = desk;
        this.accounts = Set.copyOf(accounts);
    }

    @Override
    public boolean knows(String accountId) {
        return accounts.contains(accountId);
    }

    @Override
    public Page page(String accountId, long from, boolean first) {
        try {
            OrderDesk open = desk.get().orElseThrow(() -> new JournalException("the order desk has not begun"));
            long begin = from;
            if (first) {
                OrderStore.Known known = open.known(accountId);
                begin = from == 0 ? known.pruned() + 1 : from;
                check(known, begin);
            }
            List<Recorded> events = open.after(accountId, begin, PAGE);
            List<Told> told = new ArrayList<>(2 * events.size());
            events.forEach(event -> tell(event, told));
            long next = events.isEmpty() ? begin : events.getLast().seq() + 1;
            return new Page(told, next, events.size() < PAGE);
        } catch (JournalException e) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, "The journal cannot be read now; resume again.")
                            .retryAfter(Duration.ofSeconds(1)));
        }
    }

    @Override
    public Map<String, Long> cursors() {
        try {
            return desk.get()
                    .map(open -> accounts.stream()
                            .collect(Collectors.toMap(
                                    account -> account,
                                    account -> open.known(account).last())))
                    .orElse(Map.of());
        } catch (JournalException e) {
            return Map.of(); // who subscribes hears what happens all the same
        }
    }

    private static void check(OrderStore.Known known, long from) {
        String trouble = from > known.last() + 1
                ? "the last position is " + known.last()
                : from <= known.pruned()
                        ? "events up to " + known.pruned() + " are kept no longer"
                        : known.last() - from >= MOST ? "more than " + MOST + " events have followed it" : "";
        if (!trouble.isEmpty()) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.CURSOR_UNKNOWN,
                            "Nothing can be told again from this position: " + trouble
                                    + ". Begin with a snapshot, and read the rest with GET /v1/orders.")
                    .with("from_seq", from)
                    .with("last_seq", known.last()));
        }
    }

    /** As {@link OrderPublisher} tells it: the fill first, then the order. */
    private void tell(Recorded event, List<Told> told) {
        Order order = event.after();
        String symbol = order.terms().symbol().code();
        if (event.event() instanceof OrderEvent.Filled filled && filled.fill().qty() > 0) {
            told.add(new Told(
                    Channel.EXECUTIONS,
                    symbol,
                    order.key().principal(),
                    event.seq(),
                    json.execution(order, filled.fill()).toString()));
        }
        told.add(new Told(
                Channel.ORDERS,
                symbol,
                order.key().principal(),
                event.seq(),
                json.order(order).toString()));
    }
}
