package kr.kisgateway.gateway.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.SocketConnection;
import kr.kisgateway.gateway.http.SocketHandler.SocketListener;
import kr.kisgateway.gateway.quote.VenueParameter;
import kr.kisgateway.gateway.stream.Frame.AccountMessage;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.VenueSymbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connected client: its subscriptions, its mailbox, and the thread that writes to it. */
final class StreamClient implements SocketListener, StreamMemory.Holder {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.stream");
    private static final Set<String> FIELDS = Set.of("op", "id", "channels", "symbols", VenueParameter.NAME);
    private static final Set<String> RESUME_FIELDS = Set.of("op", "id", "account_id", "from_seq");
    private static final int SLOW_CONSUMER = 4008;
    private static final int FLOODED = 4008;

    private record Key(Channel channel, MarketSymbol symbol) {}

    private record Cursor(Channel channel, String accountId) {}

    private record DeferredMessage(Channel channel, AccountMessage message) {}

    private final StreamHub hub;
    private final StreamSettings.Client settings;
    private final Caller caller;
    private final StreamConnection connection;
    private final Mailbox mailbox;
    private final RequestRateLimiter rate;
    private final CountDownLatch closedLatch = new CountDownLatch(1);

    /** Guards the fields below: requests come one after the other, closing and order events from any thread. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Key, Subscription> subscriptions = new HashMap<>();
    private final Map<Channel, Subscription> globalSubscriptions = new EnumMap<>(Channel.class);
    private final Set<Channel> accountChannels = EnumSet.noneOf(Channel.class);
    /** First cursor sent live; a replay ends before it. One entry per account and channel. */
    private final Map<Cursor, Long> liveFrom = new HashMap<>();
    /** Cursor at which the last replay ends. */
    private final Map<Cursor, Long> replayedUntil = new HashMap<>();
    /** Order events received while the snapshot or replay is loaded; they follow it. */
    private final List<DeferredMessage> deferred = new ArrayList<>();

    private long deferredBytes;
    private boolean deferring;
    private boolean closed;

    StreamClient(StreamHub hub, StreamSettings.Client settings, Caller caller, StreamConnection connection) {
        this.hub = hub;
        this.settings = settings;
        this.caller = caller;
        this.connection = connection;
        this.mailbox = new Mailbox(settings, hub.counters(), hub.memory());
        this.rate = new RequestRateLimiter(hub.clock(), settings.requestsPerSecond());
        mailbox.offerAlways(StreamJson.hello(hub.epoch()));
    }

    void start(long number) {
        Thread.ofVirtual().name("stream-" + number).start(this::write);
    }

    /** The writer: joins queued messages, writes them and waits until the connection has taken them. Ends with the client. */
    void write() {
        while (mailbox.take(connection.frame())) {
            hub.counters().frames.increment();
            if (!connection.flush(settings.writeLimit())) {
                if (closedLatch.getCount() > 0) {
                    hub.counters().writeTimeouts.increment();
                    // The client disconnected; clients that stop reading are logged where they are closed.
                    LOG.info("stream_write_failed waiting={}", mailbox.size());
                }
                closed();
                connection.abort();
                return;
            }
            mailbox.delivered();
        }
        if (mailbox.isOverflowed()) {
            LOG.warn("stream_slow_consumer_closed");
            closed();
            connection.close(SLOW_CONSUMER, "SLOW_CONSUMER");
            abortUnlessClosed();
        }
    }

    /** A peer that does not read does not read the close either. */
    private void abortUnlessClosed() {
        try {
            if (!closedLatch.await(settings.writeLimit().toMillis(), TimeUnit.MILLISECONDS)) {
                connection.abort();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.abort();
        }
    }

    @Override
    public void text(String message) {
        if (closedLatch.getCount() == 0) {
            return; // sent after the close
        }
        var id = Optional.<String>empty();
        try {
            if (!rate.tryAcquire(message.length())) {
                hub.counters().requestsRefused.increment();
                if (rate.isFlooded()) {
                    LOG.warn("stream_flooded key={}", caller.name());
                    terminate(FLOODED, SocketConnection.TOO_MANY_REQUESTS);
                    return;
                }
                throw new RefusedException(Refusal.of(
                                ErrorCode.QUOTA_EXCEEDED,
                                "A connection may send " + settings.requestsPerSecond()
                                        + " requests a second; this one was ignored.")
                        .retryAfter(Duration.ofSeconds(1)));
            }
            var body = RequestBody.parse(message.getBytes(StandardCharsets.UTF_8));
            id = body.optionalText("id");
            switch (body.text("op")) {
                case "subscribe" -> subscribe(body.requireOnly(FIELDS), id);
                case "unsubscribe" -> unsubscribe(body.requireOnly(FIELDS), id);
                case "resume" -> {
                    body.requireOnly(RESUME_FIELDS);
                    resume(body.text("account_id"), body.wholeNumber("from_seq"), id);
                }
                case String other ->
                    throw RequestBody.notOneOf("op", other, List.of("subscribe", "unsubscribe", "resume"));
            }
        } catch (RefusedException refused) {
            mailbox.offerAlways(StreamJson.error(id, refused.refusal(), hub.newTraceId()));
        }
    }

    @Override
    public void vanished() {
        hub.counters().vanished.increment();
    }

    @Override
    public void closed() {
        closedLatch.countDown();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            hub.quota().release(caller, subscriptions.size());
            subscriptions.forEach((key, subscription) -> drop(key, subscription));
            subscriptions.clear();
            globalSubscriptions.values().forEach(hub::remove);
            globalSubscriptions.clear();
            accountChannels.clear();
            deferred.clear();
        } finally {
            lock.unlock();
        }
        mailbox.close();
        hub.removeClient(this);
    }

    @Override
    public long pendingBytes() {
        return mailbox.pendingBytes();
    }

    @Override
    public boolean isStalledSince(long millis) {
        return mailbox.isStalledSince(millis);
    }

    @Override
    public void evict(boolean stalled) {
        LOG.warn(
                "stream_memory_full waiting={} stalled={} total={}",
                mailbox.pendingBytes(),
                stalled,
                hub.memory().retainedBytes());
        mailbox.evict();
        if (stalled) {
            // On a thread of its own: the evicting thread may hold the lock of a topic, and closing takes others.
            Thread.ofVirtual().name("stream-eviction").start(() -> {
                closed();
                connection.abort();
            });
        }
    }

    /** Messages that wait for this client. */
    int waiting() {
        return mailbox.size();
    }

    boolean belongsTo(String name) {
        return caller.name().equals(name);
    }

    boolean usesSecret(String name, String secretMark) {
        return belongsTo(name) && caller.secretFingerprint().equals(secretMark);
    }

    /** Sends nothing more, and closes. */
    void terminate(int code, String reason) {
        closed();
        connection.close(code, reason);
    }

    /** Closes with a reason; the connection's close event does the rest. */
    void disconnect(int code, String reason) {
        connection.close(code, reason);
    }

    /** Sends a heartbeat from time to time, so that an idle client can verify the connection. */
    void offerHeartbeat() {
        if (connection.needsHeartbeats()) {
            mailbox.offerHeartbeat();
        }
    }

    /** Whether it subscribes to order changes, or fills. */
    boolean isSubscribedTo(Channel channel) {
        lock.lock();
        try {
            return accountChannels.contains(channel);
        } finally {
            lock.unlock();
        }
    }

    /** A live order change or fill. */
    void onAccountMessage(Channel channel, AccountMessage message) {
        if (!mayReceive(message)) {
            return;
        }
        lock.lock();
        try {
            if (!accountChannels.contains(channel)) {
                return;
            }
            if (!deferring) {
                sendLive(channel, message);
                return;
            }
            deferredBytes += message.json().length;
            if (deferred.size() >= settings.mailboxMax() || deferredBytes > settings.mailboxBytesMax()) {
                mailbox.overflowed();
            } else {
                deferred.add(new DeferredMessage(channel, message));
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean mayReceive(AccountMessage message) {
        return caller.mayUseAccount(message.accountId())
                && caller.mayReadSymbol(message.symbol())
                && caller.mayManageOrdersOf(message.principal());
    }

    private void sendLive(Channel channel, AccountMessage message) {
        var cursor = new Cursor(channel, message.accountId());
        // The journal has an event a moment before it is published.
        if (message.seq() < replayedUntil.getOrDefault(cursor, 0L)) {
            return;
        }
        liveFrom.putIfAbsent(cursor, message.seq());
        mailbox.offerAlways(message);
    }

    private void subscribe(RequestBody body, Optional<String> id) {
        var channels = channels(body.texts("channels", Channel.values().length));
        subscribe(channels, symbols(body, channels), id);
    }

    /** As a JSON subscribe request, from query parameters. */
    void subscribe(List<String> channelNames, List<String> codes, Optional<String> venue) {
        if (codes.size() > settings.symbolsMax()) {
            throw RequestBody.invalid("symbols", "has more than " + settings.symbolsMax() + " entries");
        }
        var channels = channels(channelNames);
        subscribe(channels, symbols(codes, venue, channels), Optional.empty());
    }

    private void subscribe(Set<Channel> channels, Set<MarketSymbol> symbols, Optional<String> id) {
        var snapshotOrders = false;
        // Before the lock: this blocks on the journal.
        var cursors = channels.stream().anyMatch(Channel::isPerAccount) ? cursors() : Map.<String, Long>of();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            var newKeys = newKeys(channels, symbols);
            hub.quota().acquire(caller, newKeys.size());
            var polled = acquire(newKeys);
            mailbox.offerAlways(
                    StreamJson.ack(id, polled, polled.size() < newKeys.size() || newKeys.isEmpty(), cursors));
            for (var key : newKeys) {
                var subscription = new Subscription(key.channel(), Optional.of(key.symbol()), mailbox);
                subscriptions.put(key, subscription);
                hub.add(subscription);
            }
            for (var channel : channels) {
                if (channel.isPerSymbol()) {
                    continue;
                }
                if (channel.isPerAccount()) {
                    snapshotOrders |= accountChannels.add(channel) && channel == Channel.ORDERS;
                } else if (!globalSubscriptions.containsKey(channel)) {
                    var subscription = new Subscription(channel, Optional.empty(), mailbox);
                    globalSubscriptions.put(channel, subscription);
                    hub.add(subscription);
                }
            }
            deferring |= snapshotOrders;
        } finally {
            lock.unlock();
        }
        if (snapshotOrders) {
            snapshotOrders();
        }
    }

    private Map<String, Long> cursorOf(String accountId) {
        return Optional.ofNullable(hub.replay().cursors().get(accountId))
                .map(cursor -> Map.of(accountId, cursor))
                .orElse(Map.of());
    }

    /** Cursors of the accounts that the caller may use. */
    private Map<String, Long> cursors() {
        return hub.replay().cursors().entrySet().stream()
                .filter(entry -> caller.mayUseAccount(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Not under the lock: loading may wait for the order desk, which may be about to publish an event here. */
    private void snapshotOrders() {
        var openOrders = List.<AccountMessage>of();
        try {
            openOrders = hub.openOrders();
        } finally {
            lock.lock();
            try {
                openOrders.stream().filter(this::mayReceive).forEach(mailbox::offerAlways);
                flushDeferred();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Resumes without a request of the client; errors are sent in the stream. */
    void resumeOrReport(String accountId, long from) {
        try {
            resume(accountId, from, Optional.empty());
        } catch (RefusedException refused) {
            var error = StreamJson.error(Optional.empty(), refused.refusal(), hub.newTraceId());
            if (refused.refusal().code() == ErrorCode.CURSOR_UNKNOWN) {
                mailbox.offerAlways(new AccountMessage(
                        accountId, "", "", AccountMessage.CURSOR_UNKNOWN, error, Frame.Origin.REPLAY_END));
            } else {
                mailbox.offerAlways(error);
            }
        }
    }

    /**
     * Replays the journal's events of the account from {@code from} on, of the subscribed channels. Live events received
     * meanwhile are deferred and follow, without those replayed; events sent live before are not repeated.
     */
    void resume(String accountId, long from, Optional<String> id) {
        require(Channel.ORDERS);
        caller.requireAccount(accountId);
        hub.requireAccount(accountId);
        if (from < 0) {
            throw RequestBody.invalid("from_seq", "must not be negative");
        }
        var ends = new EnumMap<Channel, Long>(Channel.class);
        lock.lock();
        try {
            if (closed) {
                return;
            }
            for (var channel : accountChannels) {
                ends.put(channel, liveFrom.getOrDefault(new Cursor(channel, accountId), Long.MAX_VALUE));
            }
            if (ends.isEmpty()) {
                throw RequestBody.invalid("op", "resume needs a subscription to orders or executions before it");
            }
            deferring = true;
        } finally {
            lock.unlock();
        }
        // First cursor not replayed; when none was replayed, no deferred event is left out.
        var replayed = new AtomicLong();
        try {
            replay(accountId, from, ends, id, replayed);
        } finally {
            var until = replayed.get();
            lock.lock();
            try {
                ends.forEach((channel, end) -> {
                    if (end == Long.MAX_VALUE) {
                        replayedUntil.put(new Cursor(channel, accountId), until);
                    }
                });
                flushDeferred();
            } finally {
                lock.unlock();
            }
        }
    }

    private void replay(String accountId, long from, Map<Channel, Long> ends, Optional<String> id, AtomicLong until) {
        var page = hub.replay().readPage(accountId, from, true);
        mailbox.offerAlways(StreamJson.ack(id, List.of(), true, cursorOf(accountId)));
        while (true) {
            for (var replayed : page.events()) {
                var message = replayed.toMessage(accountId).withOrigin(Frame.Origin.REPLAY);
                if (replayed.seq() < ends.getOrDefault(replayed.channel(), 0L) && mayReceive(message)) {
                    mailbox.offerAlways(message);
                    hub.counters().replayed.increment();
                }
            }
            var next = page.next();
            until.set(next);
            if (page.last() || ends.values().stream().allMatch(end -> end <= next)) {
                var live = ends.values().stream().mapToLong(end -> end).min().orElse(next);
                var to = Math.min(next, live) - 1;
                mailbox.offerAlways(new AccountMessage(
                        accountId, "", "", to, StreamJson.resumed(id, accountId, to), Frame.Origin.REPLAY_END));
                return;
            }
            if (!mailbox.awaitSpace()) {
                return;
            }
            page = hub.replay().readPage(accountId, next, false);
        }
    }

    /** Under the lock: queues the deferred events. */
    private void flushDeferred() {
        deferred.forEach(each -> sendLive(each.channel(), each.message()));
        deferred.clear();
        deferredBytes = 0;
        deferring = false;
    }

    private void unsubscribe(RequestBody body, Optional<String> id) {
        var channels = channels(body.texts("channels", Channel.values().length));
        var symbols = symbols(body, channels);
        lock.lock();
        try {
            for (var channel : channels) {
                if (channel.isPerSymbol()) {
                    for (var symbol : symbols) {
                        var key = new Key(channel, symbol);
                        var subscription = subscriptions.remove(key);
                        if (subscription != null) {
                            hub.quota().release(caller, 1);
                            drop(key, subscription);
                        }
                    }
                } else if (channel.isPerAccount()) {
                    accountChannels.remove(channel);
                    liveFrom.keySet().removeIf(cursor -> cursor.channel() == channel);
                    replayedUntil.keySet().removeIf(cursor -> cursor.channel() == channel);
                } else {
                    Optional.ofNullable(globalSubscriptions.remove(channel)).ifPresent(hub::remove);
                }
            }
        } finally {
            lock.unlock();
        }
        mailbox.offerAlways(StreamJson.ack(id));
    }

    private List<Key> newKeys(Set<Channel> channels, Set<MarketSymbol> symbols) {
        var newKeys = new ArrayList<Key>();
        var all = new LinkedHashSet<>(symbols);
        for (var channel : channels) {
            for (var symbol : symbols) {
                var key = new Key(channel, symbol);
                if (channel.isPerSymbol() && !subscriptions.containsKey(key)) {
                    newKeys.add(key);
                }
            }
        }
        subscriptions.keySet().forEach(key -> all.add(key.symbol()));
        if (all.size() > settings.symbolsMax()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.QUOTA_EXCEEDED, "A connection may subscribe to " + settings.symbolsMax() + " symbols."));
        }
        return newKeys;
    }

    /** Those of {@code keys} that are polled because KIS has no slot for them. */
    private List<StreamJson.Polled> acquire(List<Key> keys) {
        var polled = new ArrayList<StreamJson.Polled>();
        for (var key : keys) {
            if (hub.acquire(key.channel(), key.symbol(), caller) instanceof DeliveryMode.Poll(long intervalMs)) {
                polled.add(new StreamJson.Polled(key.channel(), key.symbol(), intervalMs));
            }
        }
        return polled;
    }

    private void drop(Key key, Subscription subscription) {
        hub.remove(subscription);
        hub.release(key.channel(), key.symbol(), caller);
    }

    private void require(Channel channel) {
        if (!caller.role().covers(channel.role())) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.FORBIDDEN,
                            "Your key lacks the role for this channel; it needs "
                                    + channel.role().wireName() + ".")
                    .with("channel", channel.wireName()));
        }
        if (channel == Channel.ALERTS) {
            caller.requireUnrestricted("Alerts are about");
        }
    }

    private Set<Channel> channels(List<String> names) {
        if (names.isEmpty()) {
            throw RequestBody.missing("channels");
        }
        var channels = EnumSet.noneOf(Channel.class);
        for (var name : names) {
            channels.add(Channel.of(name)
                    .orElseThrow(() -> new RefusedException(Refusal.of(
                                    ErrorCode.INVALID_FIELD,
                                    "There is no channel \"" + truncated(name) + "\"; there are "
                                            + String.join(", ", Channel.wireNames()))
                            .with("field", "channels")
                            .suggesting(name, Channel.wireNames()))));
        }
        channels.forEach(this::require);
        return channels;
    }

    private static String truncated(String text) {
        return text.length() > 40 ? text.substring(0, 40) : text;
    }

    private Set<MarketSymbol> symbols(RequestBody body, Set<Channel> channels) {
        return symbols(body.texts("symbols", settings.symbolsMax()), body.optionalText(VenueParameter.NAME), channels);
    }

    private Set<MarketSymbol> symbols(List<String> texts, Optional<String> venue, Set<Channel> channels) {
        var symbols = new LinkedHashSet<MarketSymbol>();
        for (var text : texts) {
            caller.requireSymbol(text);
            symbols.add(hub.symbol(text, venue).orElseThrow());
        }
        if (symbols.stream().anyMatch(symbol -> VenueSymbol.venueOf(symbol).isPresent())
                && channels.stream().anyMatch(channel -> channel.period().isPresent())) {
            throw RequestBody.invalid(
                    VenueParameter.NAME, "is for quotes, trades and books; bars are made of the main prices alone");
        }
        if (symbols.isEmpty() && channels.stream().anyMatch(Channel::isPerSymbol)) {
            throw RequestBody.missing("symbols");
        }
        return symbols;
    }
}
