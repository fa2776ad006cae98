package kr.kisgateway.client;

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
import kr.kisgateway.client.core.CatalogRegistrations;
import kr.kisgateway.client.core.Frames;
import kr.kisgateway.client.core.SessionCore;
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
import kr.kisgateway.wire.spi.Traffic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what {@link SessionCore} decides, over a {@link TextSocket}.
 *
 * <p>Data go from the socket's thread through the parser into the mailbox of each listener, or straight to the first one
 * where that was chosen. Everything else comes out of the mailboxes too, so a listener may call back here without locking
 * anything up.
 */
final class RealtimeSession implements Realtime, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("kis.session");
    /** What only the log is told of. */
    private static final KisListener NOBODY = new KisListener() {};

    private static final Duration TOLD_SPACING = Duration.ofSeconds(1);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

    private final SessionCore core;
    private final URI address;
    private final Timeouts timeouts;
    private final Optional<Traffic> traffic;
    private final KnownSecrets secrets;
    private final Supplier<SessionCore.Input> approve;
    private final CatalogRegistrations registrations;
    private final InstantSource clock;
    private final Timer timer;
    private final RealtimeOptions options;
    /** Hears data on the reader's thread, where that was chosen. */
    private final Optional<KisListener> direct;

    private final Optional<GapRepair> repair;
    private final Mailbox first;
    private final Mailbox log;
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
     * @param approve asks KIS for an approval key, blocking
     * @param secrets what no text of KIS may carry on
     * @param ask asks any REST call of the catalog, blocking
     */
    RealtimeSession(
            SessionCore core,
            KisConfig config,
            Catalog catalog,
            Supplier<SessionCore.Input> approve,
            KnownSecrets secrets,
            InstantSource clock,
            Timer timer,
            KisListener listener,
            RealtimeOptions options,
            BiFunction<String, Map<String, String>, KisReply<KisAnswer>> ask) {
        this.core = core;
        this.address = config.wsBase().resolve("/tryitout");
        this.timeouts = config.tuning().timeouts();
        this.traffic = config.traffic();
        this.catalog = catalog;
        this.registrations = new CatalogRegistrations(
                catalog, config.environment(), config.credentials().htsId(), config.unlistedInPaper());
        this.approve = approve;
        this.secrets = secrets;
        this.clock = clock;
        this.timer = timer;
        this.options = options;
        this.direct =
                options.delivery() == RealtimeOptions.Delivery.READER_THREAD ? Optional.of(listener) : Optional.empty();
        this.repair = options.restoreGaps() ? Optional.of(new GapRepair(ask, this::restored)) : Optional.empty();
        this.first = mailbox("client", listener);
        this.log = mailbox("log", NOBODY);
    }

    /** From here on events are told; the socket stays closed. */
    void startTelling() {
        first.start();
        log.start();
    }

    void start() {
        apply(new SessionCore.Input.Start());
    }

    /** Has {@code event} told to the listeners and the log, in its turn. */
    void tell(KisEvent event) {
        log.urgent(_ -> EventLog.write(event));
        all(listener -> listener.event(event));
    }

    @Override
    public Listening listen(String name, KisListener listener) {
        mailboxes.removeIf(Mailbox::isOver);
        Mailbox mailbox = mailbox(name, listener).start();
        mailboxes.add(mailbox);
        if (closed) {
            mailbox.end(); // nothing will come, and its thread must not wait for it
        }
        return mailbox;
    }

    /** Registers what the client itself wants, for as long as it lives. */
    void keep(RealtimeKey key) {
        apply(new SessionCore.Input.Register(key));
    }

    @Override
    public RegisterAnswer register(RealtimeKey key) {
        if (closed) {
            return RegisterAnswer.REFUSED;
        }
        return switch (registrations.prepare(key)) {
            case CatalogRegistrations.Prepared.Refused _ -> RegisterAnswer.REFUSED;
            case CatalogRegistrations.Prepared.Ready(RealtimeKey known) ->
                answered(new SessionCore.Input.Register(known)).answer();
        };
    }

    @Override
    public void release(RealtimeKey key) {
        if (registrations.prepare(key) instanceof CatalogRegistrations.Prepared.Ready(RealtimeKey known)) {
            apply(new SessionCore.Input.Release(known));
        }
    }

    @Override
    public KisReply<Registration> hold(Set<RealtimeKey> keys) {
        if (closed) {
            return new KisReply.Failed<>(KisRest.CLOSED);
        }
        var known = new LinkedHashSet<RealtimeKey>();
        for (RealtimeKey key : keys) {
            switch (registrations.prepare(key)) {
                case CatalogRegistrations.Prepared.Refused(KisFailure failure) -> {
                    return new KisReply.Failed<>(failure);
                }
                case CatalogRegistrations.Prepared.Ready(RealtimeKey ready) -> known.add(ready);
            }
        }
        SessionCore.Effect.Answer answer = answered(new SessionCore.Input.Hold(known));
        return switch (answer.answer()) {
            case REGISTERED, ALREADY_THERE -> held(answer.holds());
            case FULL -> full(known.size());
            case REFUSED ->
                new KisReply.Failed<>(KisFailure.of(
                        KisFailure.Kind.INVALID_REQUEST,
                        "this session's plan has no window for all of them: it serves "
                                + options.plan().served(),
                        "hold them at the session that serves their group, or give it a window in the plan",
                        false));
        };
    }

    private KisReply<Registration> held(Map<RealtimeKey, Long> holds) {
        return new KisReply.Ok<>(new HeldKeys(holds.keySet(), () -> apply(new SessionCore.Input.LetGo(holds))));
    }

    private KisReply<Registration> full(int wanted) {
        RealtimeStatus now = status();
        return new KisReply.Failed<>(KisFailure.of(
                KisFailure.Kind.REGISTRATIONS_FULL,
                now.registrations() + " of the session's " + now.registrationsMax()
                        + " registrations are taken, execution notices included; no room for " + wanted + " more",
                "let something go, ask by REST for what is seldom wanted, or open a client with another app key: each has"
                        + " a session of its own",
                true));
    }

    @Override
    public RealtimeStatus status() {
        lock.lock();
        try {
            connection.ifPresent(it -> apply(new SessionCore.Input.Tick(it.conn, it.heardAt)));
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
        first.end();
        mailboxes.forEach(Mailbox::end);
        log.end();
    }

    private Mailbox mailbox(String name, KisListener listener) {
        var dropped = new AtomicReference<Runnable>(() -> {});
        var mailbox = new Mailbox(
                name,
                listener,
                options.mailbox(),
                clock,
                this::registered,
                () -> dropped.get().run());
        dropped.set(spaced(() -> tell(new KisEvent.MarketDataDropped(name, mailbox.takeDropped()))));
        return mailbox;
    }

    private Set<RealtimeKey> registered() {
        lock.lock();
        try {
            return core.registered();
        } finally {
            lock.unlock();
        }
    }

    private void restored(GapRestored it) {
        log.urgent(_ -> LOG.info(
                "ws_gap_restored {} answer={}",
                EventLog.key(it.key()),
                switch (it.present()) {
                    case KisReply.Ok<KisAnswer> _ -> "OK";
                    case KisReply.Failed<KisAnswer>(KisFailure failure) -> failure.code();
                }));
        all(listener -> listener.restored(it));
    }

    /** Tells every listener what is not market data. */
    private void all(Mailbox.News news) {
        first.urgent(news);
        mailboxes.forEach(mailbox -> mailbox.urgent(news));
    }

    /** Runs {@code telling} on the timer, a second after the last time at the earliest. */
    private Runnable spaced(Runnable telling) {
        var toldAt = new AtomicReference<>(Instant.EPOCH);
        return () -> {
            Instant now = clock.instant();
            Instant due = toldAt.get().plus(TOLD_SPACING);
            timer.at(due.isBefore(now) ? now : due, () -> {
                toldAt.set(clock.instant());
                telling.run();
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

    private SessionCore.Effect.Answer answered(SessionCore.Input question) {
        return apply(question).orElseThrow();
    }

    private Optional<SessionCore.Effect.Answer> apply(SessionCore.Input input) {
        Optional<SessionCore.Effect.Answer> answer = Optional.empty();
        lock.lock();
        try {
            for (SessionCore.Effect effect : core.on(input, clock.instant()).effects()) {
                if (effect instanceof SessionCore.Effect.Answer given) {
                    answer = Optional.of(given);
                } else {
                    carryOut(effect);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return answer;
    }

    /** Nothing here waits or runs foreign code: it is done under the lock, to keep the order. */
    private void carryOut(SessionCore.Effect effect) {
        switch (effect) {
            case SessionCore.Effect.Answer _ -> {}
            case SessionCore.Effect.FetchApprovalKey() ->
                Thread.ofVirtual().name("kis-approval").start(() -> apply(approve.get()));
            case SessionCore.Effect.Open(long conn) ->
                Thread.ofVirtual().name("kis-connect").start(() -> open(conn));
            case SessionCore.Effect.Send(long conn, Secret approvalKey, boolean register, RealtimeKey key) ->
                socket(conn).ifPresent(it -> it.send(SubscribeMessage.print(approvalKey.reveal(), "P", register, key)));
            case SessionCore.Effect.SendText(long conn, String text) ->
                socket(conn).ifPresent(it -> it.send(text));
            case SessionCore.Effect.CloseSocket(long conn) -> socket(conn).ifPresent(Connection::close);
            case SessionCore.Effect.Connected() -> all(KisListener::connected);
            case SessionCore.Effect.Acked(RealtimeKey key) -> all(listener -> listener.acked(key));
            case SessionCore.Effect.Gap gap -> {
                log.urgent(_ -> LOG.warn(
                        "ws_gap keys={} from={} to={} cause=\"{}\"",
                        gap.keys().size(),
                        gap.from(),
                        gap.to(),
                        gap.cause()));
                all(listener -> listener.gap(gap.keys(), gap.from(), gap.to(), gap.cause()));
                repair.ifPresent(it -> it.add(gap.keys(), gap.from(), gap.to(), gap.cause()));
            }
            case SessionCore.Effect.Tell(KisEvent event) -> tell(event);
            case SessionCore.Effect.ArmTimer(Instant at) -> {
                alarm.cancel();
                alarm = timer.at(at, this::tick);
            }
        }
    }

    private void tick() {
        // Conn 0 is none: the core then only looks at the time.
        apply(connection
                .map(it -> new SessionCore.Input.Tick(it.conn, it.heardAt))
                .orElse(new SessionCore.Input.Tick(0, Instant.EPOCH)));
    }

    private Optional<Connection> socket(long conn) {
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

    /** One socket: tells data from control messages. */
    private final class Connection implements TextSocket.Listener {
        private final long conn;
        private final Frames frames;
        private final TextSocket socket = new TextSocket(address, random, this);
        private boolean heardAnything;
        private volatile boolean unread;
        private volatile boolean byUs;
        private volatile Instant heardAt = Instant.EPOCH;

        Connection(long conn) {
            this.conn = conn;
            this.frames = new Frames(conn, new Relay(), badFrames::add, catalog);
        }

        @Override
        public void opened() {
            traffic.ifPresent(hearing -> hearing.opened(conn));
            lock.lock();
            try {
                heardAt = clock.instant();
                connection = Optional.of(this);
                apply(new SessionCore.Input.Opened(conn));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void text(CharBuffer message) {
            heardAt = clock.instant();
            traffic.ifPresent(hearing -> hearing.said(conn, message.toString()));
            if (!heardAnything) {
                heardAnything = true;
                tell(new KisEvent.FirstMessage());
            }
            message(message);
        }

        @Override
        public void ended(int code, Optional<String> broken) {
            traffic.ifPresent(hearing -> hearing.ended(conn, !byUs, code));
            String cause = unread ? "cannot send" : "closed by KIS with code " + code;
            apply(new SessionCore.Input.Lost(
                    conn, broken.map(why -> "broken: " + why).orElse(cause)));
        }

        void send(String text) {
            traffic.ifPresent(hearing -> hearing.heard(conn, text));
            if (!socket.send(text)) {
                unread = true;
                byUs = true;
                socket.abort(); // The reader tells of the end.
            }
        }

        void close() {
            byUs = true;
            socket.close();
            timer.at(clock.instant().plus(CLOSE_WAIT), socket::abort);
        }

        void abort() {
            byUs = true;
            socket.abort();
        }

        private void message(CharSequence text) {
            if (!connection.equals(Optional.of(this))) {
                return; // The rest of a socket that was given up: what it says is in the gap already.
            }
            try {
                frames.read(text).map(secrets::clean).ifPresent(RealtimeSession.this::apply);
            } catch (Throwable bug) {
                LOG.error("message_failed cause={}", bug.getClass().getName());
            }
        }
    }

    /** Tells each listener; what one of them throws is nobody else's business. */
    private final class Relay implements FrameListener {
        private final Failures failures = new Failures("client", clock);

        @Override
        public void trade(Trade trade) {
            if (direct.isPresent()) {
                try {
                    direct.get().trade(trade);
                } catch (Throwable bug) {
                    failures.add(bug);
                }
            }
            if (direct.isEmpty() || !mailboxes.isEmpty()) {
                queue(listener -> listener.trade(trade));
            }
        }

        @Override
        public void book(OrderBook book) {
            if (direct.isPresent()) {
                try {
                    direct.get().book(book);
                } catch (Throwable bug) {
                    failures.add(bug);
                }
            }
            if (direct.isEmpty() || !mailboxes.isEmpty()) {
                queue(listener -> listener.book(book));
            }
        }

        @Override
        public void notice(ExecutionNotice notice) {
            urgent(listener -> listener.notice(notice));
        }

        @Override
        public void rows(UntypedFrame frame) {
            if (SessionCore.isNotice(frame.trId())) {
                urgent(listener -> listener.rows(frame));
            } else {
                direct.ifPresent(listener -> directly(listener, it -> it.rows(frame)));
                queue(listener -> listener.rows(frame));
            }
        }

        @Override
        public void bad(BadFrame bad) {
            badFrames.add(bad.trId() + " " + bad.reason());
        }

        private void queue(Mailbox.News news) {
            if (direct.isEmpty()) {
                first.data(news);
            }
            for (Mailbox mailbox : mailboxes) {
                mailbox.data(news);
            }
        }

        private void urgent(Mailbox.News news) {
            if (direct.isPresent()) {
                directly(direct.get(), news);
            } else {
                first.urgent(news);
            }
            for (Mailbox mailbox : mailboxes) {
                mailbox.urgent(news);
            }
        }

        private void directly(KisListener listener, Mailbox.News news) {
            try {
                news.to(listener);
            } catch (Throwable bug) {
                failures.add(bug);
            }
        }
    }

    /** Counts bad frames and tells of them at most once a second, so that a burst is one line. */
    private final class BadFrames {
        private final Runnable soon = spaced(this::flush);
        private long count;
        private String sample = "";

        synchronized void add(String why) {
            count++;
            sample = why;
            if (count == 1) {
                soon.run();
            }
        }

        private synchronized void flush() {
            long bad = count;
            String why = sample;
            count = 0;
            log.urgent(_ -> LOG.warn("bad_frames count={} sample=\"{}\"", bad, why));
            all(listener -> listener.badFrames(bad, why));
        }
    }
}
