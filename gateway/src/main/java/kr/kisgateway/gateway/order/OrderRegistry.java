package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.order.OrderCore.RecordedEvent;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.TradingDay;

/**
 * The orders in memory (those of today, of days with an open order, and of a day whose last list was not read yet) with
 * their indexes, and the one place where an event is applied to an order.
 */
final class OrderRegistry {
    private final Map<OrderId, Order> orders = new HashMap<>();
    private final Map<OrderId, Order> open = new LinkedHashMap<>();
    private final Set<OrderId> unknown = new LinkedHashSet<>();
    private final Set<OrderId> missingFills = new LinkedHashSet<>();
    /** Ended by the session's end at the broker: the list may show their last fills later. */
    private final Set<OrderId> expired = new LinkedHashSet<>();
    /** Ended while it is unknown whether the broker has them: one may still appear. */
    private final Set<OrderId> closedInDoubt = new LinkedHashSet<>();

    /** How many open orders of each day the broker has or may have. */
    private final Map<AccountDay, Integer> daysAtBroker = new HashMap<>();

    /** Orders that the broker's list of their day can resolve. */
    private final Set<OrderId> awaitingReconcile = new LinkedHashSet<>();

    /** By account. */
    private final Map<String, Set<OrderId>> changedSinceRequest = new HashMap<>();

    private final Map<KeyUse.Name, OrderId> placeKeys = new HashMap<>();
    /** Those of cancels, modifications and decisions. */
    private final Map<KeyUse.Name, OrderInput.PriorUse> changeKeys = new HashMap<>();

    private final Map<AccountDay, Map<Long, OrderId>> byNumber = new HashMap<>();
    private final CommonParts common = new CommonParts();
    private final Map<String, Long> lastSeq;
    private final Map<Market, TradingDay> currentDays = new HashMap<>();
    /** The day before the current one of each market. */
    private final Map<Market, TradingDay> previousDays = new HashMap<>();
    /** Days whose list was read after its last possible change. */
    private final Set<AccountDay> closed = new HashSet<>();

    private boolean justClosed;

    private List<RecordedEvent> pendingEvents = new ArrayList<>();
    private Set<OrderId> changedOrders = new LinkedHashSet<>();

    /** Receives each order before and after an event. */
    @FunctionalInterface
    interface OrderChangeListener {
        void orderChanged(Optional<Order> before, Order after);
    }

    private final OrderChangeListener listener;

    OrderRegistry(Map<String, Long> lastSeq, OrderChangeListener listener) {
        this.lastSeq = new HashMap<>(lastSeq);
        this.listener = listener;
    }

    // ---- events ----

    /** Applies an event to its order, now. */
    void record(OrderEvent event, Instant now) {
        Optional<Order> before = order(event.order());
        String stream = switch (event) {
            case OrderEvent.Accepted e -> e.terms().accountId();
            case OrderEvent.Adopted e -> e.terms().accountId();
            default -> get(event.order()).terms().accountId();
        };
        long seq = nextSeq(stream);
        Order after = Order.isFirstEvent(event)
                ? common.share(Order.create(event, now, seq))
                : get(event.order()).apply(event, now, seq);
        pendingEvents.add(new RecordedEvent(stream, seq, now, event, after));
        store(after);
        switch (event) {
            case OrderEvent.CancelRequested e -> use(e.key(), e.order(), KeyUse.Kind.CANCEL);
            case OrderEvent.ModifyRequested e -> use(e.key(), e.order(), KeyUse.Kind.MODIFY);
            case OrderEvent.ReplaceRequested e -> use(e.key(), e.order(), KeyUse.Kind.MODIFY);
            case OrderEvent.ReplaceEnded e -> e.key().ifPresent(key -> use(key, e.order(), KeyUse.Kind.CANCEL));
            case OrderEvent.Resolved e -> use(e.key(), e.order(), KeyUse.Kind.RESOLVE);
            default -> {
                // the key of an acceptance is stored with its order
            }
        }
        changedOrders.add(after.id());
        listener.orderChanged(before, after);
    }

    long nextSeq(String stream) {
        return lastSeq.merge(stream, 1L, Long::sum);
    }

    private void use(KeyUse key, OrderId order, KeyUse.Kind kind) {
        changeKeys.put(key.name(), new OrderInput.PriorUse(key.hash(), order, kind));
    }

    List<RecordedEvent> takeRecorded() {
        List<RecordedEvent> recorded = pendingEvents;
        pendingEvents = new ArrayList<>();
        return recorded;
    }

    Set<OrderId> takeChanged() {
        Set<OrderId> taken = changedOrders;
        changedOrders = new LinkedHashSet<>();
        return taken;
    }

    // ---- loading and evicting ----

    /** Adds an order loaded from the journal. */
    void load(Order loaded) {
        Order order = common.share(loaded);
        store(order);
        listener.orderChanged(Optional.empty(), order);
    }

    private void store(Order order) {
        Order before = orders.put(order.id(), order);
        boolean wasAtBroker = before != null && atBroker(before);
        if (wasAtBroker && !atBroker(order)) {
            daysAtBroker.merge(order.accountDay(), -1, (n, one) -> n + one == 0 ? null : n + one);
        }
        if (!wasAtBroker && atBroker(order)) {
            daysAtBroker.merge(order.accountDay(), 1, Integer::sum);
        }
        if (order.status().isTerminal()) {
            open.remove(order.id());
        } else {
            open.put(order.id(), order);
        }
        setMembership(unknown, order, order.status() == OrderStatus.UNKNOWN);
        setMembership(missingFills, order, order.isMissingFills());
        setMembership(expired, order, order.isExpiredAtBroker());
        setMembership(closedInDoubt, order, order.isClosedInDoubt());
        setMembership(awaitingReconcile, order, awaitingReconcile(order));
        changedSinceRequest
                .computeIfAbsent(order.terms().accountId(), _ -> new HashSet<>())
                .add(order.id());
        if (before == null) {
            placeKeys.putIfAbsent(order.key().name(), order.id());
        }
        if (before == null || !order.brokerRefs().equals(before.brokerRefs())) {
            for (BrokerOrderRef ref : order.brokerRefs()) {
                byNumber.computeIfAbsent(order.accountDay(), _ -> new HashMap<>())
                        .put(ref.odno(), order.id());
            }
        }
    }

    private static boolean awaitingReconcile(Order order) {
        return switch (order.status()) {
            case UNKNOWN, CANCEL_PENDING, MODIFY_PENDING -> true;
            // While a notice is missing, the following ones cannot show by themselves which shares are new.
            case SENT, PARTIAL_FILLED -> order.isMissingNotices();
            case CANCELED -> order.isMissingFills();
            case NEW, DISPATCHING, FILLED, REJECTED, EXPIRED -> false;
        };
    }

    private static boolean atBroker(Order order) {
        return !order.status().isTerminal() && order.status() != OrderStatus.NEW;
    }

    private static void setMembership(Set<OrderId> set, Order order, boolean isMember) {
        if (isMember) {
            set.add(order.id());
        } else {
            set.remove(order.id());
        }
    }

    /**
     * Evicts the orders that ended on earlier days when the day of a market changes; the journal retains them. The day just ended
     * stays until its complete list was read, as does an order of any day that only that list can settle.
     *
     * @return whether a new day began
     */
    boolean rollTo(TradingDay today) {
        TradingDay current = currentDays.get(today.market());
        boolean isNewDay = current == null || current.isBefore(today);
        if (isNewDay) {
            if (current != null) {
                previousDays.put(today.market(), current);
                common.clear();
            }
            currentDays.put(today.market(), today);
        }
        if (isNewDay || justClosed) {
            evictEnded();
        }
        return isNewDay;
    }

    private void evictEnded() {
        justClosed = false;
        // An order that is open or was closed as not found is searched in its day's list: the ended orders listed there
        // belong to other orders, which must stay in memory to be recognized.
        Set<AccountDay> needed = new HashSet<>();
        open.values().forEach(o -> needed.add(o.accountDay()));
        needed.addAll(daysClosedInDoubt());
        orders.values().removeIf(o -> isPast(o.day()) && !needed.contains(o.accountDay()) && !awaitsFinalList(o));
        closed.removeIf(day -> isPast(day.day()));
        missingFills.removeIf(id -> !orders.containsKey(id));
        expired.removeIf(id -> !orders.containsKey(id));
        awaitingReconcile.removeIf(id -> !orders.containsKey(id));
        changedSinceRequest.values().forEach(ids -> ids.removeIf(id -> !orders.containsKey(id)));
        closedInDoubt.removeIf(id -> !orders.containsKey(id));
        placeKeys.values().removeIf(id -> !orders.containsKey(id));
        changeKeys.values().removeIf(use -> !orders.containsKey(use.order()));
        byNumber.forEach((day, numbers) -> {
            if (isPast(day.day())) {
                numbers.values().removeIf(id -> !orders.containsKey(id));
            }
        });
        byNumber.values().removeIf(Map::isEmpty);
    }

    private boolean awaitsFinalList(Order order) {
        return !closed.contains(order.accountDay())
                && (order.day().equals(previousDays.get(order.day().market())) || order.mayStillChange());
    }

    /** Records that the list of {@code day} was read so late that it is complete. */
    void closed(AccountDay day) {
        closed.add(day);
        justClosed = true;
    }

    /** The orders of {@code day} in memory, ended or not. */
    List<Order> ordersOf(AccountDay day) {
        return orders.values().stream()
                .filter(order -> order.accountDay().equals(day))
                .toList();
    }

    /** Whether an order of {@code day} is in memory, ended or not. */
    boolean hasOrdersOf(AccountDay day) {
        return orders.values().stream().anyMatch(order -> order.accountDay().equals(day));
    }

    /** Days before {@code today} whose ended orders wait for the list. */
    Set<AccountDay> unsettledBefore(TradingDay today) {
        Set<AccountDay> days = unclosedDays(Stream.concat(endedUnsettled().stream(), closedInDoubt.stream()));
        days.removeIf(day -> !day.day().isBefore(today));
        return days;
    }

    /** Days of these orders whose last list was not read yet, oldest first. */
    private Set<AccountDay> unclosedDays(Stream<OrderId> ended) {
        return ended.map(id -> get(id).accountDay())
                .filter(day -> !closed.contains(day))
                .sorted(Comparator.comparing(day -> day.day().date()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether ended orders of {@code day} may have been evicted: the clock was ahead and was set back. */
    boolean mayHaveEvicted(TradingDay day) {
        return isPast(day);
    }

    /** Whether a later day of its market began. */
    private boolean isPast(TradingDay day) {
        TradingDay current = currentDays.get(day.market());
        return current != null && day.isBefore(current);
    }

    // ---- finding ----

    Optional<Order> order(OrderId id) {
        return Optional.ofNullable(orders.get(id));
    }

    Order get(OrderId id) {
        Order order = orders.get(id);
        if (order == null) {
            throw new IllegalStateException("no order " + id + " in memory");
        }
        return order;
    }

    Optional<OrderInput.PriorUse> use(KeyUse.Name name) {
        return Optional.ofNullable(changeKeys.get(name))
                .or(() -> Optional.ofNullable(placeKeys.get(name))
                        .map(id -> new OrderInput.PriorUse(get(id).key().hash(), id, KeyUse.Kind.PLACE)));
    }

    /** The order that has or had the broker number {@code odno}. */
    Optional<Order> findByBrokerNumber(AccountDay day, long odno) {
        return Optional.ofNullable(byNumber.getOrDefault(day, Map.of()).get(odno))
                .map(this::get);
    }

    List<Order> open() {
        return List.copyOf(open.values());
    }

    /** Days of orders that were closed as not found and may still appear. */
    Set<AccountDay> daysClosedInDoubt() {
        return unclosedDays(closedInDoubt.stream());
    }

    /** Days of the orders that the broker has or may have. */
    Set<AccountDay> daysAtBroker() {
        return daysAtBroker.keySet();
    }

    int unknown() {
        return unknown.size();
    }

    boolean hasClosedInDoubt() {
        return !closedInDoubt.isEmpty();
    }

    List<Order> closedInDoubt() {
        return closedInDoubt.stream().map(this::get).toList();
    }

    /** Whether the broker's list may still change the order: it is open, or ended and a fill may be missing. */
    boolean unsettled(Order order) {
        return !order.status().isTerminal() || missingFills.contains(order.id()) || expired.contains(order.id());
    }

    /** Ended orders that the broker's list may still change. */
    List<OrderId> endedUnsettled() {
        return Stream.concat(missingFills.stream(), expired.stream()).toList();
    }

    /** How many orders of {@code day} the broker's list may still change. */
    long unsettled(AccountDay day) {
        return daysAtBroker.getOrDefault(day, 0)
                + endedUnsettled().stream()
                        .filter(id -> get(id).accountDay().equals(day))
                        .count();
    }

    /** Days of the orders that the broker's list can resolve. */
    Set<AccountDay> daysAwaitingReconcile() {
        Set<AccountDay> days = new LinkedHashSet<>();
        awaitingReconcile.forEach(id -> days.add(get(id).accountDay()));
        return days;
    }

    /** The broker's list of an account is requested: it will be older than every change from now on. */
    void markDailyOrdersRequested(String account) {
        changedSinceRequest.remove(account);
    }

    /** Orders of an account that changed since its list was last requested. */
    Set<OrderId> changedSinceRequest(String account) {
        return Set.copyOf(changedSinceRequest.getOrDefault(account, Set.of()));
    }
}
