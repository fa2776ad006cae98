package kr.kisgateway.client.session;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import kr.kisgateway.client.GapCause;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.RealtimeStatus;
import kr.kisgateway.client.RegisterAnswer;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.SessionPlan;
import kr.kisgateway.client.Timeouts;
import kr.kisgateway.client.core.Step;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.RealtimeKey;

/**
 * Decides what the one WebSocket of an app key sends, and when it is reopened.
 *
 * <p><b>Problem.</b> KIS allows one session and 41 registrations a key, retains nothing across connections, keeps a dead
 * session alive for up to a minute and a half (OPSP8996 for the next one), goes silent without closing, and blocks keys
 * that connect or subscribe in a tight loop.
 *
 * <p><b>Policy.</b> Callers request registrations; each key has a state on the wire, and one message at a time,
 * at least 50 ms apart, moves the wire towards the requests: releases first because they free slots, then execution
 * notices, then the rest in the order of the requests. A new connection starts with an empty wire, so everything requested is sent
 * again. Delays before a new attempt grow from 1 s to 60 s; a connection must have lived for half a minute to count as
 * success; the tenth failure raises an alert, after which one attempt is made every five minutes.
 *
 * <p>A plan may close some registrations for a part of the day; they are then requested but not due. At a change the releases
 * go first, as always, so the exchange never needs more slots than there are, and notices stay where they are. No sequence
 * of events opens more sockets or sends more messages in a minute than the limits allow.
 *
 * <p><b>Weak spot.</b> Errors about the entire session carry no key (tr_id "(null)"). They are attributed to the last message.
 */
public final class SessionCore {
    public sealed interface Input {
        record Start() implements Input {}

        record Register(RealtimeKey key) implements Input {}

        record Release(RealtimeKey key) implements Input {}

        /** One more user of all of {@code keys}; {@link Register} counts as one user, however often it is called. */
        record Acquire(Set<RealtimeKey> keys) implements Input {}

        /** One user less of each; {@code claims} is from the answer to {@link Acquire}. */
        record ReleaseClaims(Map<RealtimeKey, Long> claims) implements Input {}

        record Reconnect() implements Input {}

        record Close() implements Input {}

        record Approved(Secret approvalKey) implements Input {}

        record ApprovalFailed(String code) implements Input {}

        record Opened(long conn) implements Input {}

        record OpenFailed(long conn, String cause) implements Input {}

        /** KIS answered; {@code hasKey} when the answer contains the key that decrypts notices. */
        record Ack(long conn, String trId, String trKey, String rtCd, String msgCd, String msg1, boolean hasKey)
                implements Input {
            /** The same with its texts redacted: KIS's text goes into logs, alerts and answers. */
            public Ack redacted(UnaryOperator<String> redact) {
                return new Ack(conn, trId, trKey, rtCd, redact.apply(msgCd), redact.apply(msg1), hasKey);
            }
        }

        record PingPong(long conn, String text) implements Input {}

        record Lost(long conn, String cause) implements Input {}

        /** Time passed; the last message of {@code conn}, data included, arrived at {@code lastReceivedAt}. */
        record Tick(long conn, Instant lastReceivedAt) implements Input {}
    }

    public sealed interface Effect {
        /** {@code claims} are the registrations of an {@link Input.Acquire}. */
        record Answer(RegisterAnswer answer, Map<RealtimeKey, Long> claims) implements Effect {}

        record FetchApprovalKey() implements Effect {}

        record Open(long conn) implements Effect {}

        record Send(long conn, Secret approvalKey, boolean register, RealtimeKey key) implements Effect {}

        /** Send {@code text} verbatim: an echo, or a PINGPONG of our own. */
        record SendText(long conn, String text) implements Effect {}

        record CloseSocket(long conn) implements Effect {}

        record Connected() implements Effect {}

        record Acked(RealtimeKey key) implements Effect {}

        record Gap(Set<RealtimeKey> keys, Instant from, Instant to, GapCause cause) implements Effect {}

        record PublishEvent(KisEvent event) implements Effect {}

        record ArmTimer(Instant at) implements Effect {}
    }

    /** Why registrations are released before the socket closes. */
    private enum Releasing {
        /** The caller closes or requests another socket. */
        FOR_RECONNECT,
        /** KIS has been silent; the socket may be dead. */
        AFTER_SILENCE,
        /** KIS no longer accepts the approval key; releases are sent under a new one. */
        FOR_APPROVAL
    }

    private static final String RECONNECT_REQUESTED = "reconnect requested";
    private static final String APPROVAL_UNKNOWN = "OPSP0011 approval key not found";

    private static final Duration STABLE = Duration.ofSeconds(30);
    private static final Duration PING_BLAME = Duration.ofSeconds(5);
    private static final Duration OPEN_SPACING = Duration.ofSeconds(5);
    /** KIS documents a day; an hour less avoids refusals. */
    private static final Duration APPROVAL_LIFE = Duration.ofHours(23);

    /** Keyed by the customer's HTS id and encrypted: the customer's orders of every market. */
    private static final Set<String> NOTICES = Set.of(
            "H0STCNI0",
            "H0STCNI9",
            "H0GSCNI0",
            "H0GSCNI9",
            "H0IFCNI0",
            "H0IFCNI9",
            "H0MFCNI0",
            "H0EUCNI0",
            "HDFFF1C0",
            "HDFFF2C0");

    private static final DateTimeFormatter PING_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(TradingCalendar.SEOUL);

    private final RegistrationTable registrations;
    private final ChurnLimiter connectLimiter;
    private final ChurnLimiter messageLimiter;
    private final Timeouts timeouts;
    private final ReconnectBackoff backoff;

    private RealtimeStatus.State state = RealtimeStatus.State.IDLE;
    private Optional<Secret> approvalKey = Optional.empty();
    private Instant approvedAt = Instant.MIN;
    private boolean approvalRenewed;
    private long conn;
    private int failures;
    private boolean hasOpened;
    private long reconnects;
    private boolean closing;
    private Instant openedAt = Instant.MIN;
    private Instant triedAt = Instant.MIN;
    private Instant retryAt = Instant.MAX;
    private Instant reconnectNotBefore = Instant.MIN;
    private Instant releaseUntil = Instant.MAX;
    private Releasing releasing = Releasing.FOR_RECONNECT;
    private GapCause releaseCause = reconnect(RECONNECT_REQUESTED);
    private Instant sendAt = Instant.MIN;
    private Instant pingAt = Instant.MAX;
    /** Until then time alone changes nothing. */
    private Instant changesAt = Instant.MIN;

    private boolean pingEnabled;
    private String pingText = "";
    private Instant pingedAt = Instant.MIN;
    private Instant lastReceivedAt = Instant.MIN;
    private Optional<Instant> lastMessageAt = Optional.empty();
    private Optional<Instant> heartbeatAt = Optional.empty();
    private Optional<String> lastError = Optional.empty();

    /** With everything registered all day. */
    public SessionCore(Limits limits, Timeouts timeouts, RandomGenerator jitter) {
        this(limits, SessionPlan.always(), timeouts, jitter);
    }

    public SessionCore(Limits limits, SessionPlan plan, Timeouts timeouts, RandomGenerator jitter) {
        this.registrations = new RegistrationTable(plan, limits.registrations());
        this.connectLimiter = new ChurnLimiter(limits.connectsPerMinute());
        this.messageLimiter = new ChurnLimiter(limits.subscribesPerMinute());
        this.timeouts = timeouts;
        this.backoff = new ReconnectBackoff(jitter);
        this.pingEnabled = timeouts.clientPing().isPositive();
    }

    public static boolean isNotice(RealtimeKey key) {
        return isNotice(key.trId());
    }

    /** Whether data of this TR are about the customer's own orders. */
    public static boolean isNotice(String trId) {
        return NOTICES.contains(trId);
    }

    public Step<Effect> on(Input input, Instant now) {
        if (input instanceof Input.Tick(long of, Instant at) && now.isBefore(changesAt)) {
            // Every look at the status ticks, and nearly all come long before anything is due; an alarm may also come
            // too
            // early, and must be set again.
            markReceived(of, at);
            return new Step<>(armTimer());
        }
        var effects = new ArrayList<Effect>();
        registrations.followPlan(now, effects);
        switch (input) {
            case Input.Start() -> start(now, effects);
            case Input.Register(RealtimeKey key) ->
                effects.add(new Effect.Answer(registrations.register(key), Map.of()));
            case Input.Release(RealtimeKey key) -> registrations.release(key);
            case Input.Acquire(Set<RealtimeKey> keys) -> effects.add(registrations.acquire(keys));
            case Input.ReleaseClaims(Map<RealtimeKey, Long> claims) -> claims.forEach(registrations::releaseClaim);
            case Input.Reconnect() -> reconnect(now);
            case Input.Close() -> close(now, effects);
            case Input.Approved(Secret key) -> approved(key, now, effects);
            case Input.ApprovalFailed(String code) -> approvalFailed(code, now, effects);
            case Input.Opened(long of) -> opened(of, now, effects);
            case Input.OpenFailed(long of, String cause) -> openFailed(of, cause, now, effects);
            case Input.Ack ack ->
                // The key that was sent with the request.
                ack(approvalKey.map(key -> ack.redacted(key::redactIn)).orElse(ack), now, effects);
            case Input.PingPong(long of, String text) -> pingPong(of, text, now, effects);
            case Input.Lost(long of, String cause) -> {
                if (of == conn && isOpen()) {
                    lost(reconnect(cause), now, effects);
                }
            }
            case Input.Tick(long of, Instant at) -> markReceived(of, at);
        }
        advanceTime(now, effects);
        changesAt = nextChange(now);
        effects.addAll(armTimer());
        return new Step<>(effects);
    }

    private List<Effect> armTimer() {
        return changesAt.equals(Instant.MAX) ? List.of() : List.of(new Effect.ArmTimer(changesAt));
    }

    public RealtimeStatus status() {
        return new RealtimeStatus(
                state,
                isOpen(),
                lastError,
                reconnects,
                lastMessageAt,
                heartbeatAt,
                registrations.dueCount(),
                registrations.cap());
    }

    /** The limit of registrations less those that are to be on the socket. */
    int freeRegistrations() {
        return registrations.cap() - registrations.dueCount();
    }

    /** The earliest time at which the socket is opened again; {@code now} when it is open or being opened. */
    Instant opensAt(Instant now) {
        return switch (state) {
            case RELEASING ->
                latest(
                        earlier(
                                releaseUntil,
                                now.plus(timeouts.subscribeSpacing().multipliedBy(registrations.onWire()))),
                        reconnectNotBefore,
                        triedAt.plus(OPEN_SPACING),
                        connectLimiter.freeAt(now));
            case WAITING, EXHAUSTED -> latest(now, retryAt, connectLimiter.freeAt(now));
            case IDLE, APPROVING, CONNECTING, OPEN, CLOSED -> now;
        };
    }

    /** All keys to be registered now. */
    public Set<RealtimeKey> registered() {
        return registrations.due();
    }

    /** Whether a release is not yet answered. */
    boolean releasing() {
        return isOpen() && registrations.isReleasing();
    }

    private void start(Instant now, List<Effect> effects) {
        if (state == RealtimeStatus.State.IDLE) {
            effects.add(new Effect.PublishEvent(new KisEvent.RuntimeStarted()));
            connect(now, effects);
        }
    }

    private void reconnect(Instant now) {
        switch (state) {
            case OPEN -> beginReleasingLost(Releasing.FOR_RECONNECT, reconnect(RECONNECT_REQUESTED), now);
            case WAITING, EXHAUSTED -> retryAt = latest(now, reconnectNotBefore, triedAt.plus(OPEN_SPACING));
            case IDLE, APPROVING, CONNECTING, RELEASING, CLOSED -> {}
        }
    }

    private void close(Instant now, List<Effect> effects) {
        closing = true;
        switch (state) {
            case OPEN -> beginReleasing(Releasing.FOR_RECONNECT, reconnect(RECONNECT_REQUESTED), now);
            case RELEASING, CLOSED -> {}
            case IDLE, APPROVING, CONNECTING, WAITING, EXHAUSTED -> {
                effects.add(new Effect.CloseSocket(conn));
                state = RealtimeStatus.State.CLOSED;
            }
        }
    }

    private static GapCause reconnect(String description) {
        return new GapCause(GapCause.Kind.RECONNECT, description);
    }

    private void beginReleasing(Releasing why, GapCause cause, Instant now) {
        state = RealtimeStatus.State.RELEASING;
        releasing = why;
        releaseCause = cause;
        releaseUntil = now.plus(timeouts.releaseGrace());
    }

    /** Registered keys miss data from the last message on, whatever the outcome of their release. */
    private void beginReleasingLost(Releasing why, GapCause cause, Instant now) {
        registrations.loseRegistered(earlier(lastReceivedAt, now), cause);
        beginReleasing(why, cause, now);
    }

    private void connect(Instant now, List<Effect> effects) {
        Instant mayAt = connectLimiter.freeAt(now);
        if (mayAt.isAfter(now)) {
            state = RealtimeStatus.State.WAITING;
            retryAt = mayAt;
            effects.add(
                    new Effect.PublishEvent(new KisEvent.ReconnectScheduled(failures, Duration.between(now, mayAt))));
            return;
        }
        retryAt = Instant.MAX;
        triedAt = now;
        if (approvalKey.isEmpty() || !now.isBefore(approvedAt.plus(APPROVAL_LIFE))) {
            state = RealtimeStatus.State.APPROVING;
            effects.add(new Effect.FetchApprovalKey());
            return;
        }
        state = RealtimeStatus.State.CONNECTING;
        connectLimiter.add(now);
        effects.add(new Effect.Open(++conn));
    }

    private void approved(Secret key, Instant now, List<Effect> effects) {
        boolean forReleases = isRenewingApproval();
        if (state != RealtimeStatus.State.APPROVING && !forReleases) {
            return;
        }
        approvalKey = Optional.of(key);
        approvedAt = now;
        effects.add(new Effect.PublishEvent(new KisEvent.ApprovalKeyIssued()));
        if (!forReleases) {
            connect(now, effects);
        }
    }

    private void approvalFailed(String code, Instant now, List<Effect> effects) {
        if (state == RealtimeStatus.State.APPROVING) {
            failed("no approval key: " + code, now, effects);
        } else if (isRenewingApproval()) {
            effects.add(new Effect.CloseSocket(conn));
            lost(reconnect("no approval key: " + code), now, effects);
        }
    }

    private boolean isRenewingApproval() {
        return state == RealtimeStatus.State.RELEASING && releasing == Releasing.FOR_APPROVAL && !closing;
    }

    private void opened(long of, Instant now, List<Effect> effects) {
        if (of != conn || state != RealtimeStatus.State.CONNECTING) {
            effects.add(new Effect.CloseSocket(of));
            return;
        }
        state = RealtimeStatus.State.OPEN;
        openedAt = now;
        lastReceivedAt = now;
        pingAt = pingEnabled ? now.plus(timeouts.clientPing()) : Instant.MAX;
        pingText = "";
        lastError = Optional.empty();
        reconnects += hasOpened ? 1 : 0;
        hasOpened = true;
        registrations.reset();
        effects.add(new Effect.Connected());
        effects.add(new Effect.PublishEvent(new KisEvent.Connected(reconnects)));
    }

    private void openFailed(long of, String cause, Instant now, List<Effect> effects) {
        if (of == conn && state == RealtimeStatus.State.CONNECTING) {
            failed(cause, now, effects);
        }
    }

    private void ack(Input.Ack ack, Instant now, List<Effect> effects) {
        if (ack.conn() != conn || !isOpen()) {
            return;
        }
        markReceived(now);
        Optional<RegistrationTable.Entry> registration = registrations.find(new RealtimeKey(ack.trId(), ack.trKey()));
        switch (ack.msgCd()) {
            case "OPSP0000", "OPSP0002" ->
                registration.ifPresent(it -> registrations.subscribed(it, ack, now, effects));
            case "OPSP0001", "OPSP0003" -> registration.ifPresent(it -> registrations.released(it, ack, effects));
            case "OPSP0007", "OPSP0009", "OPSP8999" ->
                registration.ifPresentOrElse(
                        it -> registrations.tryLater(it, now), () -> reportUnexplained(ack, now, effects));
            case "OPSP0008" -> registrations.full(registration, ack, now, effects);
            case "OPSP0011" -> approvalUnknown(now, effects);
            case "OPSP0017" -> registrations.dropNotices(ack, now, effects);
            case "OPSP8996" -> inUse(now, effects);
            default -> {
                if (ack.rtCd().equals("0")) {
                    registration.ifPresent(it -> registrations.subscribed(it, ack, now, effects));
                } else {
                    registration.ifPresentOrElse(
                            it -> registrations.drop(it, ack.msgCd(), ack.msg1(), now, effects),
                            () -> reportUnexplained(ack, now, effects));
                }
            }
        }
    }

    /** KIS may no longer accept a cached approval key; a new one is requested once, then it is an ordinary failure. */
    private void approvalUnknown(Instant now, List<Effect> effects) {
        if (isRenewingApproval() && approvalKey.isEmpty()) {
            return; // The answer to a message that had left before.
        }
        approvalKey = Optional.empty();
        // Acks in between prove nothing: a key that is rejected repeatedly must not be requested in a loop.
        boolean renewedRecently = approvalRenewed && now.isBefore(openedAt.plus(STABLE));
        approvalRenewed = true;
        if (renewedRecently || isRenewingApproval()) {
            effects.add(new Effect.CloseSocket(conn));
            lost(reconnect(APPROVAL_UNKNOWN), now, effects);
            return;
        }
        // A refused registration needs no release.
        registrations.abandonSubscribing();
        if (state == RealtimeStatus.State.OPEN && registrations.onWire() > 0) {
            beginReleasingLost(Releasing.FOR_APPROVAL, reconnect(APPROVAL_UNKNOWN), now);
            effects.add(new Effect.FetchApprovalKey());
            return;
        }
        effects.add(new Effect.CloseSocket(conn));
        recordGap(now, reconnect(APPROVAL_UNKNOWN), effects);
        connect(now, effects);
    }

    private void inUse(Instant now, List<Effect> effects) {
        Duration wait = backoff.afterKeyInUse();
        reconnectNotBefore = now.plus(wait);
        effects.add(new Effect.PublishEvent(new KisEvent.AppKeyInUse(wait)));
        effects.add(new Effect.CloseSocket(conn));
        lost(new GapCause(GapCause.Kind.APP_KEY_IN_USE, "OPSP8996 another session holds the app key"), now, effects);
    }

    private void reportUnexplained(Input.Ack ack, Instant now, List<Effect> effects) {
        if (pingEnabled && now.isBefore(pingedAt.plus(PING_BLAME))) {
            pingEnabled = false;
            pingAt = Instant.MAX;
            effects.add(new Effect.PublishEvent(new KisEvent.ClientPingDisabled(ack.msgCd())));
            return;
        }
        lastError = Optional.of(ack.msgCd() + " " + ack.msg1());
        effects.add(new Effect.PublishEvent(new KisEvent.SessionError(ack.msgCd(), ack.msg1())));
    }

    private void pingPong(long of, String text, Instant now, List<Effect> effects) {
        if (of != conn || !isOpen()) {
            return;
        }
        markReceived(now);
        heartbeatAt = Optional.of(now);
        // If KIS echoed ours, answering would never end.
        if (!text.equals(pingText)) {
            effects.add(new Effect.SendText(conn, text));
        }
    }

    private void lost(GapCause cause, Instant now, List<Effect> effects) {
        if (state == RealtimeStatus.State.RELEASING && releasing == Releasing.FOR_RECONNECT && !closing) {
            registrations.loseDue(lastReceivedAt, releaseCause);
        }
        recordGap(now, cause, effects);
        if (closing) {
            state = RealtimeStatus.State.CLOSED;
            return;
        }
        if (!now.isBefore(openedAt.plus(STABLE))) {
            failures = 0;
        }
        failed(cause.description(), now, effects);
    }

    private void recordGap(Instant now, GapCause cause, List<Effect> effects) {
        registrations.loseRegistered(earlier(lastReceivedAt, now), cause);
        registrations.disconnected();
        effects.add(new Effect.PublishEvent(new KisEvent.Closed(cause.description())));
    }

    private void failed(String cause, Instant now, List<Effect> effects) {
        failures++;
        lastError = Optional.of(cause);
        retryAt = latest(now.plus(backoff.after(failures)), reconnectNotBefore);
        if (backoff.isExhausted(failures)) {
            state = RealtimeStatus.State.EXHAUSTED;
            if (failures == ReconnectBackoff.FAILURES_MAX) {
                effects.add(new Effect.PublishEvent(new KisEvent.ReconnectExhausted(failures, cause)));
            }
            return;
        }
        state = RealtimeStatus.State.WAITING;
        effects.add(new Effect.PublishEvent(new KisEvent.ReconnectScheduled(failures, Duration.between(now, retryAt))));
    }

    private void advanceTime(Instant now, List<Effect> effects) {
        if ((state == RealtimeStatus.State.WAITING || state == RealtimeStatus.State.EXHAUSTED)
                && !now.isBefore(retryAt)) {
            connect(now, effects);
            return;
        }
        if (!isOpen()) {
            return;
        }
        if (state == RealtimeStatus.State.OPEN && !now.isBefore(lastReceivedAt.plus(timeouts.silence()))) {
            // It may still process releases, though it is silent: what stays registered is refused on the next socket.
            beginReleasingLost(
                    Releasing.AFTER_SILENCE,
                    new GapCause(
                            GapCause.Kind.SILENCE,
                            "silent for " + timeouts.silence().toSeconds() + " s"),
                    now);
        }
        registrations.expireUnanswered(now);
        registrations.flushRegained(now, effects);
        if (!now.isBefore(pingAt)) {
            pingText = "{\"header\":{\"tr_id\":\"PINGPONG\",\"datetime\":\"" + PING_TIME.format(now) + "\"}}";
            pingedAt = now;
            pingAt = now.plus(timeouts.clientPing());
            effects.add(new Effect.SendText(conn, pingText));
        }
        sendNext(now, effects);
        if (state == RealtimeStatus.State.RELEASING && (registrations.onWire() == 0 || !now.isBefore(releaseUntil))) {
            endReleasing(now, effects);
        }
    }

    private void endReleasing(Instant now, List<Effect> effects) {
        effects.add(new Effect.CloseSocket(conn));
        if (closing) {
            recordGap(now, reconnect("closed"), effects);
            state = RealtimeStatus.State.CLOSED;
            return;
        }
        switch (releasing) {
            case FOR_RECONNECT -> reopen(now, effects);
            case AFTER_SILENCE -> lost(releaseCause, now, effects);
            case FOR_APPROVAL -> {
                recordGap(now, releaseCause, effects);
                connect(now, effects);
            }
        }
    }

    private void reopen(Instant now, List<Effect> effects) {
        // Those that were not registered yet when it was requested, too, miss what comes in between.
        registrations.loseDue(lastReceivedAt, releaseCause);
        recordGap(now, releaseCause, effects);
        state = RealtimeStatus.State.WAITING;
        // Never a tight loop, whatever the request: KIS blocks keys that connect and disconnect all the time.
        retryAt = latest(now, reconnectNotBefore, triedAt.plus(OPEN_SPACING));
    }

    private void sendNext(Instant now, List<Effect> effects) {
        if (now.isBefore(sendAt) || approvalKey.isEmpty()) {
            return;
        }
        registrations.nextMessage(now, state).ifPresent(it -> {
            boolean register = registrations.send(it, now);
            messageLimiter.add(now);
            sendAt = latest(now.plus(timeouts.subscribeSpacing()), messageLimiter.freeAt(now));
            effects.add(new Effect.Send(conn, approvalKey.orElseThrow(), register, it.key()));
        });
    }

    /** The end of time when time alone changes nothing. */
    private Instant nextChange(Instant now) {
        Instant next = retryAt;
        if (isOpen()) {
            next = state == RealtimeStatus.State.OPEN
                    ? earlier(lastReceivedAt.plus(timeouts.silence()), pingAt)
                    : pingAt;
            next = earlier(next, registrations.answerDueAt());
            if (approvalKey.isPresent() && registrations.hasRelease(state)) {
                next = earlier(next, sendAt);
            }
            Optional<Instant> registerAt = registrations.registerAt(state);
            if (registerAt.isPresent()) {
                next = earlier(next, latest(registerAt.get(), sendAt));
            }
            if (state == RealtimeStatus.State.RELEASING) {
                next = earlier(next, releaseUntil);
            }
        }
        if (state != RealtimeStatus.State.IDLE && state != RealtimeStatus.State.CLOSED) {
            next = earlier(next, registrations.planAt());
        }
        return latest(next, now);
    }

    private void markReceived(long of, Instant at) {
        if (of == conn && isOpen()) {
            markReceived(at);
        }
    }

    private void markReceived(Instant at) {
        lastReceivedAt = latest(lastReceivedAt, at);
        lastMessageAt = Optional.of(lastReceivedAt);
    }

    private boolean isOpen() {
        return state == RealtimeStatus.State.OPEN || state == RealtimeStatus.State.RELEASING;
    }

    static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant latest(Instant... instants) {
        return Stream.of(instants).max(Comparator.naturalOrder()).orElseThrow();
    }
}
