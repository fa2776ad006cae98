package kr.kisgateway.client.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import kr.kisgateway.client.GapRestored;
import kr.kisgateway.client.KisAnswer;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.ListenerHandle;
import kr.kisgateway.client.RealtimeOptions;
import kr.kisgateway.client.core.Timer;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.BadFrame;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.UntypedFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the session's messages to its listeners and the log. Data go from the reader's thread into the mailbox of each
 * listener, or directly to the first one where that was chosen; everything else goes through the mailboxes, in order.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger("kis.session");
    /** The listener of the log-only mailbox. */
    private static final KisListener NO_LISTENER = new KisListener() {};

    private static final Duration REPORT_SPACING = Duration.ofSeconds(1);

    private final RealtimeOptions options;
    private final InstantSource clock;
    private final Timer timer;
    private final Supplier<Set<RealtimeKey>> registeredKeys;
    /** Receives data on the reader's thread, where that was chosen. */
    private final Optional<KisListener> directListener;

    private final Mailbox clientMailbox;
    private final Mailbox logMailbox;
    private final CopyOnWriteArrayList<Mailbox> mailboxes = new CopyOnWriteArrayList<>();
    private final BadFrames badFrames = new BadFrames();
    private volatile boolean ended;

    /** @param registeredKeys what a listener that has lost its mailbox misses */
    Delivery(
            KisListener listener,
            RealtimeOptions options,
            InstantSource clock,
            Timer timer,
            Supplier<Set<RealtimeKey>> registeredKeys) {
        this.options = options;
        this.clock = clock;
        this.timer = timer;
        this.registeredKeys = registeredKeys;
        this.directListener =
                options.delivery() == RealtimeOptions.Delivery.READER_THREAD ? Optional.of(listener) : Optional.empty();
        this.clientMailbox = createMailbox("client", listener);
        this.logMailbox = createMailbox("log", NO_LISTENER);
    }

    void start() {
        clientMailbox.start();
        logMailbox.start();
    }

    /** Nothing more will be delivered. */
    void end() {
        ended = true;
        clientMailbox.end();
        mailboxes.forEach(Mailbox::end);
        logMailbox.end();
    }

    /** Receives the data of one connection. */
    FrameListener relay() {
        return new Relay();
    }

    /** Delivers {@code event} to the listeners and the log, in order. */
    void publishEvent(KisEvent event) {
        logMailbox.urgent(_ -> EventLog.write(event));
        notifyListeners(listener -> listener.event(event));
    }

    /** Adds a listener with a mailbox of its own. */
    ListenerHandle listen(String name, KisListener listener) {
        mailboxes.removeIf(Mailbox::isFinished);
        Mailbox mailbox = createMailbox(name, listener).start();
        mailboxes.add(mailbox);
        if (ended) {
            mailbox.end(); // nothing will come, and its thread must not wait for it
        }
        return mailbox;
    }

    void publishGap(SessionCore.Effect.Gap gap) {
        logMailbox.urgent(_ -> LOG.warn(
                "ws_gap keys={} from={} to={} cause=\"{}\"",
                gap.keys().size(),
                gap.from(),
                gap.to(),
                gap.cause().description()));
        notifyListeners(listener -> listener.gap(gap.keys(), gap.from(), gap.to(), gap.cause()));
    }

    void publishRestored(GapRestored it) {
        logMailbox.urgent(_ -> LOG.info(
                "ws_gap_restored {} answer={}",
                EventLog.key(it.key()),
                switch (it.present()) {
                    case KisReply.Ok<KisAnswer> _ -> "OK";
                    case KisReply.Failed<KisAnswer>(KisFailure failure) -> failure.code();
                }));
        notifyListeners(listener -> listener.restored(it));
    }

    /** Delivers everything but market data to every listener. */
    void notifyListeners(Mailbox.Notification notification) {
        clientMailbox.urgent(notification);
        mailboxes.forEach(mailbox -> mailbox.urgent(notification));
    }

    void addBadFrame(String why) {
        badFrames.add(why);
    }

    private Mailbox createMailbox(String name, KisListener listener) {
        var dropped = new AtomicReference<Runnable>(() -> {});
        var mailbox = new Mailbox(
                name,
                listener,
                options.mailbox(),
                clock,
                registeredKeys,
                () -> dropped.get().run());
        dropped.set(throttled(() -> publishEvent(new KisEvent.MarketDataDropped(name, mailbox.takeDropped()))));
        return mailbox;
    }

    /** Runs {@code report} on the timer, at most once a second. */
    private Runnable throttled(Runnable report) {
        var reportedAt = new AtomicReference<>(Instant.EPOCH);
        return () -> {
            Instant now = clock.instant();
            Instant due = reportedAt.get().plus(REPORT_SPACING);
            timer.at(due.isBefore(now) ? now : due, () -> {
                reportedAt.set(clock.instant());
                report.run();
            });
        };
    }

    /** Calls each listener; exceptions of one do not affect the others. */
    private final class Relay implements FrameListener {
        private final ListenerFailures failures = new ListenerFailures("client", clock);

        @Override
        public void trade(Trade trade) {
            if (directListener.isPresent()) {
                try {
                    directListener.get().trade(trade);
                } catch (Throwable bug) {
                    failures.add(bug);
                }
            }
            if (directListener.isEmpty() || !mailboxes.isEmpty()) {
                enqueue(listener -> listener.trade(trade));
            }
        }

        @Override
        public void book(OrderBook book) {
            if (directListener.isPresent()) {
                try {
                    directListener.get().book(book);
                } catch (Throwable bug) {
                    failures.add(bug);
                }
            }
            if (directListener.isEmpty() || !mailboxes.isEmpty()) {
                enqueue(listener -> listener.book(book));
            }
        }

        @Override
        public void notice(ExecutionNotice notice) {
            deliverUrgent(listener -> listener.notice(notice));
        }

        @Override
        public void rows(UntypedFrame frame) {
            if (SessionCore.isNotice(frame.trId())) {
                deliverUrgent(listener -> listener.rows(frame));
            } else {
                directListener.ifPresent(listener -> deliverDirectly(listener, it -> it.rows(frame)));
                enqueue(listener -> listener.rows(frame));
            }
        }

        @Override
        public void frame(CharSequence text) {
            directListener.ifPresent(listener -> deliverDirectly(listener, it -> it.frame(text)));
        }

        @Override
        public void bad(BadFrame bad) {
            addBadFrame(bad.trId() + " " + bad.reason());
        }

        private void enqueue(Mailbox.Notification notification) {
            if (directListener.isEmpty()) {
                clientMailbox.data(notification);
            }
            for (Mailbox mailbox : mailboxes) {
                mailbox.data(notification);
            }
        }

        private void deliverUrgent(Mailbox.Notification notification) {
            if (directListener.isPresent()) {
                deliverDirectly(directListener.get(), notification);
            } else {
                clientMailbox.urgent(notification);
            }
            for (Mailbox mailbox : mailboxes) {
                mailbox.urgent(notification);
            }
        }

        private void deliverDirectly(KisListener listener, Mailbox.Notification notification) {
            try {
                notification.deliverTo(listener);
            } catch (Throwable bug) {
                failures.add(bug);
            }
        }
    }

    /** Counts bad frames and reports them at most once a second, so that a burst is one line. */
    private final class BadFrames {
        private final Runnable scheduleFlush = throttled(this::flush);
        private long count;
        private String sample = "";

        synchronized void add(String why) {
            count++;
            sample = why;
            if (count == 1) {
                scheduleFlush.run();
            }
        }

        private synchronized void flush() {
            long bad = count;
            String why = sample;
            count = 0;
            logMailbox.urgent(_ -> LOG.warn("bad_frames count={} sample=\"{}\"", bad, why));
            notifyListeners(listener -> listener.badFrames(bad, why));
        }
    }
}
