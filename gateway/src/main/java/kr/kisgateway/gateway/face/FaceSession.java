package kr.kisgateway.gateway.face;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.SocketOutbox;
import kr.kisgateway.gateway.access.ApiKey;
import kr.kisgateway.gateway.access.FaceIdentity;
import kr.kisgateway.gateway.face.FeedTable.Feed;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.ClientNetwork;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.SubscribeRequest;
import kr.kisgateway.wire.print.ControlPrinter;
import org.jspecify.annotations.Nullable;

/** One WebSocket of a program written for KIS, by KIS's rules: one session a key, 41 registrations, PINGPONG. */
final class FaceSession implements AnyPathListener.Socket {
    private static final int QUEUE = 4_096;
    private static final int REGISTRATIONS_MAX = 41;
    private static final Duration PING_PERIOD = Duration.ofSeconds(100);
    /** After this a refused session is closed, so that its message is read. */
    private static final Duration CLOSE_AFTER = Duration.ofSeconds(1);
    /** A socket that names no key by then is closed. */
    private static final Duration BIND_LIMIT = Duration.ofMinutes(5);

    /** A socket that is not open by then never will be: its client has gone during the handshake. */
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);

    private static final int NEVER_OPENED = 1006;

    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");

    private final FaceStreams streams;
    private final String address;
    private final InetAddress network;
    private final InstantSource clock;
    private final NoticeKey noticeKey;
    private final Map<RealtimeKey, Feed> registrations = new LinkedHashMap<>();
    private volatile @Nullable SocketOutbox outbox;
    private volatile Optional<Owner> owner = Optional.empty();
    private volatile Instant nextPing;
    private volatile boolean ended;
    private volatile boolean pingUnanswered;
    private volatile Instant closeAt = Instant.MAX;
    private final Map<String, Instant> lastNoticeAt = new ConcurrentHashMap<>();
    private final Instant openedAt;

    /**
     * The key of the session, as it was when the session was bound.
     *
     * @param secretFingerprint of the app secret behind its approval key
     */
    private record Owner(ApiKey key, String secretFingerprint, FaceIdentity identity, Caller caller, FrameForm form) {}

    FaceSession(FaceStreams streams, String address, InstantSource clock, RandomGenerator random) {
        this.streams = streams;
        this.address = address;
        this.network = ClientNetwork.of(address);
        this.clock = clock;
        this.noticeKey = NoticeKey.random(random);
        this.openedAt = clock.instant();
        this.nextPing = openedAt.plus(PING_PERIOD);
    }

    @Override
    public void opened(SocketOutbox opened) {
        outbox = opened;
        if (ended) {
            opened.drop();
        }
    }

    @Override
    public int queueCapacity() {
        return QUEUE;
    }

    @Override
    public void pong() {
        pingUnanswered = false;
    }

    @Override
    public synchronized void closed(int code) {
        owner.ifPresent(it -> registrations.forEach(
                (key, feed) -> streams.release(key, feed, this, it.key().name())));
        registrations.clear();
        ended = true;
        streams.remove(this);
    }

    @Override
    public synchronized void text(String message) {
        if (closeAt != Instant.MAX) {
            return;
        }
        switch (SubscribeRequest.parse(message)) {
            case SubscribeRequest.PingPong _ -> pong();
            case SubscribeRequest.Unreadable(String missing) -> unreadable(missing);
            case SubscribeRequest.WrongType _ -> sessionError("OPSP8997", "JSON PARSING ERROR : invalid tr_type");
            case SubscribeRequest.Register(String approvalKey, String custType, RealtimeKey key) -> {
                if (isBound(approvalKey, custType, key)) {
                    register(key, owner.orElseThrow());
                }
            }
            case SubscribeRequest.Release(String approvalKey, String custType, RealtimeKey key) -> {
                if (isBound(approvalKey, custType, key)) {
                    release(key, owner.orElseThrow());
                }
            }
        }
    }

    private void unreadable(String missing) {
        switch (missing) {
            case "header" -> sessionError("OPSP9998", "JSON PARSING ERROR : header not found");
            case "body" -> sessionError("OPSP9992", "JSON PARSING ERROR : body not found");
            case "input" -> sessionError("OPSP9991", "JSON PARSING ERROR : input not found");
            case "approval_key" -> sessionError("OPSP9996", "JSON PARSING ERROR : appkey not found");
            case "tr_type" -> sessionError("OPSP8997", "JSON PARSING ERROR : invalid tr_type");
            case "tr_id" -> sessionError("OPSP9991", "JSON PARSING ERROR : tr_id not found");
            case "tr_key" -> sessionError("OPSP9990", "JSON PARSING ERROR : tr_key not found");
            default -> sessionError("OPSP9999", "JSON PARSING ERROR : invalid json");
        }
    }

    private boolean isBound(String approvalKey, String custType, RealtimeKey key) {
        if (!custType.isEmpty() && !custType.matches("[PB]")) {
            sessionError("OPSP8998", "JSON PARSING ERROR : invalid custtype");
            return false;
        }
        var approval = streams.approved(approvalKey).filter(it -> it.key().allowsAddress(address));
        if (approval.isEmpty()) {
            send(ControlPrinter.refused(key, "OPSP0011", "invalid approval : NOT FOUND"));
            return false;
        }
        var approved = approval.get().key();
        String id = approved.id();
        if (owner.isPresent()) {
            boolean same = owner.get().key().id().equals(id);
            if (!same) {
                sessionError("OPSP9994", "JSON PARSING ERROR : INVALID appkey");
            }
            return same;
        }
        if (!streams.bind(id, this)) {
            streams.meter().socketRefused(approved.name(), key, "OPSP8996", "ALREADY IN USE appkey");
            sessionError("OPSP8996", "ALREADY IN USE appkey");
            closeAt = clock.instant().plus(CLOSE_AFTER);
            return false;
        }
        var identity = approved.face().orElseThrow();
        owner = Optional.of(new Owner(
                approved,
                approval.get().secretFingerprint(),
                identity,
                streams.accounts().narrow(approved.toFaceCaller()),
                FrameForm.of(identity)));
        return true;
    }

    private void register(RealtimeKey key, Owner by) {
        var feed = streams.feeds().feed(key);
        switch (feed) {
            case Feed.UnknownTr() -> {
                refuse(key, by, "OPSP8991", "SUBSCRIBE ERROR : invalid tr_id");
                return;
            }
            case Feed.UnknownKey() -> {
                refuse(key, by, "OPSP8992", "SUBSCRIBE ERROR : invalid tr_key");
                return;
            }
            case Feed.Notices _ -> {
                if (!key.trKey().equals(by.identity().htsId())) {
                    // KIS sends this and then drops the connection without a close frame.
                    streams.meter().socketRefused(by.key().name(), key, "OPSP0017", "ERROR : htsid가잘못되었습니다");
                    sessionError("OPSP0017", "ERROR : htsid가잘못되었습니다");
                    closeAt = clock.instant().plus(CLOSE_AFTER);
                    return;
                }
                // The login is right and KIS has no such case: the session goes on with its prices.
                if (!maySeeOrders(by)) {
                    refuse(key, by, "OPSP8991", "SUBSCRIBE ERROR : invalid tr_id [FORBIDDEN]");
                    return;
                }
            }
            case Feed.OfSymbol _, Feed.Raw _ -> {
                if (!streams.feeds().permits(key, by.caller())) {
                    refuse(key, by, "OPSP8992", "SUBSCRIBE ERROR : invalid tr_key [FORBIDDEN]");
                    return;
                }
            }
        }
        if (registrations.containsKey(key)) {
            refuse(key, by, "OPSP0002", "ALREADY IN SUBSCRIBE");
            return;
        }
        if (registrations.size() >= REGISTRATIONS_MAX) {
            refuse(key, by, "OPSP0008", "MAX SUBSCRIBE OVER");
            return;
        }
        if (!streams.mayRegister(by.key().id())) {
            refuse(key, by, "OPSP0007", "SUBSCRIBE INTERNAL ERROR");
            return;
        }
        switch (streams.acquire(feed, by.key().name())) {
            case REGISTERED, WAITING -> {
                // The acknowledgement before any data.
                send(ControlPrinter.subscribed(key, noticeKey));
                registrations.put(key, feed);
                streams.deliver(key, feed, this);
            }
            case FULL -> refuse(key, by, "OPSP0008", "MAX SUBSCRIBE OVER");
            case REFUSED -> refuse(key, by, "OPSP0007", "SUBSCRIBE INTERNAL ERROR");
        }
    }

    /** KIS refused a registration of this session. */
    synchronized void withdraw(RealtimeKey key) {
        var feed = registrations.remove(key);
        if (feed != null) {
            streams.release(key, feed, this, owner.orElseThrow().key().name());
            refuse(key, owner.orElseThrow(), "OPSP0007", "SUBSCRIBE INTERNAL ERROR");
        }
    }

    private boolean maySeeOrders(Owner by) {
        return by.caller().role().covers(Role.TRADE)
                && by.caller().mayUseAccount(streams.accounts().of(by.caller()));
    }

    private void release(RealtimeKey key, Owner by) {
        var feed = registrations.remove(key);
        if (feed == null) {
            refuse(key, by, "OPSP0003", "UNSUBSCRIBE ERROR(not found!)");
            return;
        }
        streams.release(key, feed, this, by.key().name());
        send(ControlPrinter.released(key));
    }

    private void refuse(RealtimeKey key, Owner by, String code, String text) {
        streams.meter().socketRefused(by.key().name(), key, code, text);
        send(ControlPrinter.refused(key, code, text));
    }

    private void sessionError(String code, String text) {
        send(ControlPrinter.sessionError(code, text));
    }

    /** Queues a text; a session that does not read is dropped when its queue is full. */
    void send(String text) {
        var to = outbox;
        if (to != null) {
            to.send(text);
        }
    }

    /** The same with a text that other sessions get, too. */
    void send(SocketOutbox.Encoded text) {
        var to = outbox;
        if (to != null) {
            to.send(text);
        }
    }

    FrameForm form() {
        return owner.map(Owner::form).orElse(FrameForm.CURRENT);
    }

    /** What an operator sees of the session: the peer's address, the time of its start and its registrations. */
    record Connected(String address, Instant since, List<Registration> registrations) {}

    /** @param lastFrameAt when its last frame was sent; empty before the first */
    record Registration(RealtimeKey key, Optional<Instant> lastFrameAt) {}

    synchronized Connected connected() {
        return new Connected(
                address,
                openedAt,
                registrations.entrySet().stream()
                        .map(each -> new Registration(
                                each.getKey(),
                                each.getValue() instanceof Feed.Notices
                                        ? Optional.ofNullable(
                                                lastNoticeAt.get(each.getKey().trId()))
                                        : streams.lastFrameAt(each.getKey(), this)))
                        .toList());
    }

    Optional<String> keyId() {
        return owner.map(it -> it.key().id());
    }

    /** Sends the notices of an order that the key may see. */
    void notices(Order order, List<OrderNotice> due, String trId) {
        var by = owner;
        if (by.isPresent()
                && by.get().caller().mayManageOrdersOf(order.key().principal())
                && by.get().caller().mayUseAccount(order.terms().accountId())
                && by.get().caller().mayReadSymbol(order.terms().symbol().code())) {
            due.forEach(notice -> send(streams.noticePrinter()
                    .frame(notice, trId, by.get().identity(), by.get().form().layout(), noticeKey)));
            lastNoticeAt.put(trId, clock.instant());
        }
    }

    /** Sends a keep-alive when it is time, and closes what is due. */
    void check(Instant now) {
        if (outbox == null) {
            // Its handshake has failed, or lasts very long.
            if (!closeAt.isAfter(now) || openedAt.plus(OPEN_LIMIT).isBefore(now)) {
                closed(NEVER_OPENED);
            }
            return;
        }
        if (!closeAt.isAfter(now)
                || owner.isEmpty() && openedAt.plus(BIND_LIMIT).isBefore(now)) {
            end();
            return;
        }
        if (owner.filter(by -> !isValid(by)).isPresent()) {
            end();
            return;
        }
        if (nextPing.isAfter(now)) {
            return;
        }
        nextPing = now.plus(PING_PERIOD);
        if (pingUnanswered) {
            end();
            return;
        }
        pingUnanswered = true;
        send(ControlPrinter.pingPong(LocalDateTime.ofInstant(now, SEOUL)));
    }

    /** Ends the session when it is one of that key. */
    void endIfOf(String keyName) {
        if (owner.filter(it -> it.key().name().equals(keyName) && !isValid(it)).isPresent()) {
            end();
        }
    }

    private boolean isValid(Owner by) {
        return streams.isValid(by.key().id(), by.secretFingerprint());
    }

    private void end() {
        var to = outbox;
        if (to != null) {
            to.close(1000, "");
        }
    }

    void drop() {
        closeAt = clock.instant();
        var to = outbox;
        if (to == null) {
            closed(NEVER_OPENED);
        } else {
            to.drop();
        }
    }

    /** The network that its share is counted by. */
    InetAddress network() {
        return network;
    }
}
