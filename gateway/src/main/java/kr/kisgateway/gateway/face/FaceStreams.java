package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.gateway.access.ApiKey;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.MarketDataSupply;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.print.BookRecord;
import kr.kisgateway.wire.print.FramePrinter;
import kr.kisgateway.wire.print.TapeRecord;

/**
 * The WebSockets of programs written for KIS. Each key has one session with registrations of its own; what they need together is
 * registered at KIS, or polled, by the pool. Frames that KIS pushes are passed on as they are; polled values are printed as
 * frames of the same shape.
 */
final class FaceStreams implements AnyPathListener.Sockets {
    static final String TRADES = "H0STCNT0";
    static final String BOOKS = "H0STASP0";
    static final String NOTICES = "H0STCNI0";
    static final String PAPER_NOTICES = "H0STCNI9";

    private static final int SOCKETS_MAX = 2_000;
    private static final int UNAVAILABLE = 503;

    private final KeyRing keys;
    private final FaceTokens tokens;
    private final MarketDataSupply supply;
    private final Predicate<Symbol> listed;
    private final NoticePrinter notices;
    private final boolean paper;
    private final String alias;
    private final InstantSource clock;
    private final java.util.random.RandomGenerator random;
    private final Set<FaceSession> sessions = ConcurrentHashMap.newKeySet();
    private final Map<String, FaceSession> sessionsByKey = new ConcurrentHashMap<>();
    private final Map<RealtimeKey, List<FaceSession>> receivers = new ConcurrentHashMap<>();
    /** A list of its own: each change of an order looks here, on the desk's thread. */
    private final Set<FaceSession> noticeReceivers = ConcurrentHashMap.newKeySet();

    /** What the sessions need of the gateway. */
    record Parts(
            KeyRing keys,
            FaceTokens tokens,
            MarketDataSupply supply,
            Predicate<Symbol> listed,
            NoticePrinter notices,
            boolean paper,
            String alias,
            InstantSource clock,
            java.util.random.RandomGenerator random) {}

    FaceStreams(Parts parts) {
        this.keys = parts.keys();
        this.tokens = parts.tokens();
        this.supply = parts.supply();
        this.listed = parts.listed();
        this.notices = parts.notices();
        this.paper = parts.paper();
        this.alias = parts.alias();
        this.clock = parts.clock();
        this.random = parts.random();
    }

    @Override
    public OptionalInt refusal(String address) {
        return sessions.size() >= SOCKETS_MAX ? OptionalInt.of(UNAVAILABLE) : OptionalInt.empty();
    }

    @Override
    public AnyPathListener.Socket open(String address) {
        var session = new FaceSession(this, address, clock, random);
        sessions.add(session);
        return session;
    }

    /** The valid key to which an approval key belongs. */
    Optional<ApiKey> approved(String approvalKey) {
        return tokens.approved(approvalKey)
                .flatMap(keys::find)
                .filter(key -> key.state(clock.instant()) == ApiKey.State.VALID)
                .filter(key -> key.face().isPresent());
    }

    /** Whether the session is now the only one of the key. */
    boolean bind(String keyId, FaceSession session) {
        return sessionsByKey.putIfAbsent(keyId, session) == null;
    }

    void remove(FaceSession session) {
        sessions.remove(session);
        session.keyId().ifPresent(id -> sessionsByKey.remove(id, session));
    }

    /** Whether the symbol is listed. */
    boolean isListed(Symbol symbol) {
        return listed.test(symbol);
    }

    /** The TR of execution notices in this environment. */
    String noticeTr() {
        return paper ? PAPER_NOTICES : NOTICES;
    }

    String alias() {
        return alias;
    }

    void subscribe(RealtimeKey key, FaceSession session, String keyName) {
        if (key.trId().equals(noticeTr())) {
            noticeReceivers.add(session);
            return;
        }
        receivers.computeIfAbsent(key, _ -> new CopyOnWriteArrayList<>()).add(session);
        symbol(key)
                .ifPresent(symbol ->
                        channels(key).forEach(channel -> supply.acquire(channel, symbol, Optional.of(keyName))));
    }

    void unsubscribe(RealtimeKey key, FaceSession session, String keyName) {
        if (key.trId().equals(noticeTr())) {
            noticeReceivers.remove(session);
            return;
        }
        receivers.computeIfPresent(key, (_, all) -> {
            all.remove(session);
            return all.isEmpty() ? null : all;
        });
        symbol(key)
                .ifPresent(symbol ->
                        channels(key).forEach(channel -> supply.release(channel, symbol, Optional.of(keyName))));
    }

    private static Optional<Symbol> symbol(RealtimeKey key) {
        return key.trId().equals(TRADES) || key.trId().equals(BOOKS) ? Symbol.parse(key.trKey()) : Optional.empty();
    }

    /** Trades need every tick; where KIS cannot push them, the newest price is polled. */
    private static List<Channel> channels(RealtimeKey key) {
        return key.trId().equals(TRADES) ? List.of(Channel.TRADES, Channel.QUOTES) : List.of(Channel.BOOKS);
    }

    /** A frame from KIS. */
    void frame(CharSequence frame) {
        if (receivers.isEmpty()) {
            return;
        }
        String trId = FrameRecords.trId(frame);
        if (!trId.equals(TRADES) && !trId.equals(BOOKS)) {
            return;
        }
        var records = FrameRecords.read(frame).records();
        int first = 0;
        for (int i = 1; i <= records.size(); i++) {
            if (i == records.size()
                    || !records.get(i).key().equals(records.get(first).key())) {
                var part = records.subList(first, i);
                deliver(new RealtimeKey(trId, part.getFirst().key()), layout -> frames(trId, part, layout));
                first = i;
            }
        }
    }

    /** Encodes once for each layout in use. */
    private void deliver(RealtimeKey key, Function<FrameLayout, List<String>> encode) {
        var all = receivers.getOrDefault(key, List.of());
        if (all.isEmpty()) {
            return;
        }
        var encoded = new EnumMap<FrameLayout, List<String>>(FrameLayout.class);
        for (var session : all) {
            encoded.computeIfAbsent(session.layout(), encode).forEach(session::send);
        }
    }

    private static List<String> frames(String trId, List<FrameRecords.Record> records, FrameLayout layout) {
        int width = layout.width(trId);
        if (layout.isSingle()) {
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

    /** A polled price, printed as a trade of no shares. */
    void polled(LastTick last) {
        if (last.trade().symbol() instanceof Symbol symbol) {
            deliver(
                    new RealtimeKey(TRADES, symbol.code()),
                    layout -> List.of(new FramePrinter(layout.printed()).trades(List.of(record(last)))));
        }
    }

    /** A polled book. */
    void polled(LastBook last) {
        if (last.book().symbol() instanceof Symbol symbol) {
            deliver(
                    new RealtimeKey(BOOKS, symbol.code()),
                    layout -> List.of(new FramePrinter(layout.printed())
                            .books(List.of(BookRecord.continuous(last.book(), 0, 0, 0)))));
        }
    }

    private static TapeRecord record(LastTick last) {
        long change = last.trade().change();
        char sign = change > 0 ? '2' : change < 0 ? '5' : '3';
        return new TapeRecord(last.trade(), sign, 0, 0, 0, 0, 0, 0, 0, "20", false, 0, 0, 0, 0, 0, 0, 0, '0', 0, '2');
    }

    /** An order changed: the keys that may see it get its notices. */
    void orderChanged(Order order) {
        var due = notices.of(order, !noticeReceivers.isEmpty());
        if (!due.isEmpty()) {
            noticeReceivers.forEach(session -> session.notices(order, due, noticeTr()));
        }
    }

    /** Sends keep-alives, and closes sessions that do not answer or whose key is no longer valid. */
    Duration check() {
        sessions.forEach(session -> session.check(clock.instant()));
        return Duration.ofSeconds(1);
    }

    /** Ends the sessions of a key that is no longer valid. */
    void disconnect(String keyName) {
        new ArrayList<>(sessions).forEach(session -> session.endIfOf(keyName));
    }

    void close() {
        sessions.forEach(FaceSession::drop);
    }

    boolean isValid(String keyId) {
        return keys.find(keyId)
                .filter(key -> key.state(clock.instant()) == ApiKey.State.VALID)
                .isPresent();
    }
}
