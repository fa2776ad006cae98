package kr.kisgateway.client.session;

import java.io.IOException;
import java.net.URI;
import java.nio.CharBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import kr.kisgateway.client.GapRestored;
import kr.kisgateway.client.KisAnswer;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.ListenerHandle;
import kr.kisgateway.client.Realtime;
import kr.kisgateway.client.RealtimeOptions;
import kr.kisgateway.client.RealtimeStatus;
import kr.kisgateway.client.RegisterAnswer;
import kr.kisgateway.client.Registration;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.Timeouts;
import kr.kisgateway.client.core.Refusals;
import kr.kisgateway.client.core.Timer;
import kr.kisgateway.client.secret.SecretRedactor;
import kr.kisgateway.client.ws.TextSocket;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.BadFrame;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.UntypedFrame;
import kr.kisgateway.wire.print.SubscribeMessage;
import kr.kisgateway.wire.spi.TrafficListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes the decisions of {@link SessionCore} over a {@link TextSocket}.
 *
 * <p>Data go from the socket's thread through the parser into the mailbox of each listener, or directly to the first one
 * where that was chosen. Everything else comes from the mailboxes too, so a listener may call back here without a
 * deadlock.
 */
public final class RealtimeSession implements Realtime, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("kis.session");
    /** The listener of the log-only mailbox. */
    private static final KisListener NO_LISTENER = new KisListener() {};

    private static final Duration REPORT_SPACING = Duration.ofSeconds(1);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

    private final SessionCore core;
    private final URI address;
    private final Timeouts timeouts;
    private final Optional<TrafficListener> traffic;
    private final SecretRedactor secrets;
    private final Supplier<SessionCore.Input> requestApproval;
    private final CatalogRegistrations registrations;
    private final InstantSource clock;
    private final Timer timer;
    private final RealtimeOptions options;
    /** Receives data on the reader's thread, where that was chosen. */
    private final Optional<KisListener> directListener;

    private final Optional<GapRepair> repair;
    private final Mailbox clientMailbox;
    private final Mailbox logMailbox;
    private final Catalog catalog;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CopyOnWriteArrayList<Mailbox> mailboxes = new CopyOnWriteArrayList<>();
    private final BadFrames badFrames = new BadFrames();
    private volatile boolean closed;
    /** The newest one; it may be open already. */
    private volatile Optional<Connection> connecting = Optional.empty();

    private volatile Optional<Connection> connection = Optional.empty();
    private Timer.Handle alarm = () -> {};

    /**
     * @param requestApproval requests an approval key from KIS, blocking
     * @param secrets redacted from every text of KIS
     * @param restCall sends any REST query of the catalog, blocking
     */
    public RealtimeSession(
            SessionCore core,
            KisConfig config,
            Catalog catalog,
            Supplier<SessionCore.Input> requestApproval,
            SecretRedactor secrets,
            InstantSource clock,
            Timer timer,
            KisListener listener,
            RealtimeOptions options,
            BiFunction<String, Map<String, String>, KisReply<KisAnswer>> restCall) {
        this.core = core;
        this.address = config.wsBase().resolve("/tryitout");
        this.timeouts = config.tuning().timeouts();
        this.traffic = config.traffic();
        this.catalog = catalog;
        this.registrations = new CatalogRegistrations(
                catalog, config.environment(), config.credentials().htsId(), config.unlistedInPaper());
        this.requestApproval = requestApproval;
        this.secrets = secrets;
        this.clock = clock;
        this.timer = timer;
        this.options = options;
        this.directListener =
                options.delivery() == RealtimeOptions.Delivery.READER_THREAD ? Optional.of(listener) : Optional.empty();
        this.repair =
                options.restoreGaps() ? Optional.of(new GapRepair(restCall, this::publishRestored)) : Optional.empty();
        this.clientMailbox = createMailbox("client", listener);
        this.logMailbox = createMailbox("log", NO_LISTENER);
    }

    /** Events are delivered from here on; the socket stays closed. */
    public void startDelivery() {
        clientMailbox.start();
        logMailbox.start();
    }

    public void start() {
        apply(new SessionCore.Input.Start());
    }

    /** Delivers {@code event} to the listeners and the log, in order. */
    public void publishEvent(KisEvent event) {
        logMailbox.urgent(_ -> EventLog.write(event));
        notifyListeners(listener -> listener.event(event));
    }

    @Override
    public ListenerHandle listen(String name, KisListener listener) {
        mailboxes.removeIf(Mailbox::isFinished);
        Mailbox mailbox = createMailbox(name, listener).start();
        mailboxes.add(mailbox);
        if (closed) {
            mailbox.end(); // nothing will come, and its thread must not wait for it
        }
        return mailbox;
    }

    /** Registers the client's own keys for its lifetime. */
    public void registerUnchecked(RealtimeKey key) {
        apply(new SessionCore.Input.Register(key));
    }

    @Override
    public RegisterAnswer register(RealtimeKey key) {
        if (closed) {
            return RegisterAnswer.REFUSED;
        }
        return switch (registrations.prepare(key)) {
            case CatalogRegistrations.Prepared.Refused _ -> RegisterAnswer.REFUSED;
            case CatalogRegistrations.Prepared.Ready(RealtimeKey checked) ->
                applyForAnswer(new SessionCore.Input.Register(checked)).answer();
        };
    }

    @Override
    public void release(RealtimeKey key) {
        if (registrations.prepare(key) instanceof CatalogRegistrations.Prepared.Ready(RealtimeKey checked)) {
            apply(new SessionCore.Input.Release(checked));
        }
    }

    @Override
    public KisReply<Registration> acquireRegistration(Set<RealtimeKey> keys) {
        if (closed) {
            return new KisReply.Failed<>(Refusals.CLOSED);
        }
        var checked = new LinkedHashSet<RealtimeKey>();
        for (RealtimeKey key : keys) {
            switch (registrations.prepare(key)) {
                case CatalogRegistrations.Prepared.Refused(KisFailure failure) -> {
                    return new KisReply.Failed<>(failure);
                }
                case CatalogRegistrations.Prepared.Ready(RealtimeKey ready) -> checked.add(ready);
            }
        }
        SessionCore.Effect.Answer answer = applyForAnswer(new SessionCore.Input.Acquire(checked));
        return switch (answer.answer()) {
            case REGISTERED, ALREADY_REGISTERED -> registrationOf(answer.claims());
            case FULL -> registrationsFull(checked.size());
            case REFUSED ->
                new KisReply.Failed<>(KisFailure.of(
                        KisFailure.Kind.INVALID_REQUEST,
                        "this session's plan has no window for all of them: it serves "
                                + options.plan().servedGroups(),
                        "register them at the session that serves their group, or give it a window in the plan",
                        false));
        };
    }

    private KisReply<Registration> registrationOf(Map<RealtimeKey, Long> claims) {
        return new KisReply.Ok<>(
                new RegistrationHandle(claims.keySet(), () -> apply(new SessionCore.Input.ReleaseClaims(claims))));
    }

    private KisReply<Registration> registrationsFull(int requestedCount) {
        RealtimeStatus now = status();
        return new KisReply.Failed<>(KisFailure.of(
                KisFailure.Kind.REGISTRATIONS_FULL,
                now.registrations() + " of the session's " + now.registrationsMax()
                        + " registrations are in use, execution notices included; no room for " + requestedCount
                        + " more",
                "release a registration, request rarely needed data by REST, or open a client with another app key: each has"
                        + " a session of its own",
                true));
    }

    @Override
    public RealtimeStatus status() {
        lock.lock();
        try {
            connection.ifPresent(it -> apply(new SessionCore.Input.Tick(it.conn, it.lastReceivedAt)));
            return core.status();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Duration reconnect() {
        lock.lock();
        try {
            apply(new SessionCore.Input.Reconnect());
            Instant now = clock.instant();
            return Duration.between(now, core.opensAt(now));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean awaitReleased(Duration limit) {
        return await(() -> !core.releasing(), limit);
    }

    @Override
    public void close() {
        apply(new SessionCore.Input.Close());
        await(
                () -> core.status().state() == RealtimeStatus.State.CLOSED,
                timeouts.releaseGrace().plus(CLOSE_WAIT));
        closed = true;
        connecting.ifPresent(Connection::abort);
        connection.ifPresent(Connection::abort);
        repair.ifPresent(GapRepair::close);
        clientMailbox.end();
        mailboxes.forEach(Mailbox::end);
        logMailbox.end();
    }

    private Mailbox createMailbox(String name, KisListener listener) {
        var dropped = new AtomicReference<Runnable>(() -> {});
        var mailbox = new Mailbox(
                name,
                listener,
                options.mailbox(),
                clock,
                this::registeredKeys,
                () -> dropped.get().run());
        dropped.set(throttled(() -> publishEvent(new KisEvent.MarketDataDropped(name, mailbox.takeDropped()))));
        return mailbox;
    }

    private Set<RealtimeKey> registeredKeys() {
        lock.lock();
        try {
            return core.registered();
        } finally {
            lock.unlock();
        }
    }

    private void publishRestored(GapRestored it) {
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
    private void notifyListeners(Mailbox.Notification notification) {
        clientMailbox.urgent(notification);
        mailboxes.forEach(mailbox -> mailbox.urgent(notification));
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

    private boolean await(BooleanSupplier condition, Duration limit) {
        long nanos = limit.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = changed.awaitNanos(nanos);
            }
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private SessionCore.Effect.Answer applyForAnswer(SessionCore.Input input) {
        return apply(input).orElseThrow();
    }

    private Optional<SessionCore.Effect.Answer> apply(SessionCore.Input input) {
        Optional<SessionCore.Effect.Answer> answer = Optional.empty();
        lock.lock();
        try {
            for (SessionCore.Effect effect : core.on(input, clock.instant()).effects()) {
                if (effect instanceof SessionCore.Effect.Answer result) {
                    answer = Optional.of(result);
                } else {
                    applyEffect(effect);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return answer;
    }

    /** Nothing here blocks or runs foreign code: it is done under the lock, to preserve the order. */
    private void applyEffect(SessionCore.Effect effect) {
        switch (effect) {
            case SessionCore.Effect.Answer _ -> {}
            case SessionCore.Effect.FetchApprovalKey() ->
                Thread.ofVirtual().name("kis-approval").start(() -> apply(requestApproval()));
            case SessionCore.Effect.Open(long conn) ->
                Thread.ofVirtual().name("kis-connect").start(() -> open(conn));
            case SessionCore.Effect.Send(long conn, Secret approvalKey, boolean register, RealtimeKey key) ->
                currentConnection(conn)
                        .ifPresent(it -> it.send(SubscribeMessage.print(approvalKey.reveal(), "P", register, key)));
            case SessionCore.Effect.SendText(long conn, String text) ->
                currentConnection(conn).ifPresent(it -> it.send(text));
            case SessionCore.Effect.CloseSocket(long conn) ->
                currentConnection(conn).ifPresent(Connection::close);
            case SessionCore.Effect.Connected() -> notifyListeners(KisListener::connected);
            case SessionCore.Effect.Acked(RealtimeKey key) -> notifyListeners(listener -> listener.acked(key));
            case SessionCore.Effect.Gap gap -> {
                logMailbox.urgent(_ -> LOG.warn(
                        "ws_gap keys={} from={} to={} cause=\"{}\"",
                        gap.keys().size(),
                        gap.from(),
                        gap.to(),
                        gap.cause().description()));
                notifyListeners(listener -> listener.gap(gap.keys(), gap.from(), gap.to(), gap.cause()));
                repair.ifPresent(it -> it.add(gap.keys(), gap.from(), gap.to(), gap.cause()));
            }
            case SessionCore.Effect.PublishEvent(KisEvent event) -> publishEvent(event);
            case SessionCore.Effect.ArmTimer(Instant at) -> {
                alarm.cancel();
                alarm = timer.at(at, this::tick);
            }
        }
    }

    private SessionCore.Input requestApproval() {
        SessionCore.Input answer = requestApproval.get();
        if (answer instanceof SessionCore.Input.Approved(Secret key)) {
            secrets.addSecret(key);
        }
        return answer;
    }

    private void tick() {
        // Conn 0 is none: the core then only checks the time.
        apply(connection
                .map(it -> new SessionCore.Input.Tick(it.conn, it.lastReceivedAt))
                .orElse(new SessionCore.Input.Tick(0, Instant.EPOCH)));
    }

    private Optional<Connection> currentConnection(long conn) {
        return connection.filter(it -> it.conn == conn);
    }

    private void open(long conn) {
        var opening = new Connection(conn);
        connecting = Optional.of(opening);
        Timer.Handle limit = timer.at(clock.instant().plus(timeouts.connect()), opening::abort);
        try {
            if (closed) {
                return;
            }
            opening.socket.open();
        } catch (IOException trouble) {
            apply(new SessionCore.Input.OpenFailed(
                    conn, "cannot connect: " + trouble.getClass().getSimpleName() + ' ' + trouble.getMessage()));
        } finally {
            limit.cancel();
        }
    }

    /** One socket: separates data from control messages. */
    private final class Connection implements TextSocket.Listener {
        private final long conn;
        private final Frames frames;
        private final TextSocket socket = new TextSocket(address, random, this);
        private boolean hasReceived;
        private volatile boolean sendFailed;
        private volatile boolean closedByClient;
        private volatile Instant lastReceivedAt = Instant.EPOCH;

        Connection(long conn) {
            this.conn = conn;
            this.frames = new Frames(conn, new Relay(), badFrames::add, catalog);
        }

        @Override
        public void opened() {
            traffic.ifPresent(recorder -> recorder.sessionOpened(conn));
            lock.lock();
            try {
                lastReceivedAt = clock.instant();
                connection = Optional.of(this);
                apply(new SessionCore.Input.Opened(conn));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void text(CharBuffer message) {
            lastReceivedAt = clock.instant();
            traffic.ifPresent(recorder -> recorder.messageReceived(conn, message.toString()));
            if (!hasReceived) {
                hasReceived = true;
                publishEvent(new KisEvent.FirstMessage());
            }
            message(message);
        }

        @Override
        public void ended(int code, Optional<String> broken) {
            traffic.ifPresent(recorder -> recorder.sessionEnded(conn, !closedByClient, code));
            String cause = sendFailed ? "cannot send" : "closed by KIS with code " + code;
            apply(new SessionCore.Input.Lost(
                    conn, broken.map(why -> "broken: " + why).orElse(cause)));
        }

        void send(String text) {
            traffic.ifPresent(recorder -> recorder.messageSent(conn, text));
            if (!socket.send(text)) {
                sendFailed = true;
                closedByClient = true;
                socket.abort(); // The reader reports the end.
            }
        }

        void close() {
            closedByClient = true;
            socket.close();
            timer.at(clock.instant().plus(CLOSE_WAIT), socket::abort);
        }

        void abort() {
            closedByClient = true;
            socket.abort();
        }

        private void message(CharSequence text) {
            if (!connection.equals(Optional.of(this))) {
                return; // The rest of an abandoned socket: its messages are in the gap already.
            }
            try {
                frames.read(text)
                        .map(input ->
                                input instanceof SessionCore.Input.Ack ack ? ack.redacted(secrets::redact) : input)
                        .ifPresent(RealtimeSession.this::apply);
            } catch (Throwable bug) {
                LOG.error("message_failed cause={}", bug.getClass().getName());
            }
        }
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
        public void bad(BadFrame bad) {
            badFrames.add(bad.trId() + " " + bad.reason());
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
