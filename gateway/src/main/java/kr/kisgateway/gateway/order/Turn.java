package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderCore.ControlRecorded;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;

/** What one input leads to, collected by all who take part in deciding about it. */
final class Turn {
    private static final Comparator<OrderEffect> NEWS =
            Comparator.comparingLong(Turn::seq).thenComparing(news -> news instanceof OrderEffect.Changed);

    /** The subject of an alert about the gateway as a whole. */
    static final String WHOLE = "";

    private final DayBook book;
    private List<ControlRecorded> control = new ArrayList<>();
    private List<OrderEffect> effects = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    Turn(DayBook book) {
        this.book = book;
    }

    void begin(Instant at) {
        now = at;
    }

    Instant now() {
        return now;
    }

    void record(OrderEvent event) {
        book.record(event, now);
    }

    void record(ControlEvent event) {
        control.add(new ControlRecorded(book.nextSeq(ControlEvent.STREAM), now, event));
    }

    void add(OrderEffect effect) {
        effects.add(effect);
    }

    void alert(Level level, AlertEvent kind, OrderId order, String message) {
        effects.add(new OrderEffect.Alert(
                level, kind, order.text(), "order " + order + ": " + message, Optional.of(order), placer(order)));
    }

    private Optional<String> placer(OrderId id) {
        return book.order(id)
                .filter(order -> !order.external())
                .map(order -> order.key().principal());
    }

    /** @param subject what it is about, by which {@link #settle} finds it */
    void alert(Level level, AlertEvent kind, String subject, String message) {
        effects.add(new OrderEffect.Alert(level, kind, subject, message, Optional.empty(), Optional.empty()));
    }

    /** @param by name of the key that did it */
    void alert(Level level, AlertEvent kind, Optional<String> by, String message) {
        effects.add(new OrderEffect.Alert(level, kind, WHOLE, message, Optional.empty(), by));
    }

    /** What the alerts of {@code kind} about {@code subject} report is over. */
    void settle(AlertEvent kind, String subject) {
        effects.add(new OrderEffect.Settled(kind, subject));
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

    OrderCore.Step take() {
        book.takeChanged().stream()
                .flatMap(id -> book.order(id).stream())
                .forEach(order -> effects.add(new OrderEffect.Changed(order)));
        // News in the order of their events, fills before the change they made: the position that a listener has heard
        // of
        // is all it asks for after a break, whichever of the two it listens to.
        var news = effects.stream().filter(Turn::isNews).sorted(NEWS).iterator();
        var ordered = new ArrayList<OrderEffect>(effects.size());
        effects.stream().filter(effect -> !isNews(effect)).forEach(ordered::add);
        news.forEachRemaining(ordered::add);
        var step = new OrderCore.Step(book.takeRecorded(), control, ordered);
        control = new ArrayList<>();
        effects = new ArrayList<>();
        return step;
    }

    private static boolean isNews(OrderEffect effect) {
        return effect instanceof OrderEffect.Executed || effect instanceof OrderEffect.Changed;
    }

    private static long seq(OrderEffect news) {
        return switch (news) {
            case OrderEffect.Executed executed -> executed.order().seq();
            case OrderEffect.Changed changed -> changed.order().seq();
            default -> throw new IllegalStateException("no news: " + news);
        };
    }
}
