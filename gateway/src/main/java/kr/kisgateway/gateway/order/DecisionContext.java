package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.JournalAppend;
import kr.kisgateway.gateway.order.OrderCore.RecordedControlEvent;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;

/** The result of one input, collected from all parts that take part in the decision. */
final class DecisionContext {
    private static final Comparator<OrderEffect> NOTIFICATION_ORDER = Comparator.comparingLong(DecisionContext::seq)
            .thenComparing(notification -> notification instanceof OrderEffect.OrderChanged);

    /** The subject of an alert about the gateway as a whole. */
    static final String GATEWAY_WIDE = "gateway";

    private final OrderRegistry registry;
    private List<RecordedControlEvent> controlEvents = new ArrayList<>();
    private List<OrderCore.RecordedAppend> appends = new ArrayList<>();
    private List<OrderEffect> effects = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    DecisionContext(OrderRegistry registry) {
        this.registry = registry;
    }

    void begin(Instant at) {
        now = at;
    }

    Instant now() {
        return now;
    }

    void record(OrderEvent event) {
        registry.record(event, now);
    }

    void record(ControlEvent event) {
        controlEvents.add(new RecordedControlEvent(registry.nextSeq(ControlEvent.STREAM), now, event));
    }

    /** Assigns positions to the entries; the position of the first. */
    long record(JournalAppend append) {
        long first = registry.nextSeq(append.stream());
        for (int i = 1; i < append.entries().size(); i++) {
            registry.nextSeq(append.stream());
        }
        appends.add(new OrderCore.RecordedAppend(first, now, append));
        return first;
    }

    void addEffect(OrderEffect effect) {
        effects.add(effect);
    }

    void alert(Level level, AlertEvent kind, OrderId order, String message) {
        effects.add(new OrderEffect.Alert(
                level, kind, order.text(), "order " + order + ": " + message, Optional.of(order), ownerOf(order)));
    }

    private Optional<String> ownerOf(OrderId id) {
        return registry.order(id)
                .filter(order -> !order.external())
                .map(order -> order.key().principal());
    }

    /** @param subject what it is about, the key of {@link #settle} */
    void alert(Level level, AlertEvent kind, String subject, String message) {
        effects.add(new OrderEffect.Alert(level, kind, subject, message, Optional.empty(), Optional.empty()));
    }

    /** @param by name of the API key that caused it */
    void alert(Level level, AlertEvent kind, Optional<String> by, String message) {
        effects.add(new OrderEffect.Alert(level, kind, GATEWAY_WIDE, message, Optional.empty(), by));
    }

    /** Settles the alerts of {@code kind} about {@code subject}. */
    void settle(AlertEvent kind, String subject) {
        effects.add(new OrderEffect.AlertSettled(kind, subject));
    }

    void reply(long ticket, Answer answer) {
        effects.add(new OrderEffect.Reply(ticket, answer));
    }

    static Answer refusal(ErrorCode code, String message) {
        return new Answer.Refused(Refusal.of(code, message));
    }

    static Answer noSuchOrder(OrderId id) {
        return refusal(ErrorCode.ORDER_NOT_FOUND, "there is no order " + id);
    }

    OrderCore.Step takeStep() {
        for (OrderId id : registry.takeChanged()) {
            registry.order(id).ifPresent(order -> effects.add(new OrderEffect.OrderChanged(order)));
        }
        // Notifications follow the order of their events, a fill before the change it caused: the last position that a
        // listener received is all it needs after a disconnect, whichever of the two it subscribed to.
        var notifications = new ArrayList<OrderEffect>();
        var ordered = new ArrayList<OrderEffect>(effects.size());
        for (OrderEffect effect : effects) {
            (isNotification(effect) ? notifications : ordered).add(effect);
        }
        notifications.sort(NOTIFICATION_ORDER);
        ordered.addAll(notifications);
        var step = new OrderCore.Step(registry.takeRecorded(), controlEvents, appends, ordered);
        controlEvents = new ArrayList<>();
        appends = new ArrayList<>();
        effects = new ArrayList<>();
        return step;
    }

    private static boolean isNotification(OrderEffect effect) {
        return effect instanceof OrderEffect.FillExecuted || effect instanceof OrderEffect.OrderChanged;
    }

    private static long seq(OrderEffect notification) {
        return switch (notification) {
            case OrderEffect.FillExecuted executed -> executed.order().seq();
            case OrderEffect.OrderChanged changed -> changed.order().seq();
            default -> throw new IllegalStateException("no news: " + notification);
        };
    }
}
