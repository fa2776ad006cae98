package kr.kisgateway.gateway.stream;

import java.util.ArrayDeque;
import kr.kisgateway.gateway.alert.Alert;

/**
 * The channel {@code alerts}: a new subscriber first receives the last {@value #RECENT_MAX} alerts, each in its present state, in
 * the order of their last change.
 */
final class AlertTopic extends Topic<Alert> {
    static final int RECENT_MAX = 100;

    private record Numbered(Alert alert, long seq) {}

    private final ArrayDeque<Numbered> newest = new ArrayDeque<>(RECENT_MAX);

    AlertTopic(StreamCounters counters) {
        super(
                Channel.ALERTS,
                Subject.NONE,
                (_, alert, seq, snapshot) -> StreamJson.alert(alert, seq, snapshot),
                counters,
                null);
    }

    @Override
    void onPublish(Alert alert, long seq) {
        // A settled one replaces the one that was raised.
        newest.removeIf(each -> isSame(each.alert(), alert));
        if (newest.size() == RECENT_MAX) {
            newest.removeFirst();
        }
        newest.addLast(new Numbered(alert, seq));
    }

    private static boolean isSame(Alert one, Alert other) {
        return one.at().equals(other.at())
                && one.kind() == other.kind()
                && one.subject().equals(other.subject())
                && one.settledAt().isEmpty()
                && other.settledAt().isPresent();
    }

    @Override
    void snapshot(Subscription subscription) {
        for (var each : newest) {
            subscription.mailbox.offerAlways(StreamJson.alert(each.alert(), each.seq(), true));
        }
    }
}
