package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.SocketOutbox;
import kr.kisgateway.gateway.access.ApiKey;
import kr.kisgateway.gateway.access.FaceRecords;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.face.FeedTable.Feed;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.RawDemand;
import kr.kisgateway.gateway.pool.RawSupply;
import kr.kisgateway.gateway.pool.RawSupply.RawAnswer;
import kr.kisgateway.gateway.pool.SymbolDemand;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.MarketDataSupply;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.VenueSymbol;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.RealtimeTr;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSockets of programs written for KIS. Each key has one session with registrations of its own; what they need together is
 * registered at KIS, or polled, by the pool. Frames that KIS pushes are passed on as they are; polled values are printed as
 * frames of the same shape.
 */
final class FaceStreams implements AnyPathListener.Sockets {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.face");
    private static final int SOCKETS_MAX = 2_000;
    private static final int UNAVAILABLE = 503;

    private final KeyRing keys;
    private final FaceTokens tokens;
    private final MarketDataSupply supply;
    private final RawSupply raw;
    private final FeedTable feeds;
    private final NoticeTracker notices;
    private final NoticePrinter noticePrinter;
    private final FaceAccounts accounts;
    private final InstantSource clock;
    private final java.util.random.RandomGenerator random;
    private final FaceMeter meter;
    private final UnboundSessions unbound;
    private final Set<FaceSession> sessions = ConcurrentHashMap.newKeySet();
    private final Map<String, FaceSession> sessionsByKey = new ConcurrentHashMap<>();
    private final Map<RealtimeKey, List<Receiver>> receivers = new ConcurrentHashMap<>();
    /** Registrations of each TR. */
    private final Map<String, Integer> registeredTrs = new ConcurrentHashMap<>();

    private final RegistrationRates rates = new RegistrationRates();
    /** TRs of which frames were not delivered since the start; each is logged once. */
    private final Set<String> undelivered = ConcurrentHashMap.newKeySet();
    /** By market. Lists of their own: each change of an order is checked against them, on the desk's thread. */
    private final Map<Market, Set<FaceSession>> noticeReceivers =
            Map.of(Market.KOREA, ConcurrentHashMap.newKeySet(), Market.US, ConcurrentHashMap.newKeySet());

    /** A session that receives the frames of a registration. */
    private static final class Receiver {
        private final FaceSession session;
        private volatile long lastFrameMs = Long.MIN_VALUE;

        Receiver(FaceSession session) {
            this.session = session;
        }

        void send(List<SocketOutbox.Encoded> frames, long nowMs) {
            if (!frames.isEmpty()) {
                frames.forEach(session::send);
                lastFrameMs = nowMs;
            }
        }

        Optional<Instant> lastFrameAt() {
            long at = lastFrameMs;
            return at == Long.MIN_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(at));
        }
    }

    /** What the sessions need of the gateway. */
    record Parts(
            KeyRing keys,
            FaceTokens tokens,
            MarketDataSupply supply,
            RawSupply raw,
            FeedTable feeds,
            NoticeTracker notices,
            NoticePrinter noticePrinter,
            FaceAccounts accounts,
            InstantSource clock,
            java.util.random.RandomGenerator random,
            FaceMeter meter,
            UnboundSessions unbound) {}

    FaceStreams(Parts parts) {
        this.keys = parts.keys();
        this.tokens = parts.tokens();
        this.supply = parts.supply();
        this.raw = parts.raw();
        this.feeds = parts.feeds();
        this.notices = parts.notices();
        this.noticePrinter = parts.noticePrinter();
        this.accounts = parts.accounts();
        this.clock = parts.clock();
        this.random = parts.random();
        this.meter = parts.meter();
        this.unbound = parts.unbound();
        raw.onRefused(this::refused);
    }

    /** Registers the meters of sockets and registrations. */
    void bindTo(Meters meters) {
        meters.gauge("face.sockets", "sockets", "WebSockets of the KIS-compatible port", sessions::size);
        meters.resource("face_sockets", sessions::size, SOCKETS_MAX);
        notices.bindTo(meters);
        meters.gauge(
                "face.registrations",
                "registrations",
                "Registrations of programs at the KIS-compatible port",
                this::registrations);
    }

    FaceMeter meter() {
        return meter;
    }

    int sockets() {
        return sessions.size();
    }

    /** Registrations of all sessions. */
    long registrations() {
        return noticeReceivers.values().stream().mapToLong(Set::size).sum()
                + receivers.values().stream().mapToLong(List::size).sum();
    }

    /** Registrations of all sessions that a demand of the pool serves. */
    int registrations(Demand demand) {
        var key = switch (demand) {
            case RawDemand raw -> new RealtimeKey(raw.feed(), raw.key());
            case SymbolDemand(Demand.Kind kind, MarketSymbol symbol) ->
                kind == Demand.Kind.BOOKS ? feeds.booksKey(symbol) : feeds.tradesKey(symbol);
        };
        // A status is of the gateway's own making; a program that registers one, or a venue's feed, has a raw demand.
        return demand.isOf(Demand.Kind.STATUS) || demand.venue().isPresent()
                ? 0
                : receivers.getOrDefault(key, List.of()).size();
    }

    /** The demand of the pool that serves a registration; empty for one that the gateway serves itself. */
    Optional<Demand> demand(RealtimeKey key) {
        return switch (feeds.feed(key)) {
            case Feed.OfSymbol(List<Channel> channels, MarketSymbol symbol) ->
                Optional.of(new SymbolDemand(
                        channels.contains(Channel.BOOKS) ? Demand.Kind.BOOKS : Demand.Kind.TRADES, symbol));
            case Feed.Raw(RawDemand demand) -> Optional.of(demand);
            case Feed.Notices _, Feed.UnknownTr(), Feed.UnknownKey() -> Optional.empty();
        };
    }

    /** The session of a key; empty when none is connected. */
    Optional<FaceSession.Connected> connected(String keyId) {
        return Optional.ofNullable(sessionsByKey.get(keyId)).map(FaceSession::connected);
    }

    /** When a session was last sent a frame of a registration; empty before the first. */
    Optional<Instant> lastFrameAt(RealtimeKey key, FaceSession session) {
        return receivers.getOrDefault(key, List.of()).stream()
                .filter(receiver -> receiver.session == session)
                .findFirst()
                .flatMap(Receiver::lastFrameAt);
    }

    @Override
    public OptionalInt refusal(String address) {
        if (sessions.size() < SOCKETS_MAX) {
            return OptionalInt.empty();
        }
        var replaced = unbound.removeOldest();
        replaced.ifPresent(FaceSession::drop);
        return replaced.isPresent() ? OptionalInt.empty() : OptionalInt.of(UNAVAILABLE);
    }

    @Override
    public AnyPathListener.Socket open(String address) {
        var session = new FaceSession(this, address, clock, random);
        sessions.add(session);
        unbound.add(session).ifPresent(FaceSession::drop);
        return session;
    }

    /** A valid key, and the app secret that its approval key was issued for. */
    record Approved(ApiKey key, String secretFingerprint) {}

    /** The valid key to which an approval key belongs. */
    Optional<Approved> approved(String approvalKey) {
        return tokens.approved(approvalKey, this::fingerprints)
                .flatMap(approval ->
                        keys.find(approval.keyId()).map(key -> new Approved(key, approval.secretFingerprint())));
    }

    /** Of the valid app secrets of a key; none unless it is valid. */
    private List<String> fingerprints(String keyId) {
        return keys.find(keyId)
                .map(key -> key.appSecretFingerprints(clock.instant()))
                .orElse(List.of());
    }

    /** Whether the session is now the only one of the key. */
    boolean bind(String keyId, FaceSession session) {
        boolean bound = sessionsByKey.putIfAbsent(keyId, session) == null;
        if (bound) {
            unbound.remove(session);
        }
        return bound;
    }

    void remove(FaceSession session) {
        sessions.remove(session);
        unbound.remove(session);
        session.keyId().ifPresent(id -> sessionsByKey.remove(id, session));
    }

    FaceAccounts accounts() {
        return accounts;
    }

    /** Whether the key may register once more now. */
    boolean mayRegister(String keyId) {
        return rates.take(keyId, clock.instant());
    }

    FeedTable feeds() {
        return feeds;
    }

    /** Obtains the data of a registration; {@link #deliver} follows once it was acknowledged. */
    RawAnswer acquire(Feed feed, String keyName) {
        return switch (feed) {
            case Feed.OfSymbol(List<Channel> channels, MarketSymbol symbol) -> {
                channels.forEach(channel -> supply.acquire(channel, symbol, Optional.of(keyName)));
                yield RawAnswer.REGISTERED;
            }
            case Feed.Raw(RawDemand demand) -> raw.acquire(demand, Optional.of(keyName));
            case Feed.Notices _ -> RawAnswer.REGISTERED;
            case Feed.UnknownTr(), Feed.UnknownKey() -> RawAnswer.REFUSED;
        };
    }

    /** Delivers the frames of a registration from now on. */
    void deliver(RealtimeKey key, Feed feed, FaceSession session) {
        if (feed instanceof Feed.Notices(Market market)) {
            noticeReceivers(market).add(session);
            return;
        }
        receivers.computeIfAbsent(key, _ -> new CopyOnWriteArrayList<>()).add(new Receiver(session));
        registeredTrs.merge(key.trId(), 1, Integer::sum);
    }

    /** Ends a registration that {@link #acquire} and {@link #deliver} began. */
    void release(RealtimeKey key, Feed feed, FaceSession session, String keyName) {
        if (feed instanceof Feed.Notices(Market market)) {
            noticeReceivers(market).remove(session);
            return;
        }
        receivers.computeIfPresent(key, (_, all) -> {
            all.removeIf(receiver -> receiver.session == session);
            return all.isEmpty() ? null : all;
        });
        registeredTrs.computeIfPresent(key.trId(), (_, count) -> count > 1 ? count - 1 : null);
        switch (feed) {
            case Feed.OfSymbol(List<Channel> channels, MarketSymbol symbol) ->
                channels.forEach(channel -> supply.release(channel, symbol, Optional.of(keyName)));
            case Feed.Raw(RawDemand demand) -> raw.release(demand, Optional.of(keyName));
            case Feed.Notices _, Feed.UnknownTr(), Feed.UnknownKey() -> {
                // nothing was obtained
            }
        }
    }

    /** KIS refused a registration after it was acknowledged here. */
    private void refused(RawDemand demand) {
        var key = new RealtimeKey(demand.feed(), demand.key());
        receivers.getOrDefault(key, List.of()).forEach(receiver -> receiver.session.withdraw(key));
    }

    /** A frame from KIS. */
    void frame(CharSequence frame) {
        if (receivers.isEmpty()) {
            return;
        }
        String trId = FrameRecords.trId(frame);
        var tr = registeredTrs.containsKey(trId) ? feeds.find(trId) : Optional.<RealtimeTr>empty();
        if (tr.isEmpty()) {
            return;
        }
        var records = FrameRecords.read(frame).records();
        if (isUnnamed(tr.get(), records)) {
            deliverUnnamed(tr.get(), records);
            return;
        }
        int first = 0;
        for (int i = 1; i <= records.size(); i++) {
            if (i == records.size()
                    || !records.get(i).key().equals(records.get(first).key())) {
                var part = records.subList(first, i);
                deliver(new RealtimeKey(trId, part.getFirst().key()), form -> frames(tr.get(), part, form));
                first = i;
            }
        }
    }

    /** Whether the records lack the column with their key, as those of the samples do. */
    private static boolean isUnnamed(RealtimeTr tr, List<FrameRecords.Record> records) {
        return tr.leading().isPresent()
                && !records.isEmpty()
                && records.getFirst().width() == tr.columns().size();
    }

    /** Records without their key can be assigned only while KIS has one registration of their TR. */
    private void deliverUnnamed(RealtimeTr tr, List<FrameRecords.Record> records) {
        // What KIS still pushes after a release counts, too.
        var registered = feeds.registered(tr.trId());
        if (registered.size() == 1) {
            deliver(registered.iterator().next(), form -> frames(tr, records, form));
        } else if (undelivered.add(tr.trId())) {
            LOG.warn(
                    "face_frames_not_delivered tr_id={} cause=\"they do not name their key, and several are registered\"",
                    tr.trId());
        }
    }

    /** Encodes once for each form in use. */
    private void deliver(RealtimeKey key, Function<FrameForm, List<String>> encode) {
        var all = receivers.getOrDefault(key, List.of());
        if (all.isEmpty()) {
            return;
        }
        var encoded = new HashMap<FrameForm, List<SocketOutbox.Encoded>>();
        long now = clock.millis();
        for (var receiver : all) {
            var frames = encoded.computeIfAbsent(
                    receiver.session.form(),
                    form -> encode.apply(form).stream()
                            .map(SocketOutbox.Encoded::of)
                            .toList());
            receiver.send(frames, now);
        }
    }

    private static List<String> frames(RealtimeTr tr, List<FrameRecords.Record> records, FrameForm form) {
        String trId = tr.trId();
        int width = form.layout().width(tr);
        if (form.records() == FaceRecords.SINGLE) {
            return records.stream()
                    .map(record -> "0|" + trId + "|001|" + record.first(width))
                    .toList();
        }
        var count = Integer.toString(1_000 + records.size()).substring(1);
        var text = new StringBuilder("0|" + trId + '|' + count + '|');
        for (int i = 0; i < records.size(); i++) {
            text.append(i == 0 ? "" : "^").append(records.get(i).first(width));
        }
        return List.of(text.toString());
    }

    /** A polled price, printed as a trade of no shares. Of a venue programs receive what KIS pushes, and nothing else. */
    void polled(LastTick last) {
        if (VenueSymbol.venueOf(last.trade().symbol()).isPresent()) {
            return;
        }
        var key = feeds.tradesKey(last.trade().symbol());
        deliver(key, form -> List.of(PolledFrames.price(key, last, form.layout())));
    }

    /** A polled book. */
    void polled(LastBook last) {
        if (VenueSymbol.venueOf(last.book().symbol()).isPresent()) {
            return;
        }
        var key = feeds.booksKey(last.book().symbol());
        deliver(key, form -> List.of(PolledFrames.book(key, last, form.layout())));
    }

    /** An order changed: the keys that may see it get its notices. */
    void orderChanged(Order order) {
        var market = order.terms().symbol().market();
        var sessionsOfMarket = noticeReceivers(market);
        var due = notices.of(order, !sessionsOfMarket.isEmpty());
        if (!due.isEmpty()) {
            feeds.noticeTr(market)
                    .ifPresent(trId -> sessionsOfMarket.forEach(session -> session.notices(order, due, trId)));
        }
    }

    /** An order of before the start: what happened to it is not reported. */
    void skipPast(Order order) {
        notices.skipPast(order);
    }

    private Set<FaceSession> noticeReceivers(Market market) {
        return noticeReceivers.getOrDefault(market, Set.of());
    }

    NoticePrinter noticePrinter() {
        return noticePrinter;
    }

    /** Sends keep-alives, and closes sessions that do not answer or whose key is no longer valid. */
    Duration check() {
        sessions.forEach(session -> session.check(clock.instant()));
        rates.clean(clock.instant());
        return Duration.ofSeconds(1);
    }

    /** Ends the sessions of a key that is no longer valid. */
    void disconnect(String keyName) {
        new ArrayList<>(sessions).forEach(session -> session.endIfOf(keyName));
    }

    void close() {
        sessions.forEach(FaceSession::drop);
    }

    /** Whether a session of the key, opened with that app secret, may go on. */
    boolean isValid(String keyId, String secretFingerprint) {
        return fingerprints(keyId).contains(secretFingerprint);
    }
}
