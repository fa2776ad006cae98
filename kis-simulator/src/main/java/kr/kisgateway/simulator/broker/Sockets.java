package kr.kisgateway.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.catalog.RealtimeFrameGenerator;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.RealtimeTr;

/**
 * WebSocket sessions by the rules of KIS: one per app key, 41 registrations, PINGPONG, and the answer to each malformed
 * message.
 */
final class Sockets {
    private static final Pattern HTS_ID = Pattern.compile("[!-~&&[^\\^|]]{1,20}");
    private static final Duration CLOSE_AFTER = Duration.ofSeconds(1);
    private static final Duration DROP_AFTER = Duration.ofMillis(200);
    private static final Duration REORDER_DELAY = Duration.ofSeconds(1);

    static final class Session {
        final long id;
        NoticeKey key;
        final Set<Registrations.Registration> registrations = new LinkedHashSet<>();
        Optional<Identities.AppKey> appKey = Optional.empty();
        String htsId = "";
        Instant nextPing;
        boolean pingUnanswered;
        boolean closing;

        Optional<DelayedNotice> delayedNotice = Optional.empty();

        Session(long id, NoticeKey key, Instant nextPing) {
            this.id = id;
            this.key = key;
            this.nextPing = nextPing;
        }
    }

    /** A notice that waits for the next one to overtake it, at most until {@code until}. */
    private record DelayedNotice(String text, Instant until) {}

    private final BrokerRules rules;
    private final Identities identities;
    private final Faults faults;
    private final ConformanceMonitor conformance;
    private final Predicate<Symbol> listed;
    private final GeneratedFeed generatedFeed;
    private final Map<Long, Session> sessions = new LinkedHashMap<>();

    /** Half-open sessions: they receive and send nothing until their clients close them. */
    private final Set<Long> mute = new HashSet<>();

    private final Map<Identities.AppKey, Long> inUse = new HashMap<>();
    private final Map<Identities.AppKey, Instant> lingering = new HashMap<>();
    private final Registrations registrations;
    private final EffectSchedule schedule;
    private final boolean hasClassicColumns;
    private final Set<String> noticeTrs;
    /** Keys of US stocks that were registered in this step. */
    private final List<String> newUsKeys = new ArrayList<>();

    private final Map<String, Long> counts = new TreeMap<>();

    Sockets(
            BrokerRules rules,
            Identities identities,
            Faults faults,
            ConformanceMonitor conformance,
            Predicate<Symbol> listed,
            RealtimeFrameGenerator generator,
            Registrations registrations,
            EffectSchedule schedule) {
        this.conformance = conformance;
        this.registrations = registrations;
        this.schedule = schedule;
        this.noticeTrs = Set.of(rules.face().noticeTr(), rules.face().overseasNoticeTr());
        this.generatedFeed = new GeneratedFeed(generator);
        this.rules = rules;
        this.identities = identities;
        this.hasClassicColumns = identities.hasClassicColumns();
        this.faults = faults;
        this.listed = listed;
    }

    void opened(Input.SocketOpened in, boolean refused, Instant now, StepOutput out) {
        Session session = new Session(in.session(), in.key(), now.plus(rules.pingPeriod()));
        if (faults.isOn("half_open_sockets")) {
            mute.add(session.id);
        }
        sessions.put(in.session(), session);
        count("sessions_opened");
        if (refused) {
            session.closing = true;
            out.addEffect(new Effect.DropSocket(session.id));
        }
    }

    boolean isMute(long id) {
        return mute.contains(id);
    }

    boolean anyMute() {
        return !mute.isEmpty();
    }

    void closed(long id, Instant now) {
        Session session = sessions.remove(id);
        if (session == null) {
            return;
        }
        count("sessions_closed");
        // Clients of sessions that the broker ended, or that receive nothing, could not release their registrations.
        boolean receiving = !mute.remove(id);
        if (!session.closing && receiving && !session.registrations.isEmpty()) {
            session.appKey.ifPresent(key -> conformance.registrationsLeaked(key, session.registrations.size()));
        }
        for (Registrations.Registration registration : List.copyOf(session.registrations)) {
            removeRegistration(session, registration);
        }
        session.appKey.ifPresent(key -> {
            long lingers = inUse.remove(key, id) ? faults.time("linger_seconds", "") : 0;
            if (lingers > 0) {
                lingering.put(key, now.plusSeconds(lingers));
            }
        });
    }

    /** Handles a text frame. Returns the stock that it registered, so that it can be woken. */
    Optional<Symbol> text(Input.SocketText in, Instant now, StepOutput out) {
        Session session = sessions.get(in.session());
        if (session == null || session.closing || mute.contains(session.id)) {
            return Optional.empty();
        }
        if (in.message().isEmpty()) {
            sessionError(session, "OPSP9999", "JSON PARSING ERROR : invalid json", out);
            return Optional.empty();
        }
        SocketMessage m = in.message().get();
        if (m.headerTrId().filter("PINGPONG"::equals).isPresent()) {
            // Also tolerates clients that send a PINGPONG unprompted.
            pong(in.session());
            return Optional.empty();
        }
        Optional<SocketAnswers.Problem> malformed = SocketAnswers.malformed(m);
        if (malformed.isPresent()) {
            out.push(session.id, SocketAnswers.sessionError(malformed.get()));
            return Optional.empty();
        }
        Registrations.Registration registration =
                new Registrations.Registration(m.trId().orElseThrow(), m.trKey().orElseThrow());
        Optional<Identities.AppKey> key = identities.approved(m.approvalKey().orElse(""), now);
        if (key.isEmpty()) {
            error(session, registration, "OPSP0011", "invalid approval : NOT FOUND", out);
            return Optional.empty();
        }
        if (!bindSession(session, key.get(), now, out)) {
            return Optional.empty();
        }
        if (m.trType().orElseThrow().equals("2")) {
            release(session, registration, out);
            return Optional.empty();
        }
        return register(session, key.get(), registration, now, out);
    }

    void pong(long id) {
        Session session = sessions.get(id);
        if (session != null) {
            session.pingUnanswered = false;
            count("pongs");
        }
    }

    /** Makes the session the app key's one. Returns whether it is. */
    private boolean bindSession(Session session, Identities.AppKey key, Instant now, StepOutput out) {
        if (session.appKey.isPresent()) {
            if (session.appKey.get() == key) {
                return true;
            }
            sessionError(session, "OPSP9994", "JSON PARSING ERROR : INVALID appkey", out);
            return false;
        }
        conformance.sessionOpened(key, now);
        Instant lingers = lingering.getOrDefault(key, Instant.MIN);
        if (inUse.containsKey(key) || lingers.isAfter(now)) {
            sessionError(session, "OPSP8996", "ALREADY IN USE appkey", out);
            if (!faults.isOn("keep_refused_sockets")) {
                session.closing = true;
                schedule.add(now.plus(CLOSE_AFTER), new Effect.CloseSocket(session.id, 1000, ""));
            }
            return false;
        }
        lingering.remove(key);
        inUse.put(key, session.id);
        session.appKey = Optional.of(key);
        if (faults.isOn("keep_notice_keys") && key.lastNoticeKey.isPresent()) {
            session.key = key.lastNoticeKey.get();
        }
        key.lastNoticeKey = Optional.of(session.key);
        return true;
    }

    private Optional<Symbol> register(
            Session session,
            Identities.AppKey key,
            Registrations.Registration registration,
            Instant now,
            StepOutput out) {
        boolean notices = noticeTrs.contains(registration.trId());
        boolean data = registrations.isMarketData(registration.trId());
        Optional<RealtimeTr> other = notices || data ? Optional.empty() : generatedFeed.find(registration.trId());
        conformance.registered(key, session.id, registration, now);
        if (!notices && !data && other.isEmpty()) {
            conformance.unknownTr(key, registration.trId());
            error(session, registration, "OPSP8991", "SUBSCRIBE ERROR : invalid tr_id", out);
            return Optional.empty();
        }
        boolean byHtsId =
                notices || other.filter(RealtimeFrameGenerator::isNotice).isPresent();
        Optional<Symbol> symbol = data ? Symbol.parse(registration.trKey()).filter(listed) : Optional.empty();
        if (data && symbol.isEmpty() || !data && !byHtsId && !RealtimeFrameGenerator.isKey(registration.trKey())) {
            error(session, registration, "OPSP8992", "SUBSCRIBE ERROR : invalid tr_key", out);
            return Optional.empty();
        }
        if (session.registrations.contains(registration)) {
            error(session, registration, "OPSP0002", "ALREADY IN SUBSCRIBE", out);
            return Optional.empty();
        }
        long limit = faults.time("registration_limit", "");
        if (session.registrations.size() >= (limit > 0 ? limit : rules.registrations())
                || faults.hits("refuse_registrations", "")) {
            if (limit == 0 && session.registrations.size() >= rules.registrations()) {
                conformance.overRegistrations(key, registration.trId());
            }
            error(session, registration, "OPSP0008", "MAX SUBSCRIBE OVER", out);
            return Optional.empty();
        }
        if (byHtsId
                && (!HTS_ID.matcher(registration.trKey()).matches()
                        || !identities.bindHtsId(key, registration.trKey(), out))) {
            // KIS sends this and then drops the connection without a close frame.
            sessionError(session, "OPSP0017", "ERROR : htsid가잘못되었습니다", out);
            session.closing = true;
            schedule.add(now.plus(DROP_AFTER), new Effect.DropSocket(session.id));
            return Optional.empty();
        }
        if (byHtsId) {
            session.htsId = registration.trKey();
        }
        session.registrations.add(registration);
        registrations.add(registration, session.id);
        if (other.isPresent() && UsKeys.isServed(registration.trId(), registration.trKey())) {
            newUsKeys.add(registration.trKey());
        } else {
            other.ifPresent(tr -> generatedFeed.start(tr, registration, now));
        }
        count("registrations");
        acknowledge(session, registration, now, out);
        return symbol;
    }

    private void acknowledge(Session session, Registrations.Registration registration, Instant now, StepOutput out) {
        String answer = SocketAnswers.registered(registration, session.key, faults.isOn("plain_notice_acks"));
        if (faults.hits("late_acks", "")) {
            schedule.add(now.plusMillis(faults.time("late_ack_ms", "")), new Effect.Push(List.of(session.id), answer));
        } else {
            out.push(session.id, answer);
        }
    }

    private void release(Session session, Registrations.Registration registration, StepOutput out) {
        if (!session.registrations.contains(registration)) {
            error(session, registration, "OPSP0003", "UNSUBSCRIBE ERROR(not found!)", out);
            return;
        }
        removeRegistration(session, registration);
        count("releases");
        out.push(session.id, SocketAnswers.released(registration, faults.isOn("plain_notice_acks")));
    }

    private void removeRegistration(Session session, Registrations.Registration registration) {
        session.registrations.remove(registration);
        if (registrations.remove(registration, session.id)) {
            generatedFeed.stop(registration);
        }
    }

    /** The sessions whose records have the columns before 2026-09-14, whatever the date. */
    List<Long> classicSessions(List<Long> ids) {
        return hasClassicColumns
                ? ids.stream()
                        .filter(id -> Optional.ofNullable(sessions.get(id))
                                .flatMap(session -> session.appKey)
                                .filter(identities::usesClassicColumns)
                                .isPresent())
                        .toList()
                : List.of();
    }

    /** Removes and returns the keys of US stocks that were registered since the last call. */
    List<String> takeNewUsKeys() {
        List<String> keys = List.copyOf(newUsKeys);
        newUsKeys.clear();
        return keys;
    }

    private NoticeKey keyOf(long id) {
        Session session = sessions.get(id);
        if (session == null) {
            throw new IllegalStateException("session " + id + " is registered and does not exist");
        }
        return session.key;
    }

    /** Encrypts and sends a notice to each session whose key has used the order's account. */
    void publishNotice(Frames.Notice notice, StepOutput out) {
        publishNotice(
                rules.face().noticeTr(),
                notice.order().account(),
                notice.kind(),
                (htsId, key) -> Frames.notice(rules.face(), htsId, notice, key),
                out);
    }

    /**
     * Sends a notice of any TR to each session whose key has used the account.
     *
     * @param print the frame for the HTS id and the secret of a session
     */
    void publishNotice(
            String trId, AccountId account, Kind kind, BiFunction<String, NoticeKey, String> print, StepOutput out) {
        for (Session session : sessions.values()) {
            boolean receives = !session.htsId.isEmpty()
                    && session.registrations.contains(new Registrations.Registration(trId, session.htsId))
                    && session.appKey
                            .filter(key -> key.accounts.contains(account))
                            .isPresent();
            if (receives) {
                sendNotice(session, kind, print, out);
            }
        }
    }

    private void sendNotice(Session session, Kind kind, BiFunction<String, NoticeKey, String> print, StepOutput out) {
        String target = switch (kind) {
            case RECEIPT -> Faults.RECEIPTS;
            case FILL -> Faults.FILLS;
            case CONFIRMED, REJECTED, REST_CANCELLED -> Faults.CONFIRMATIONS;
        };
        if (faults.hits("lose_notices", target)) {
            count("notices_lost");
            return;
        }
        if (faults.hits("drop_at_notices", target)) {
            count("notices_lost");
            session.closing = true;
            out.addEffect(new Effect.DropSocket(session.id));
            return;
        }
        String printed = print.apply(session.htsId, session.key);
        String text = faults.isOn("extra_column") ? Frames.widened(printed, session.key) : printed;
        count("notices");
        if (faults.hits("late_notices", target)) {
            long late = faults.time("late_notice_ms", "");
            schedule.add(faults.now().plusMillis(late), new Effect.Push(List.of(session.id), text));
            return;
        }
        if (session.delayedNotice.isEmpty() && faults.hits("reorder_notices", target)) {
            session.delayedNotice =
                    Optional.of(new DelayedNotice(text, faults.now().plus(REORDER_DELAY)));
            return;
        }
        out.push(session.id, text);
        if (faults.hits("duplicate_notices", target)) {
            out.push(session.id, text);
        }
        releaseDelayedNotice(session, out);
    }

    /** Sends the notice that waited for a later one to overtake it. */
    private static void releaseDelayedNotice(Session session, StepOutput out) {
        session.delayedNotice.ifPresent(delayed -> out.push(session.id, delayed.text()));
        session.delayedNotice = Optional.empty();
    }

    /** Sends the PINGPONGs, generated frames and delayed notices that are due. */
    void advance(Instant now, StepOutput out) {
        if (faults.consumeDueAction("drop_sockets")) {
            dropAll(out);
        }
        if (faults.consumeDueAction("close_sockets")) {
            for (Session session : sessions.values()) {
                session.closing = true;
                out.addEffect(new Effect.CloseSocket(session.id, 1000, ""));
            }
        }
        if (faults.consumeDueAction("freeze_sockets")) {
            mute.addAll(sessions.keySet());
        }
        generatedFeed.advance(
                now,
                registration -> registrations.receivers(registration.trId(), registration.trKey()),
                this::keyOf,
                out);
        for (Session session : sessions.values()) {
            if (session.delayedNotice
                    .filter(delayed -> !delayed.until().isAfter(now))
                    .isPresent()) {
                releaseDelayedNotice(session, out);
            }
            if (session.nextPing.isAfter(now)) {
                continue;
            }
            session.nextPing = now.plus(rules.pingPeriod());
            if (faults.isOn("stop_pingpong") || session.closing || mute.contains(session.id)) {
                continue;
            }
            if (session.pingUnanswered) {
                session.closing = true;
                conformance.pingUnanswered(session.appKey);
                count("pings_unanswered");
                out.addEffect(new Effect.CloseSocket(session.id, 1000, ""));
                continue;
            }
            session.pingUnanswered = true;
            out.push(session.id, SocketAnswers.pingPong(faults.brokerTime(now)));
            count("pings");
        }
    }

    /** The next instant at which {@link #advance} has work. */
    Optional<Instant> nextDue() {
        Stream<Instant> own = sessions.values().stream()
                .flatMap(s -> Stream.concat(Stream.of(s.nextPing), s.delayedNotice.map(DelayedNotice::until).stream()));
        return Stream.concat(own, generatedFeed.nextDue().stream()).min(Comparator.naturalOrder());
    }

    void dropAll(StepOutput out) {
        for (Session session : sessions.values()) {
            session.closing = true;
            out.addEffect(new Effect.DropSocket(session.id));
        }
    }

    Collection<Session> sessions() {
        return sessions.values();
    }

    Map<String, Long> counts() {
        return counts;
    }

    private void count(String name) {
        counts.merge(name, 1L, Long::sum);
    }

    private void error(
            Session session, Registrations.Registration registration, String code, String message, StepOutput out) {
        out.push(
                session.id,
                SocketAnswers.error(
                        registration, new SocketAnswers.Problem(code, message), faults.isOn("plain_notice_acks")));
    }

    private static void sessionError(Session session, String code, String message, StepOutput out) {
        out.push(session.id, SocketAnswers.sessionError(new SocketAnswers.Problem(code, message)));
    }
}
