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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
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
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.print.SubscribeMessage;
import kr.kisgateway.wire.spi.TrafficListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes the decisions of {@link SessionCore} over a {@link TextSocket}, and passes what it receives through the parser to
 * {@link Delivery}. Listeners are called from mailboxes, so they may call back here without a deadlock.
 */
public final class RealtimeSession implements Realtime, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("kis.session");
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
    private final Delivery delivery;
    private final Optional<GapRepair> repair;
    private final Catalog catalog;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
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
        this.delivery = new Delivery(listener, options, clock, timer, this::registeredKeys);
        this.repair = options.restoreGaps()
                ? Optional.of(new GapRepair(restCall, delivery::publishRestored))
                : Optional.empty();
    }

    /** Events are delivered from here on; the socket stays closed. */
    public void startDelivery() {
        delivery.start();
    }

    public void start() {
        apply(new SessionCore.Input.Start());
    }

    /** Delivers {@code event} to the listeners and the log, in order. */
    public void publishEvent(KisEvent event) {
        delivery.publishEvent(event);
    }

    @Override
    public ListenerHandle listen(String name, KisListener listener) {
        return delivery.listen(name, listener);
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
    public int freeRegistrations() {
        lock.lock();
        try {
            return core.freeRegistrations();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Duration reconnect() {
        lock.lock();
        try {
            // A socket may be silent for a while: what is missed begins with its last message.
            tick();
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
        delivery.end();
    }

    private Set<RealtimeKey> registeredKeys() {
        lock.lock();
        try {
            return core.registered();
        } finally {
            lock.unlock();
        }
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
            case SessionCore.Effect.Connected() -> delivery.notifyListeners(KisListener::connected);
            case SessionCore.Effect.Acked(RealtimeKey key) -> delivery.notifyListeners(listener -> listener.acked(key));
            case SessionCore.Effect.Gap gap -> {
                delivery.publishGap(gap);
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
            this.frames = new Frames(conn, delivery.relay(), delivery::addBadFrame, catalog);
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
}
