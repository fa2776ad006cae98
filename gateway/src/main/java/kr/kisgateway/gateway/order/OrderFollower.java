package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.api.stream.StreamExecution;
import kr.kisgateway.api.stream.StreamMessage;
import kr.kisgateway.api.stream.StreamOrder;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.OrderCore.RecordedEvent;
import kr.kisgateway.gateway.stream.OrderReplay.ReplayedEvent;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.gateway.task.TaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the orders that another gateway records to the clients of this one: the events of the journal, in their order, each once.
 * It reads when it is notified, and every {@value #PAUSE_MILLIS} ms in case a notice was lost.
 */
public final class OrderFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.cluster");
    private static final int PAUSE_MILLIS = 500;
    private static final Duration PAUSE = Duration.ofMillis(PAUSE_MILLIS);
    private static final int PAGE = 256;

    private final OrderEvents events;
    private final StreamHub hub;
    private final Set<String> accounts;
    private final LongAdder published = new LongAdder();
    /** The next position of each account; used by the task's thread. */
    private final Map<String, Long> next = new HashMap<>();

    private volatile Optional<TaskRunner.Task> task = Optional.empty();
    private boolean readable = true;

    public OrderFollower(SharedOrderStore events, StreamHub hub, Set<String> accounts) {
        this.events = events;
        this.hub = hub;
        this.accounts = Set.copyOf(accounts);
    }

    public OrderFollower start(TaskRunner tasks) {
        task = Optional.of(tasks.repeat("order-follower", this::follow));
        return this;
    }

    /** The journal has new events. */
    public void wakeUp() {
        task.ifPresent(TaskRunner.Task::wakeUp);
    }

    public void bindTo(Meters meters) {
        meters.counter(
                "cluster.order_events",
                "events",
                "Events of orders read from the journal of the owner",
                published::sum);
    }

    private Duration follow() {
        try {
            accounts.forEach(this::follow);
            if (!readable) {
                LOG.info("orders_followed_again");
            }
            readable = true;
        } catch (JournalException e) {
            if (readable) {
                LOG.warn("orders_not_followed cause=\"{}\"", e.getMessage());
            }
            readable = false;
        }
        return PAUSE;
    }

    private void follow(String account) {
        if (!next.containsKey(account)) {
            // A client receives what is open as a snapshot, and asks for what it missed itself.
            next.put(account, events.streamBounds(account).last() + 1);
            return;
        }
        List<RecordedEvent> page;
        do {
            page = events.eventsFrom(account, next.get(account), PAGE);
            for (RecordedEvent event : page) {
                JournalOrderReplay.messages(event).forEach(message -> publish(account, message));
                next.put(account, event.seq() + 1);
                published.increment();
            }
        } while (page.size() == PAGE);
    }

    private void publish(String account, ReplayedEvent event) {
        StreamMessage message = event.message();
        switch (message) {
            case StreamOrder order -> hub.order(account, event.symbol(), event.principal(), event.seq(), () -> order);
            case StreamExecution execution ->
                hub.execution(account, event.symbol(), event.principal(), event.seq(), () -> execution);
            default -> throw new IllegalStateException("no message of an order: " + message);
        }
    }

    @Override
    public void close() {
        task.ifPresent(TaskRunner.Task::close);
    }
}
