package kr.kisgateway.gateway.stream;

import java.util.ArrayDeque;
import kr.kisgateway.gateway.alert.Alert;

/** The channel {@code alerts}: who comes late begins with the last {@value #KEPT}, oldest first. */
final class AlertTopic extends Topic<Alert> {
    static final int KEPT = 100;

    private record Numbered(Alert alert, long seq) {}

    private final ArrayDeque<Numbered> newest = new ArrayDeque<>(KEPT);

    AlertTopic(StreamCounters counters) {
        super(Channel.ALERTS, "", (_, alert, seq, snapshot) -> StreamJson.alert(alert, seq, snapshot), counters, null);
    }

    @Override
    void remember(Alert alert, long number) {
        if (newest.size() == KEPT) {
            newest.removeFirst();
        }
        newest.addLast(new Numbered(alert, number));
    }

    @Override
    void snapshot(Subscription subscription) {
        for (var each : newest) {
            subscription.mailbox.offerAlways(StreamJson.alert(each.alert(), each.seq(), true));
        }
    }
}
