package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.OrderCore.RecordedEvent;
import kr.kisgateway.gateway.trace.Span;
import kr.kisgateway.gateway.trace.SpanAttribute;
import kr.kisgateway.gateway.trace.SpanName;
import kr.kisgateway.gateway.trace.Trace;

/**
 * Which trace each input of the order desk and each open order belongs to, and the spans of what the desk does for them. An order
 * belongs to the trace of the request that placed it, a cancel or a modification to that of its own request. In memory: after a
 * restart an open order belongs to none, and what is sent and received for it is no part of its first trace.
 *
 * <p>Belongs to the desk's thread, but for {@link #arrived}, {@link #noticed} and {@link #withdrawn}.
 */
final class OrderTraces {
    /** Open orders with a trace; of more, the oldest have none. */
    static final int ORDERS_MAX = 20_000;

    private static final int ARRIVALS_MAX = OrderDesk.QUEUE_CAPACITY + OrderDesk.URGENT_CAPACITY;

    private final InstantSource clock;
    /** By identity: two equal inputs are two. */
    private final Map<OrderInput, Arrival> arrivals = Collections.synchronizedMap(new IdentityHashMap<>());

    private final Map<OrderId, OrderTrace> orders = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<OrderId, OrderTrace> eldest) {
            return size() > ORDERS_MAX;
        }
    };
    /** What other threads read of {@link #orders}. */
    private volatile int size;

    /** Whether an order was ever recorded. */
    private volatile boolean recordsOrders;

    /**
     * An input that waits for the desk.
     *
     * @param trace of the caller; empty for what no request caused
     */
    private record Arrival(Optional<Trace> trace, Instant at) {}

    /**
     * A request to the broker.
     *
     * @param waitsFrom when it could be sent at the earliest
     */
    record RequestTrace(Optional<Trace> trace, Instant waitsFrom) {}

    /** The traces of an order: of its requests to the broker by their number, and of the request to replace it. */
    private static final class OrderTrace {
        private final Trace placed;
        private Instant placingWaitsFrom;
        /** Of those after the placing. Most orders have none, and there may be as many as open orders. */
        private Map<Integer, RequestTrace> laterRequests = Map.of();

        private Optional<Trace> replaced = Optional.empty();

        OrderTrace(Trace placed, Instant acceptedAt) {
            this.placed = placed;
            this.placingWaitsFrom = acceptedAt;
        }

        void plan(int request, Optional<Trace> trace, Instant at) {
            if (laterRequests.isEmpty()) {
                laterRequests = new HashMap<>();
            }
            laterRequests.put(request, new RequestTrace(trace.or(() -> Optional.of(placed)), at));
        }

        void waitAgain(int request, Instant at) {
            if (request == PLACING) {
                placingWaitsFrom = at;
            } else {
                Optional.ofNullable(laterRequests.get(request)).ifPresent(was -> plan(request, was.trace(), at));
            }
        }

        /** The trace of a request, of one that no request of a caller caused the order's, and from when on it could be sent. */
        RequestTrace request(int request) {
            return request == PLACING
                    ? new RequestTrace(Optional.of(placed), placingWaitsFrom)
                    : Optional.ofNullable(laterRequests.get(request))
                            .orElseGet(() -> new RequestTrace(Optional.of(placed), Instant.EPOCH));
        }

        Trace of(int request) {
            return request(request).trace().orElse(placed);
        }
    }

    private static final int PLACING = 1;

    /** An input, its decision, and the open spans of the orders that it is about. */
    static final class Decision {
        private final OrderInput input;
        private final OrderCore.Step step;
        private final Optional<Arrival> arrival;
        private final Map<OrderId, Span> spans = new HashMap<>();

        private Decision(OrderInput input, OrderCore.Step step, Optional<Arrival> arrival) {
            this.input = input;
            this.step = step;
            this.arrival = arrival;
        }

        OrderCore.Step step() {
            return step;
        }

        private Optional<Trace> caller() {
            return arrival.flatMap(Arrival::trace);
        }
    }

    OrderTraces(InstantSource clock) {
        this.clock = clock;
    }

    /** A caller is about to queue {@code input}. */
    void arrived(OrderInput input) {
        Trace.current().ifPresent(trace -> put(input, Optional.of(trace), trace.isRecorded()));
    }

    /** An execution notice is about to be queued. */
    void noticed(OrderInput input) {
        if (recordsOrders) {
            put(input, Optional.empty(), true);
        }
    }

    private void put(OrderInput input, Optional<Trace> trace, boolean timed) {
        if (arrivals.size() < ARRIVALS_MAX) {
            arrivals.put(input, new Arrival(trace, timed ? clock.instant() : Instant.EPOCH));
        }
    }

    /** {@code input} will not be decided. */
    void withdrawn(OrderInput input) {
        arrivals.remove(input);
    }

    /** The desk starts: what a failed one had taken from the queue is not decided. */
    void restart() {
        arrivals.clear();
    }

    /** {@code input} left the queue and was decided. */
    Decision decided(OrderInput input, Instant takenAt, OrderCore.Step step) {
        Optional<Arrival> arrival = Optional.ofNullable(arrivals.remove(input));
        arrival.flatMap(Arrival::trace)
                .filter(Trace::isRecorded)
                .ifPresent(trace ->
                        trace.begin(SpanName.ORDER_QUEUE, arrival.get().at()).end(takenAt));
        return new Decision(input, step, arrival);
    }

    /** A step that no input caused. */
    Decision untraced(OrderCore.Step step) {
        return new Decision(new OrderInput.TimerDue(), step, Optional.empty());
    }

    /** The events of {@code decisions} are durable; {@code events} were in the commit. */
    void committed(List<Decision> decisions, Instant begun, Instant ended, int events) {
        for (Decision decision : decisions) {
            decision.step().events().forEach(event -> assign(decision, event, ended));
        }
        size = orders.size();
        for (Decision decision : decisions) {
            recordCommit(decision, begun, ended, events);
        }
    }

    /** Assigns what an event plans to the trace of the request that caused it. */
    private void assign(Decision decision, RecordedEvent recorded, Instant at) {
        Optional<OrderTrace> known =
                Optional.ofNullable(orders.get(recorded.event().order()));
        switch (recorded.event()) {
            case OrderEvent.Accepted accepted ->
                decision.caller().ifPresent(trace -> {
                    orders.put(accepted.order(), new OrderTrace(trace, at));
                    if (trace.isRecorded()) {
                        recordsOrders = true;
                    }
                });
            case OrderEvent.CancelRequested cancel ->
                known.ifPresent(order -> order.plan(cancel.request(), decision.caller(), at));
            case OrderEvent.ModifyRequested modify ->
                known.ifPresent(order ->
                        modify.planned().forEach(planned -> order.plan(planned.request(), decision.caller(), at)));
            case OrderEvent.ReplaceRequested replace ->
                known.ifPresent(order -> {
                    order.plan(replace.request(), decision.caller(), at);
                    order.replaced = decision.caller();
                });
            case OrderEvent.SendNotTaken again -> known.ifPresent(order -> order.waitAgain(again.request(), at));
            case OrderEvent.SendAbandoned again -> known.ifPresent(order -> order.waitAgain(again.request(), at));
            default -> {
                // plans nothing
            }
        }
    }

    private void recordCommit(Decision decision, Instant begun, Instant ended, int events) {
        List<RecordedEvent> own = decision.step().events();
        if (own.isEmpty()) {
            return;
        }
        Optional<Trace> caller = decision.caller();
        if (caller.isPresent()) {
            caller.filter(Trace::isRecorded).ifPresent(trace -> recordCommit(trace, own, begun, ended, events));
            return;
        }
        Map<OrderId, List<RecordedEvent>> byOrder = own.stream()
                .collect(Collectors.groupingBy(it -> it.event().order(), LinkedHashMap::new, Collectors.toList()));
        byOrder.forEach((id, ofOrder) -> traceOf(ofOrder.getFirst().event())
                .filter(Trace::isRecorded)
                .ifPresent(trace -> recordCommit(parent(decision, id, trace, begun), ofOrder, begun, ended, events)));
    }

    private static void recordCommit(Trace trace, List<RecordedEvent> own, Instant begun, Instant ended, int events) {
        Span span = trace.begin(SpanName.JOURNAL_COMMIT, begun)
                .with(
                        SpanAttribute.EVENTS,
                        own.stream()
                                .map(it -> it.event().getClass().getSimpleName())
                                .distinct()
                                .collect(Collectors.joining(",")))
                .with(SpanAttribute.COMMIT_EVENTS, events);
        Set<OrderId> ids = own.stream().map(it -> it.event().order()).collect(Collectors.toCollection(HashSet::new));
        if (ids.size() == 1) {
            span.with(SpanAttribute.ORDER, ids.iterator().next().text());
        }
        span.end(ended);
    }

    /** The span under which a decision about an order is recorded. */
    private static Trace parent(Decision decision, OrderId id, Trace trace, Instant begun) {
        SpanName name;
        Optional<String> notice;
        switch (decision.input) {
            case OrderInput.Noticed(Broker.Notice received) -> {
                name = SpanName.EXECUTION_NOTICE;
                notice = Optional.of(received.kind().name());
            }
            case OrderInput.ListArrived _ -> {
                name = SpanName.EXECUTION_LIST;
                notice = Optional.empty();
            }
            default -> {
                return trace;
            }
        }
        Instant from = decision.arrival.map(Arrival::at).orElse(begun);
        Span span = trace.begin(name, from).with(SpanAttribute.ORDER, id.text());
        notice.ifPresent(kind -> span.with(SpanAttribute.NOTICE, kind));
        decision.spans.put(id, span);
        return span.trace();
    }

    /** The trace of the request that an event is about, or of its order. */
    private Optional<Trace> traceOf(OrderEvent event) {
        return Optional.ofNullable(orders.get(event.order())).map(order -> switch (event) {
            case OrderEvent.SendStarted it -> order.of(it.request());
            case OrderEvent.SendAbandoned it -> order.of(it.request());
            case OrderEvent.SendNotTaken it -> order.of(it.request());
            case OrderEvent.SendInDoubt it -> order.of(it.request());
            case OrderEvent.BrokerAccepted it -> order.of(it.request());
            case OrderEvent.BrokerRefused it -> order.of(it.request());
            default -> order.placed;
        });
    }

    /** Runs {@code publication}, which hands a change of an order to the stream. */
    void publish(Decision decision, OrderId id, String channel, Runnable publication) {
        Optional<Trace> trace = Optional.ofNullable(decision.spans.get(id))
                .map(Span::trace)
                .or(() -> decision.caller())
                .or(() -> ofOrder(id))
                .filter(Trace::isRecorded);
        if (trace.isEmpty()) {
            publication.run();
            return;
        }
        Span span = trace.get()
                .begin(SpanName.STREAM_PUBLISH)
                .with(SpanAttribute.CHANNEL, channel)
                .with(SpanAttribute.ORDER, id.text());
        publication.run();
        span.end();
    }

    /** The effects of {@code decision} are released: ends its spans, and forgets orders that have ended. */
    void released(Decision decision) {
        decision.spans.values().forEach(Span::end);
        decision.step().events().stream()
                .filter(event -> event.after().status().isTerminal())
                .forEach(event -> orders.remove(event.event().order()));
    }

    /** The trace of a request to the broker. */
    RequestTrace ofRequest(OrderId id, int request) {
        return Optional.ofNullable(orders.get(id))
                .map(order -> order.request(request))
                .orElseGet(() -> new RequestTrace(Optional.empty(), Instant.EPOCH));
    }

    /** The trace of the request that placed an order. */
    Optional<Trace> ofOrder(OrderId id) {
        return Optional.ofNullable(orders.get(id)).map(order -> order.placed);
    }

    /** The trace of the request to replace an order. */
    Optional<Trace> ofReplacement(OrderId id) {
        return Optional.ofNullable(orders.get(id)).flatMap(order -> order.replaced.or(() -> Optional.of(order.placed)));
    }

    /** Registers the meters. */
    void bindTo(Meters meters) {
        meters.cacheLimit("order_traces", () -> size, ORDERS_MAX);
    }
}
