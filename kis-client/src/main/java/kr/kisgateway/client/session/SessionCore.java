package kr.kisgateway.client.session;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

    private enum WireState {
        /** KIS does not have it on this connection. */
        OFF,
        SUBSCRIBING,
        ON,
        RELEASING
    }

    private static final class Registration {
        private final RealtimeKey key;
        private final long order;
        /** Requested by {@link Input.Register} and not released. */
        private boolean pinned;
        /** Its number of further users. */
        private int claimCount;

        private WireState wire = WireState.OFF;
        private Instant sentAt = Instant.MIN;
        private Instant notBefore = Instant.MIN;
        private int refusals;
        /**
         * To be released before it is registered again: a notice that KIS called "already subscribed" without a key, or a
         * registration that was never answered and may occupy a slot all the same.
         */
        private boolean releaseFirst;

        private int unansweredReleases;

        private boolean keyRenewed;

        Registration(RealtimeKey key, long order) {
            this.key = key;
            this.order = order;
        }

        boolean isRequested() {
            return pinned || claimCount > 0;
        }

        long rank() {
            return isNotice(key) ? order - Long.MAX_VALUE / 2 : order;
        }
    }

    private record LostSince(Instant from, GapCause cause) {}

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

    static final Duration IN_USE_WAIT = Duration.ofSeconds(60);
    static final Duration EXHAUSTED_WAIT = Duration.ofMinutes(5);
    static final int FAILURES_MAX = 10;
    private static final Duration IN_USE_JITTER = Duration.ofSeconds(30);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(60);
    private static final Duration STABLE = Duration.ofSeconds(30);
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(10);
    private static final int SILENT_RELEASES_MAX = 3;
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

    private final int registrationsMax;
    private final SessionPlan plan;
    private final ChurnLimiter connectLimiter;
    private final ChurnLimiter messageLimiter;
    private final Timeouts timeouts;
    private final RandomGenerator jitter;
    private final Map<RealtimeKey, Registration> registrations = new LinkedHashMap<>();
    private final Map<RealtimeKey, LostSince> lost = new LinkedHashMap<>();
    private final Map<RealtimeKey, LostSince> regained = new HashMap<>();

    private Set<SessionPlan.Group> open;
    private Instant planAt = Instant.MIN;
    private RealtimeStatus.State state = RealtimeStatus.State.IDLE;
    private Optional<Secret> approvalKey = Optional.empty();
    private Instant approvedAt = Instant.MIN;
    private boolean approvalRenewed;
    private long conn;
    private int cap;
    private long orders;
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
        this.registrationsMax = limits.registrations();
        this.plan = plan;
        this.connectLimiter = new ChurnLimiter(limits.connectsPerMinute());
        this.messageLimiter = new ChurnLimiter(limits.subscribesPerMinute());
        this.timeouts = timeouts;
        this.jitter = jitter;
        this.cap = registrationsMax;
        this.open = plan.servedGroups();
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
        var effects = new ArrayList<Effect>();
        followPlan(now, effects);
        switch (input) {
            case Input.Start() -> start(now, effects);
            case Input.Register(RealtimeKey key) -> effects.add(new Effect.Answer(register(key), Map.of()));
            case Input.Release(RealtimeKey key) -> release(key);
            case Input.Acquire(Set<RealtimeKey> keys) -> effects.add(acquire(keys));
            case Input.ReleaseClaims(Map<RealtimeKey, Long> claims) -> claims.forEach(this::releaseClaim);
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
            case Input.Tick(long of, Instant at) -> {
                if (of == conn && isOpen()) {
                    markReceived(at);
                }
            }
        }
        advanceTime(now, effects);
        nextChange(now).ifPresent(at -> effects.add(new Effect.ArmTimer(at)));
        return new Step<>(effects);
    }

    public RealtimeStatus status() {
        return new RealtimeStatus(
                state, isOpen(), lastError, reconnects, lastMessageAt, heartbeatAt, (int) requestedCount(), cap);
    }

    /** The earliest time at which the socket is opened again; {@code now} when it is open or being opened. */
    Instant opensAt(Instant now) {
        return switch (state) {
            case RELEASING ->
                latest(
                        earlier(
                                releaseUntil,
                                now.plus(timeouts.subscribeSpacing().multipliedBy(onWire()))),
                        reconnectNotBefore,
                        triedAt.plus(OPEN_SPACING),
                        connectLimiter.freeAt(now));
            case WAITING, EXHAUSTED -> latest(now, retryAt, connectLimiter.freeAt(now));
            case IDLE, APPROVING, CONNECTING, OPEN, CLOSED -> now;
        };
    }

    /** All keys to be registered now. */
    public Set<RealtimeKey> registered() {
        var keys = new HashSet<RealtimeKey>();
        registrations.values().stream().filter(this::isDue).forEach(it -> keys.add(it.key));
        return keys;
    }

    /** Whether a release is not yet answered. */
    boolean releasing() {
        return isOpen()
                && registrations.values().stream()
                        .anyMatch(registration -> !registration.isRequested() && registration.wire != WireState.OFF);
    }

    private void start(Instant now, List<Effect> effects) {
        if (state == RealtimeStatus.State.IDLE) {
            effects.add(new Effect.PublishEvent(new KisEvent.RuntimeStarted()));
            connect(now, effects);
        }
    }

    private RegisterAnswer register(RealtimeKey key) {
        Registration registration = registrations.get(key);
        if (registration != null && registration.pinned) {
            return RegisterAnswer.ALREADY_REGISTERED;
        }
        if (!isServed(key)) {
            return RegisterAnswer.REFUSED;
        }
        if (!hasCapacity(Set.of(key))) {
            return RegisterAnswer.FULL;
        }
        boolean present = registration != null && registration.isRequested();
        findOrAdd(key).pinned = true;
        return present ? RegisterAnswer.ALREADY_REGISTERED : RegisterAnswer.REGISTERED;
    }

    private void release(RealtimeKey key) {
        Registration registration = registrations.get(key);
        if (registration != null) {
            registration.pinned = false;
            dropIfUnrequested(registration);
        }
    }

    private Effect acquire(Set<RealtimeKey> keys) {
        if (!keys.stream().allMatch(this::isServed)) {
            return new Effect.Answer(RegisterAnswer.REFUSED, Map.of());
        }
        if (!hasCapacity(keys)) {
            return new Effect.Answer(RegisterAnswer.FULL, Map.of());
        }
        boolean present = keys.stream().allMatch(this::isRequested);
        var claims = new LinkedHashMap<RealtimeKey, Long>();
        for (RealtimeKey key : keys) {
            Registration it = findOrAdd(key);
            it.claimCount++;
            claims.put(key, it.order);
        }
        return new Effect.Answer(
                present ? RegisterAnswer.ALREADY_REGISTERED : RegisterAnswer.REGISTERED, Map.copyOf(claims));
    }

    private void releaseClaim(RealtimeKey key, long order) {
        Registration registration = registrations.get(key);
        // KIS may have refused it meanwhile, and another user requested it again: then it is not the released one.
        if (registration != null && registration.order == order && registration.claimCount > 0) {
            registration.claimCount--;
            dropIfUnrequested(registration);
        }
    }

    private boolean isRequested(RealtimeKey key) {
        Registration registration = registrations.get(key);
        return registration != null && registration.isRequested();
    }

    /** Whether the plan ever registers {@code key}. */
    private boolean isServed(RealtimeKey key) {
        return isNotice(key) || plan.servedGroups().contains(SessionPlan.Group.of(key));
    }

    /** Whether the registrations open together at any time of the day fit the session's slots. */
    private boolean hasCapacity(Set<RealtimeKey> keys) {
        List<RealtimeKey> newKeys =
                keys.stream().filter(key -> !isRequested(key)).toList();
        return plan.concurrentGroups().stream().allMatch(together -> {
            long more = newKeys.stream().filter(key -> belongsTo(together, key)).count();
            long present = registrations.values().stream()
                    .filter(it -> it.isRequested() && belongsTo(together, it.key))
                    .count();
            return more == 0 || present + more <= cap;
        });
    }

    private static boolean belongsTo(Set<SessionPlan.Group> groups, RealtimeKey key) {
        return isNotice(key) || groups.contains(SessionPlan.Group.of(key));
    }

    /** Whether it is to be on the wire now. */
    private boolean isDue(Registration it) {
        return it.isRequested() && belongsTo(open, it.key);
    }

    private void followPlan(Instant now, List<Effect> effects) {
        if (now.isBefore(planAt)) {
            return;
        }
        Set<SessionPlan.Group> before = open;
        boolean first = planAt.equals(Instant.MIN);
        open = plan.open(now);
        planAt = plan.nextChange(now).orElse(Instant.MAX);
        if (first || open.equals(before)) {
            return;
        }
        effects.add(new Effect.PublishEvent(new KisEvent.PlanChanged(Set.copyOf(open))));
        // A key whose window has ended misses nothing from here on.
        registrations.values().stream()
                .filter(it -> !belongsTo(open, it.key))
                .forEach(it -> Optional.ofNullable(lost.remove(it.key))
                        .ifPresent(since ->
                                effects.add(new Effect.Gap(Set.of(it.key), since.from(), now, since.cause()))));
    }

    private Registration findOrAdd(RealtimeKey key) {
        Registration registration = registrations.get(key);
        if (registration == null) {
            registration = new Registration(key, ++orders);
            registrations.put(key, registration);
        }
        return registration;
    }

    private void dropIfUnrequested(Registration it) {
        if (!it.isRequested()) {
            lost.remove(it.key);
            removeUnrequested();
        }
    }

    private void reconnect(Instant now) {
        switch (state) {
            case OPEN -> beginReleasing(now);
            case WAITING, EXHAUSTED -> retryAt = latest(now, reconnectNotBefore, triedAt.plus(OPEN_SPACING));
            case IDLE, APPROVING, CONNECTING, RELEASING, CLOSED -> {}
        }
    }

    private void close(Instant now, List<Effect> effects) {
        closing = true;
        switch (state) {
            case OPEN -> beginReleasing(now);
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

    private void beginReleasing(Instant now) {
        markReceived(now);
        beginReleasing(Releasing.FOR_RECONNECT, reconnect(RECONNECT_REQUESTED), now);
    }

    private void beginReleasing(Releasing why, GapCause cause, Instant now) {
        state = RealtimeStatus.State.RELEASING;
        releasing = why;
        releaseCause = cause;
        releaseUntil = now.plus(timeouts.releaseGrace());
    }

    /** Registered keys miss data from the last message on, whatever the outcome of their release. */
    private void beginReleasingLost(Releasing why, GapCause cause, Instant now) {
        Instant from = earlier(lastReceivedAt, now);
        registrations.values().stream()
                .filter(it -> isDue(it) && it.wire == WireState.ON && !it.releaseFirst)
                .forEach(it -> lost.putIfAbsent(it.key, new LostSince(from, cause)));
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
        cap = registrationsMax;
        lastError = Optional.empty();
        reconnects += hasOpened ? 1 : 0;
        hasOpened = true;
        registrations.values().forEach(registration -> {
            registration.wire = WireState.OFF;
            registration.notBefore = Instant.MIN;
            registration.refusals = 0;
            registration.releaseFirst = false;
            registration.unansweredReleases = 0;
            registration.keyRenewed = false;
        });
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
        Optional<Registration> registration =
                Optional.ofNullable(registrations.get(new RealtimeKey(ack.trId(), ack.trKey())));
        switch (ack.msgCd()) {
            case "OPSP0000", "OPSP0002" -> registration.ifPresent(it -> subscribed(it, ack, now, effects));
            case "OPSP0001", "OPSP0003" -> registration.ifPresent(it -> released(it, ack, effects));
            case "OPSP0007", "OPSP0009", "OPSP8999" ->
                registration.ifPresentOrElse(it -> tryLater(it, now), () -> reportUnexplained(ack, now, effects));
            case "OPSP0008" -> {
                cap = (int) Math.max(1, onWire() - (registration.isPresent() ? 1 : 0));
                registration.ifPresent(it -> {
                    if (isNotice(it.key)) {
                        tryLater(it, now);
                    } else {
                        drop(it, ack.msgCd(), ack.msg1(), now, effects);
                    }
                });
                dropBeyondCap(ack, now, effects);
                makeRoomForNotices(ack, now, effects);
            }
            case "OPSP0011" -> approvalUnknown(now, effects);
            case "OPSP0017" ->
                registrations.values().stream()
                        .filter(it -> isNotice(it.key))
                        .toList()
                        .forEach(it -> drop(it, ack.msgCd(), ack.msg1(), now, effects));
            case "OPSP8996" -> inUse(now, effects);
            default -> {
                if (ack.rtCd().equals("0")) {
                    registration.ifPresent(it -> subscribed(it, ack, now, effects));
                } else {
                    registration.ifPresentOrElse(
                            it -> drop(it, ack.msgCd(), ack.msg1(), now, effects),
                            () -> reportUnexplained(ack, now, effects));
                }
            }
        }
    }

    private void subscribed(Registration it, Input.Ack ack, Instant now, List<Effect> effects) {
        if (it.wire != WireState.SUBSCRIBING) {
            return; // The late answer to an abandoned message.
        }
        it.wire = WireState.ON;
        it.refusals = 0;
        if (isNotice(it.key) && !ack.hasKey() && !it.keyRenewed) {
            it.releaseFirst = true;
            it.keyRenewed = true;
            return;
        }
        effects.add(new Effect.PublishEvent(new KisEvent.Subscribed(it.key, ack.msgCd())));
        effects.add(new Effect.Acked(it.key));
        regain(it.key, now, effects);
    }

    private void released(Registration it, Input.Ack ack, List<Effect> effects) {
        if (it.wire != WireState.RELEASING) {
            return;
        }
        it.wire = WireState.OFF;
        boolean isReregistering = it.releaseFirst && isDue(it);
        it.releaseFirst = false;
        if (!isReregistering) {
            effects.add(new Effect.PublishEvent(new KisEvent.Unsubscribed(it.key, ack.msgCd())));
        }
        removeUnrequested();
    }

    private void tryLater(Registration it, Instant now) {
        it.wire = WireState.OFF;
        it.notBefore = now.plusSeconds(Math.min(60, 5L << Math.min(it.refusals, 4)));
        it.refusals++;
    }

    private void drop(Registration it, String code, String message, Instant now, List<Effect> effects) {
        registrations.remove(it.key);
        publishSlotLost(it, code, now, effects);
        effects.add(new Effect.PublishEvent(new KisEvent.RegistrationRefused(it.key, code, message)));
    }

    /** A key that was served before and is not registered again has a gap that is published now, because nothing will end it. */
    private void publishSlotLost(Registration it, String code, Instant now, List<Effect> effects) {
        LostSince since = lost.remove(it.key);
        if (since != null) {
            effects.add(new Effect.Gap(
                    Set.of(it.key), since.from(), now, since.cause().thenRefused(code)));
        } else if (it.wire == WireState.ON) {
            effects.add(new Effect.Gap(
                    Set.of(it.key),
                    earlier(lastReceivedAt, now),
                    now,
                    new GapCause(GapCause.Kind.REFUSED, "slot lost: " + code)));
        }
    }

    /** Fills are worth more than quotes: the newest quotes are dropped when KIS has no room for a notice. */
    private void makeRoomForNotices(Input.Ack ack, Instant now, List<Effect> effects) {
        long waiting = registrations.values().stream()
                .filter(it -> it.isRequested() && it.wire == WireState.OFF && isNotice(it.key))
                .count();
        registrations.values().stream()
                .filter(it -> isDue(it) && it.wire != WireState.OFF && !isNotice(it.key))
                .sorted(Comparator.comparingLong(Registration::rank).reversed())
                .limit(Math.max(0, waiting - (cap - onWire())))
                .forEach(it -> {
                    it.pinned = false;
                    it.claimCount = 0;
                    publishSlotLost(it, ack.msgCd(), now, effects);
                    effects.add(
                            new Effect.PublishEvent(new KisEvent.RegistrationRefused(it.key, ack.msgCd(), ack.msg1())));
                });
    }

    private void dropBeyondCap(Input.Ack ack, Instant now, List<Effect> effects) {
        registrations.values().stream()
                .filter(this::isDue)
                .sorted(Comparator.comparingLong(Registration::rank))
                .skip(cap)
                .filter(it -> it.wire == WireState.OFF && !isNotice(it.key))
                .toList()
                .forEach(it -> drop(it, ack.msgCd(), ack.msg1(), now, effects));
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
        registrations.values().stream()
                .filter(it -> it.wire == WireState.SUBSCRIBING)
                .forEach(it -> it.wire = WireState.OFF);
        if (state == RealtimeStatus.State.OPEN && onWire() > 0) {
            beginReleasingLost(Releasing.FOR_APPROVAL, reconnect(APPROVAL_UNKNOWN), now);
            effects.add(new Effect.FetchApprovalKey());
            return;
        }
        effects.add(new Effect.CloseSocket(conn));
        recordGap(now, reconnect(APPROVAL_UNKNOWN), effects);
        connect(now, effects);
    }

    private void inUse(Instant now, List<Effect> effects) {
        Duration wait = IN_USE_WAIT.plusMillis(jitter.nextLong(IN_USE_JITTER.toMillis() + 1));
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
            loseReleased(releaseCause);
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
        Instant from = earlier(lastReceivedAt, now);
        registrations.values().stream()
                .filter(it -> isDue(it) && it.wire == WireState.ON && !it.releaseFirst)
                .forEach(it -> lost.putIfAbsent(it.key, new LostSince(from, cause)));
        registrations.values().forEach(it -> it.wire = WireState.OFF);
        removeUnrequested();
        effects.add(new Effect.PublishEvent(new KisEvent.Closed(cause.description())));
    }

    private void failed(String cause, Instant now, List<Effect> effects) {
        failures++;
        lastError = Optional.of(cause);
        if (failures >= FAILURES_MAX) {
            state = RealtimeStatus.State.EXHAUSTED;
            retryAt = latest(now.plus(EXHAUSTED_WAIT), reconnectNotBefore);
            if (failures == FAILURES_MAX) {
                effects.add(new Effect.PublishEvent(new KisEvent.ReconnectExhausted(failures, cause)));
            }
            return;
        }
        state = RealtimeStatus.State.WAITING;
        retryAt = latest(now.plus(backoff()), reconnectNotBefore);
        effects.add(new Effect.PublishEvent(new KisEvent.ReconnectScheduled(failures, Duration.between(now, retryAt))));
    }

    private Duration backoff() {
        Duration plain = Duration.ofSeconds(1L << Math.min(failures - 1, 6));
        Duration bounded = plain.compareTo(BACKOFF_MAX) > 0 ? BACKOFF_MAX : plain;
        return bounded.plusMillis(jitter.nextLong(bounded.toMillis() / 5 + 1));
    }

    private void regain(RealtimeKey key, Instant now, List<Effect> effects) {
        LostSince since = lost.remove(key);
        if (since == null) {
            return;
        }
        regained.put(key, since);
        // Notices first: fills were missed, and their lookup waits for this. The rest in one piece.
        if (isNotice(key) || lost.isEmpty()) {
            flushGaps(now, effects);
        }
    }

    private void flushGaps(Instant now, List<Effect> effects) {
        var bySpan = new LinkedHashMap<LostSince, Set<RealtimeKey>>();
        regained.forEach((key, since) ->
                bySpan.computeIfAbsent(since, _ -> new HashSet<>()).add(key));
        regained.clear();
        bySpan.forEach(
                (since, keys) -> effects.add(new Effect.Gap(Set.copyOf(keys), since.from(), now, since.cause())));
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
        expireUnanswered(now);
        if (lost.isEmpty() && !regained.isEmpty()) {
            flushGaps(now, effects);
        }
        if (!now.isBefore(pingAt)) {
            pingText = "{\"header\":{\"tr_id\":\"PINGPONG\",\"datetime\":\"" + PING_TIME.format(now) + "\"}}";
            pingedAt = now;
            pingAt = now.plus(timeouts.clientPing());
            effects.add(new Effect.SendText(conn, pingText));
        }
        sendNext(now, effects);
        if (state == RealtimeStatus.State.RELEASING && (onWire() == 0 || !now.isBefore(releaseUntil))) {
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
        loseReleased(releaseCause);
        recordGap(now, releaseCause, effects);
        state = RealtimeStatus.State.WAITING;
        // Never a tight loop, whatever the request: KIS blocks keys that connect and disconnect all the time.
        retryAt = latest(now, reconnectNotBefore, triedAt.plus(OPEN_SPACING));
    }

    /** Keys released for a reconnect are requested again afterwards, and miss what comes in between. */
    private void loseReleased(GapCause cause) {
        registrations.values().stream()
                .filter(this::isDue)
                .forEach(it -> lost.putIfAbsent(it.key, new LostSince(lastReceivedAt, cause)));
    }

    private void expireUnanswered(Instant now) {
        for (Registration it : registrations.values()) {
            boolean overdue = !now.isBefore(it.sentAt.plus(ANSWER_WAIT));
            if (overdue && it.wire == WireState.SUBSCRIBING) {
                it.wire = WireState.ON;
                it.releaseFirst = true;
            } else if (overdue && it.wire == WireState.RELEASING) {
                it.unansweredReleases++;
                boolean isAbandoned = it.unansweredReleases == SILENT_RELEASES_MAX;
                it.wire = isAbandoned ? WireState.OFF : WireState.ON;
                // Whether it is still registered is unknown: if requested meanwhile, it is released first.
                it.releaseFirst = !isAbandoned;
            }
        }
        removeUnrequested();
    }

    private void sendNext(Instant now, List<Effect> effects) {
        if (now.isBefore(sendAt) || approvalKey.isEmpty()) {
            return;
        }
        nextMessage(now).ifPresent(it -> {
            boolean register = it.wire == WireState.OFF;
            it.wire = register ? WireState.SUBSCRIBING : WireState.RELEASING;
            it.sentAt = now;
            messageLimiter.add(now);
            sendAt = latest(now.plus(timeouts.subscribeSpacing()), messageLimiter.freeAt(now));
            effects.add(new Effect.Send(conn, approvalKey.orElseThrow(), register, it.key));
        });
    }

    private Optional<Registration> nextMessage(Instant now) {
        Optional<Registration> release = toRelease().findFirst();
        return release.isPresent()
                ? release
                : toRegister().filter(it -> !now.isBefore(it.notBefore)).findFirst();
    }

    private Stream<Registration> toRelease() {
        return registrations.values().stream()
                .filter(it -> it.wire == WireState.ON
                        && (!isDue(it) || it.releaseFirst || state == RealtimeStatus.State.RELEASING));
    }

    private Stream<Registration> toRegister() {
        if (state != RealtimeStatus.State.OPEN || onWire() >= cap) {
            return Stream.empty();
        }
        return registrations.values().stream()
                .filter(it -> isDue(it) && it.wire == WireState.OFF)
                .sorted(Comparator.comparingLong(Registration::rank));
    }

    private Optional<Instant> nextChange(Instant now) {
        Instant next = retryAt;
        if (isOpen()) {
            next = state == RealtimeStatus.State.OPEN
                    ? earlier(lastReceivedAt.plus(timeouts.silence()), pingAt)
                    : pingAt;
            for (Registration it : registrations.values()) {
                if (it.wire == WireState.SUBSCRIBING || it.wire == WireState.RELEASING) {
                    next = earlier(next, it.sentAt.plus(ANSWER_WAIT));
                }
            }
            if (approvalKey.isPresent() && toRelease().findAny().isPresent()) {
                next = earlier(next, sendAt);
            }
            Optional<Instant> registerAt = toRegister().map(it -> it.notBefore).min(Comparator.naturalOrder());
            if (registerAt.isPresent()) {
                next = earlier(next, latest(registerAt.get(), sendAt));
            }
            if (state == RealtimeStatus.State.RELEASING) {
                next = earlier(next, releaseUntil);
            }
        }
        if (state != RealtimeStatus.State.IDLE && state != RealtimeStatus.State.CLOSED) {
            next = earlier(next, planAt);
        }
        return next.equals(Instant.MAX) ? Optional.empty() : Optional.of(latest(next, now));
    }

    private void removeUnrequested() {
        registrations.values().removeIf(it -> !it.isRequested() && it.wire == WireState.OFF);
    }

    private void markReceived(Instant at) {
        lastReceivedAt = latest(lastReceivedAt, at);
        lastMessageAt = Optional.of(lastReceivedAt);
    }

    private long requestedCount() {
        return registrations.values().stream().filter(this::isDue).count();
    }

    private long onWire() {
        return registrations.values().stream()
                .filter(it -> it.wire != WireState.OFF)
                .count();
    }

    private boolean isOpen() {
        return state == RealtimeStatus.State.OPEN || state == RealtimeStatus.State.RELEASING;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant latest(Instant... instants) {
        return Stream.of(instants).max(Comparator.naturalOrder()).orElseThrow();
    }
}
