package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderCore.ControlRecorded;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;

/** What one input leads to, collected by all who take part in deciding about it. */
final class Turn {
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

    void alert(Level level, String event, OrderId order, String message) {
        effects.add(new OrderEffect.Alert(level, event, "order " + order + ": " + message, Optional.of(order)));
    }

    void alert(Level level, String event, String message) {
        effects.add(new OrderEffect.Alert(level, event, message, Optional.empty()));
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
        // In the order of their last events: the position that a listener has heard of is all it asks for after a
        // break.
        book.takeChanged().stream()
                .flatMap(id -> book.order(id).stream())
                .sorted(Comparator.comparingLong(Order::seq))
                .forEach(order -> effects.add(new OrderEffect.Changed(order)));
        var step = new OrderCore.Step(book.takeRecorded(), control, effects);
        control = new ArrayList<>();
        effects = new ArrayList<>();
        return step;
    }
}
