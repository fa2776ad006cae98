package kr.kisgateway.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
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
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.Json;
import kr.kisgateway.simulator.catalog.RealtimeFrameGenerator;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.RealtimeTr;

/**
 * WebSocket sessions by the rules of KIS: one per app key, 41 registrations, PINGPONG, and the answer to each malformed
 * message.
 */
final class Sockets {
    private static final Pattern NOTICES = Pattern.compile("H0[A-Z]{2}CNI[09]|HDFFF[12]C0");
    private static final Pattern HTS_ID = Pattern.compile("[!-~&&[^\\^|]]{1,20}");
    private static final Duration CLOSE_AFTER = Duration.ofSeconds(1);
    private static final Duration DROP_AFTER = Duration.ofMillis(200);
    /** The most answers and notices that may be delayed at once; a further one is sent at once. */
    private static final int MAX_SCHEDULED = 100_000;

    private static final Duration REORDER_DELAY = Duration.ofSeconds(1);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(TradingCalendar.SEOUL);

    record Registration(String trId, String trKey) {}

    static final class Session {
        final long id;
        NoticeKey key;
        final Set<Registration> registrations = new LinkedHashSet<>();
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

    /** An effect scheduled for later. */
    record ScheduledEffect(Instant at, long sequence, Effect effect) {}

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
    private final Map<Registration, List<Long>> watchers = new HashMap<>();
    private final PriorityQueue<ScheduledEffect> schedule =
            new PriorityQueue<>(Comparator.comparing(ScheduledEffect::at).thenComparingLong(ScheduledEffect::sequence));
    /** Registrations that depend on each stock's book: books and expected auction results. */
    private final Map<Symbol, Integer> books = new TreeMap<>();

    private final Set<String> marketTrs;
    private final boolean hasClassicColumns;
    private final Set<String> noticeTrs;
    /** Keys of US stocks that were registered in this step. */
    private final List<String> newUsKeys = new ArrayList<>();

    private final Map<String, Long> counts = new TreeMap<>();
    private long sequence;

    /** @param timed whether auctions happen, whose results the market then publishes itself */
    Sockets(
            BrokerRules rules,
            Identities identities,
            Faults faults,
            ConformanceMonitor conformance,
            Predicate<Symbol> listed,
            RealtimeFrameGenerator generator,
            boolean timed) {
        this.conformance = conformance;
        this.marketTrs = marketTrs(rules.face(), timed);
        this.noticeTrs = Set.of(rules.face().noticeTr(), rules.face().overseasNoticeTr());
        this.generatedFeed = new GeneratedFeed(generator);
        this.rules = rules;
        this.identities = identities;
        this.hasClassicColumns = identities.hasClassicColumns();
        this.faults = faults;
        this.listed = listed;
    }

    /** The TRs of the simulated market. Paper has KRX's trades and books only. */
    private static Set<String> marketTrs(Face face, boolean timed) {
        Set<String> trs = new TreeSet<>(List.of(VenueScope.KRX.tradesTr(), VenueScope.KRX.booksTr()));
        if (face == Face.LIVE) {
            // Halts and interruptions can be requested at every hour, and a made-up one would be mistaken for one.
            trs.add(VenueScope.KRX.statusTr());
            for (VenueScope scope : VenueScope.values()) {
                trs.addAll(timed ? scope.allTrs() : List.of(scope.tradesTr(), scope.booksTr()));
            }
        }
        return trs;
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
        for (Registration registration : List.copyOf(session.registrations)) {
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
        Optional<String[]> malformed = malformed(m);
        if (malformed.isPresent()) {
            sessionError(session, malformed.get()[0], malformed.get()[1], out);
            return Optional.empty();
        }
        Registration registration =
                new Registration(m.trId().orElseThrow(), m.trKey().orElseThrow());
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

    private static Optional<String[]> malformed(SocketMessage m) {
        if (!m.header()) {
            return problem("OPSP9998", "JSON PARSING ERROR : header not found");
        }
        if (!m.body()) {
            return problem("OPSP9992", "JSON PARSING ERROR : body not found");
        }
        if (!m.input()) {
            return problem("OPSP9991", "JSON PARSING ERROR : input not found");
        }
        if (m.approvalKey().isEmpty()) {
            return problem("OPSP9996", "JSON PARSING ERROR : appkey not found");
        }
        if (m.custType().isPresent() && !m.custType().get().matches("[PB]")) {
            return problem("OPSP8998", "JSON PARSING ERROR : invalid custtype");
        }
        if (!m.trType().orElse("").matches("[12]")) {
            return problem("OPSP8997", "JSON PARSING ERROR : invalid tr_type");
        }
        if (m.trId().isEmpty()) {
            return problem("OPSP9991", "JSON PARSING ERROR : tr_id not found");
        }
        return m.trKey().isEmpty() ? problem("OPSP9990", "JSON PARSING ERROR : tr_key not found") : Optional.empty();
    }

    private static Optional<String[]> problem(String code, String message) {
        return Optional.of(new String[] {code, message});
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
                schedule(now.plus(CLOSE_AFTER), new Effect.CloseSocket(session.id, 1000, ""));
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
            Session session, Identities.AppKey key, Registration registration, Instant now, StepOutput out) {
        boolean notices = noticeTrs.contains(registration.trId());
        boolean data = marketTrs.contains(registration.trId());
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
            schedule(now.plus(DROP_AFTER), new Effect.DropSocket(session.id));
            return Optional.empty();
        }
        if (byHtsId) {
            session.htsId = registration.trKey();
        }
        session.registrations.add(registration);
        watchers.merge(registration, List.of(session.id), (a, b) -> {
            List<Long> both = new ArrayList<>(a);
            both.addAll(b);
            return List.copyOf(both);
        });
        if (needsBook(registration)) {
            symbol.ifPresent(of -> books.merge(of, 1, Integer::sum));
        }
        if (other.isPresent() && UsKeys.isServed(registration.trId(), registration.trKey())) {
            newUsKeys.add(registration.trKey());
        } else {
            other.ifPresent(tr -> generatedFeed.start(tr, registration, now));
        }
        count("registrations");
        Json json = header(registration.trId(), registration.trKey());
        json.startObject("body").field("rt_cd", "0").field("msg_cd", "OPSP0000").field("msg1", "SUBSCRIBE SUCCESS");
        json.startObject("output")
                .field("iv", session.key.iv())
                .field("key", session.key.key())
                .end()
                .end();
        if (faults.hits("late_acks", "")) {
            schedule(now.plusMillis(faults.time("late_ack_ms", "")), new Effect.Push(List.of(session.id), json.text()));
        } else {
            out.push(session.id, json.text());
        }
        return symbol;
    }

    private void release(Session session, Registration registration, StepOutput out) {
        if (!session.registrations.contains(registration)) {
            error(session, registration, "OPSP0003", "UNSUBSCRIBE ERROR(not found!)", out);
            return;
        }
        removeRegistration(session, registration);
        count("releases");
        message(session, registration.trId(), registration.trKey(), "0", "OPSP0001", "UNSUBSCRIBE SUCCESS", out);
    }

    private void removeRegistration(Session session, Registration registration) {
        session.registrations.remove(registration);
        watchers.computeIfPresent(registration, (r, ids) -> {
            List<Long> left = ids.stream().filter(id -> id != session.id).toList();
            return left.isEmpty() ? null : left;
        });
        if (watchers.containsKey(registration)) {
            return;
        }
        generatedFeed.stop(registration);
        if (needsBook(registration)) {
            Symbol.parse(registration.trKey())
                    .ifPresent(of -> books.computeIfPresent(of, (s, n) -> n == 1 ? null : Integer.valueOf(n - 1)));
        }
    }

    private boolean needsBook(Registration registration) {
        return marketTrs.contains(registration.trId())
                && VenueScope.ofTr(registration.trId())
                        .filter(scope -> registration.trId().equals(scope.booksTr())
                                || registration.trId().equals(scope.expectedTr()))
                        .isPresent();
    }

    /** Whether a subscriber watches the stock on NXT, alone or together with KRX. */
    boolean watchesNxt(Symbol symbol) {
        return Stream.of(VenueScope.NXT, VenueScope.BOTH)
                .flatMap(scope -> scope.allTrs().stream())
                .anyMatch(trId -> !registered(trId, symbol).isEmpty());
    }

    /** The sessions registered for the data; empty for most stocks. */
    List<Long> watchers(String trId, Symbol symbol) {
        return faults.isOn("stop_data") ? List.of() : registered(trId, symbol);
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

    /** The sessions that receive data of a key now. */
    List<Long> receivers(String trId, String key) {
        return watchers.isEmpty() ? List.of() : receivers(new Registration(trId, key));
    }

    /** The sessions registered for a key, whether or not data flow now. */
    List<Long> registered(String trId, String key) {
        return watchers.isEmpty() ? List.of() : watchers.getOrDefault(new Registration(trId, key), List.of());
    }

    private List<Long> receivers(Registration registration) {
        return faults.isOn("stop_data") ? List.of() : watchers.getOrDefault(registration, List.of());
    }

    private NoticeKey keyOf(long id) {
        Session session = sessions.get(id);
        if (session == null) {
            throw new IllegalStateException("session " + id + " is registered and does not exist");
        }
        return session.key;
    }

    /** The stocks whose books have subscribers now. */
    Set<Symbol> watchedBooks() {
        return faults.isOn("stop_data") ? Set.of() : books.keySet();
    }

    /** The sessions registered for the data, whether or not data flow now. */
    List<Long> registered(String trId, Symbol symbol) {
        return registered(trId, symbol.code());
    }

    /** Encrypts and sends a notice to each session whose key has used the order's account. */
    void publishNotice(Frames.Notice notice, StepOutput out) {
        publishNotice(
                rules.face().noticeTr(),
                notice.order().account,
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
                    && session.registrations.contains(new Registration(trId, session.htsId))
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
            schedule(faults.now().plusMillis(late), new Effect.Push(List.of(session.id), text));
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

    /** Sends the PINGPONGs and delayed effects that are due. */
    void advance(Instant now, StepOutput out) {
        while (!schedule.isEmpty() && !schedule.peek().at().isAfter(now)) {
            Effect effect = schedule.remove().effect();
            out.addEffect(effect);
        }
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
        generatedFeed.advance(now, this::receivers, this::keyOf, out);
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
            Json json = Json.object();
            json.startObject("header")
                    .field("tr_id", "PINGPONG")
                    .field("datetime", STAMP.format(faults.brokerTime(now)))
                    .end();
            out.push(session.id, json.text());
            count("pings");
        }
    }

    /** The next instant at which {@link #advance} has work. */
    Optional<Instant> nextDue() {
        Stream<Instant> own = sessions.values().stream()
                .flatMap(s -> Stream.concat(Stream.of(s.nextPing), s.delayedNotice.map(DelayedNotice::until).stream()));
        return Stream.of(
                        own,
                        Optional.ofNullable(schedule.peek()).map(ScheduledEffect::at).stream(),
                        generatedFeed.nextDue().stream())
                .flatMap(Function.identity())
                .min(Comparator.naturalOrder());
    }

    void schedule(Instant at, Effect effect) {
        schedule.add(new ScheduledEffect(schedule.size() < MAX_SCHEDULED ? at : Instant.MIN, sequence++, effect));
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

    private void error(Session session, Registration registration, String code, String message, StepOutput out) {
        message(session, registration.trId(), registration.trKey(), "1", code, message, out);
    }

    /** Session-level errors name no TR, and rt_cd is 9. */
    private void sessionError(Session session, String code, String message, StepOutput out) {
        message(session, "(null)", "", "9", code, message, out);
    }

    private void message(
            Session session, String trId, String trKey, String rtCd, String code, String message, StepOutput out) {
        Json json = header(trId, trKey);
        json.startObject("body")
                .field("rt_cd", rtCd)
                .field("msg_cd", code)
                .field("msg1", message)
                .end();
        out.push(session.id, json.text());
    }

    /** The samples decrypt what was acknowledged with Y only; the portal's example of a notice has N. */
    private Json header(String trId, String trKey) {
        Json json = Json.object();
        json.startObject("header")
                .field("tr_id", trId)
                .field("tr_key", trKey)
                .field("encrypt", NOTICES.matcher(trId).matches() && !faults.isOn("plain_notice_acks") ? "Y" : "N")
                .end();
        return json;
    }
}
