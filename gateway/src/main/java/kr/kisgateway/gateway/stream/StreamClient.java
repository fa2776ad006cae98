package kr.kisgateway.gateway.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.SocketConnection;
import kr.kisgateway.gateway.http.SocketHandler.SocketListener;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connected client: what it asked for, its mailbox, and the thread that writes to it. */
final class StreamClient implements SocketListener {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.stream");
    private static final Set<String> FIELDS = Set.of("op", "id", "channels", "symbols");
    private static final int SLOW_CONSUMER = 4008;

    private record Key(Channel channel, Symbol symbol) {}

    private final StreamHub hub;
    private final StreamSettings settings;
    private final SocketConnection connection;
    private final Mailbox mailbox;
    private final CountDownLatch gone = new CountDownLatch(1);

    /** Guards what follows: subscribing happens on the socket's thread, closing on any. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Key, Subscription> subscriptions = new HashMap<>();
    private final Set<Channel> accountChannels = EnumSet.noneOf(Channel.class);
    /** Orders that came while the snapshot was being gathered; they follow it. */
    private final List<byte[]> heldOrders = new ArrayList<>();

    private boolean holdsOrders;
    private boolean closed;

    StreamClient(StreamHub hub, StreamSettings settings, SocketConnection connection, StreamCounters counters) {
        this.hub = hub;
        this.settings = settings;
        this.connection = connection;
        this.mailbox = new Mailbox(settings, counters);
    }

    void start(long number) {
        mailbox.offerAlways(StreamJson.hello(hub.epoch()));
        Thread.ofVirtual().name("stream-" + number).start(this::write);
    }

    /** The writer: joins what has piled up, hands it to the socket, waits until that took it. */
    private void write() {
        for (var text = mailbox.take(); text != null; text = mailbox.take()) {
            hub.counters().frames.increment();
            if (!connection.send(text, settings.writeLimit())) {
                if (gone.getCount() > 0) {
                    hub.counters().writeTimeouts.increment();
                    LOG.warn("stream_write_failed waiting={}", mailbox.size());
                }
                closed();
                connection.abort();
                return;
            }
        }
        if (mailbox.isOverflowed()) {
            LOG.warn("stream_slow_consumer_closed");
            closed();
            connection.close(SLOW_CONSUMER, "SLOW_CONSUMER");
            abortUnlessGone();
        }
    }

    /** A peer that does not read does not read the close either. */
    private void abortUnlessGone() {
        try {
            if (!gone.await(settings.writeLimit().toMillis(), TimeUnit.MILLISECONDS)) {
                connection.abort();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.abort();
        }
    }

    @Override
    public void text(String message) {
        var id = Optional.<String>empty();
        try {
            var body = RequestBody.parse(message.getBytes(StandardCharsets.UTF_8));
            id = body.optionalText("id");
            body.only(FIELDS);
            switch (body.text("op")) {
                case "subscribe" -> subscribe(body, id);
                case "unsubscribe" -> unsubscribe(body, id);
                default -> throw RequestBody.invalid("op", "must be subscribe or unsubscribe");
            }
        } catch (RefusedException refused) {
            mailbox.offerAlways(StreamJson.error(id, refused.refusal(), hub.newTraceId()));
        }
    }

    @Override
    public void closed() {
        gone.countDown();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            subscriptions.forEach((key, subscription) -> drop(subscription));
            subscriptions.clear();
            accountChannels.clear();
        } finally {
            lock.unlock();
        }
        mailbox.close();
        hub.left(this);
    }

    /** Says goodbye; the socket's close event does the rest. */
    void disconnect(int code, String reason) {
        connection.close(code, reason);
    }

    /** Whether it wants changes of orders, or fills. */
    boolean hears(Channel channel) {
        lock.lock();
        try {
            return accountChannels.contains(channel);
        } finally {
            lock.unlock();
        }
    }

    /** A change of an order, or a fill. */
    void account(Channel channel, byte[] message) {
        lock.lock();
        try {
            if (!accountChannels.contains(channel)) {
                return;
            }
            if (channel == Channel.ORDERS && holdsOrders && heldOrders.size() < settings.mailboxMax()) {
                heldOrders.add(message);
                return;
            }
            mailbox.offerAlways(message);
        } finally {
            lock.unlock();
        }
    }

    private void subscribe(RequestBody body, Optional<String> id) {
        var channels = channels(body);
        var symbols = symbols(body, channels);
        var snapshotOrders = false;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            var fresh = fresh(channels, symbols);
            var polled = acquire(fresh);
            mailbox.offerAlways(StreamJson.ack(id, polled, polled.size() < fresh.size() || fresh.isEmpty()));
            for (var key : fresh) {
                var subscription = new Subscription(key.channel(), key.symbol(), mailbox);
                subscriptions.put(key, subscription);
                hub.add(subscription);
            }
            if (channels.contains(Channel.ORDERS) && accountChannels.add(Channel.ORDERS)) {
                holdsOrders = true;
                snapshotOrders = true;
            }
            if (channels.contains(Channel.EXECUTIONS)) {
                accountChannels.add(Channel.EXECUTIONS);
            }
        } finally {
            lock.unlock();
        }
        if (snapshotOrders) {
            snapshotOrders();
        }
    }

    /** Not under the lock: gathering may have to wait for the order side, which may be about to tell us something. */
    private void snapshotOrders() {
        var open = List.<byte[]>of();
        try {
            open = hub.openOrders();
        } finally {
            lock.lock();
            try {
                open.forEach(mailbox::offerAlways);
                heldOrders.forEach(mailbox::offerAlways);
                heldOrders.clear();
                holdsOrders = false;
            } finally {
                lock.unlock();
            }
        }
    }

    private void unsubscribe(RequestBody body, Optional<String> id) {
        var channels = channels(body);
        var symbols = symbols(body, channels);
        lock.lock();
        try {
            for (var channel : channels) {
                if (channel.isPerSymbol()) {
                    for (var symbol : symbols) {
                        var subscription = subscriptions.remove(new Key(channel, symbol));
                        if (subscription != null) {
                            drop(subscription);
                        }
                    }
                } else {
                    accountChannels.remove(channel);
                }
            }
        } finally {
            lock.unlock();
        }
        mailbox.offerAlways(StreamJson.ack(id));
    }

    private List<Key> fresh(Set<Channel> channels, Set<Symbol> symbols) {
        var fresh = new ArrayList<Key>();
        var all = new LinkedHashSet<>(symbols);
        for (var channel : channels) {
            for (var symbol : symbols) {
                var key = new Key(channel, symbol);
                if (channel.isPerSymbol() && !subscriptions.containsKey(key)) {
                    fresh.add(key);
                }
            }
        }
        subscriptions.keySet().forEach(key -> all.add(key.symbol()));
        if (all.size() > settings.symbolsMax()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.QUOTA_EXCEEDED, "A connection may listen to " + settings.symbolsMax() + " symbols."));
        }
        return fresh;
    }

    /** What of {@code keys} is polled, because KIS has no room for it. */
    private List<StreamJson.Polled> acquire(List<Key> keys) {
        var polled = new ArrayList<StreamJson.Polled>();
        for (var key : keys) {
            if (hub.acquire(key.channel(), key.symbol()) instanceof Served.Poll(long intervalMs)) {
                polled.add(new StreamJson.Polled(key.channel(), key.symbol(), intervalMs));
            }
        }
        return polled;
    }

    private void drop(Subscription subscription) {
        hub.remove(subscription);
        hub.release(subscription.channel, subscription.symbol);
    }

    private static Set<Channel> channels(RequestBody body) {
        var words = body.texts("channels", Channel.values().length);
        if (words.isEmpty()) {
            throw RequestBody.missing("channels");
        }
        var channels = EnumSet.noneOf(Channel.class);
        for (var word : words) {
            channels.add(Channel.of(word)
                    .orElseThrow(() -> new RefusedException(Refusal.of(
                                    ErrorCode.INVALID_FIELD,
                                    "There is no channel \"" + (word.length() > 40 ? word.substring(0, 40) : word)
                                            + "\"; there are quotes, trades, books, orders, executions.")
                            .with("field", "channels"))));
        }
        return channels;
    }

    private Set<Symbol> symbols(RequestBody body, Set<Channel> channels) {
        var symbols = new LinkedHashSet<Symbol>();
        for (var text : body.texts("symbols", settings.symbolsMax())) {
            var symbol = Symbol.parse(text)
                    .orElseThrow(() -> new RefusedException(Refusal.of(
                                    ErrorCode.INVALID_SYMBOL,
                                    "A symbol is six characters of 0-9 and A-Z, or Q and six digits.")
                            .with("symbol", text.length() > 40 ? text.substring(0, 40) : text)));
            if (!hub.isListed(symbol)) {
                throw new RefusedException(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "No market lists " + symbol + ".")
                        .with("symbol", symbol.code()));
            }
            symbols.add(symbol);
        }
        if (symbols.isEmpty() && channels.stream().anyMatch(Channel::isPerSymbol)) {
            throw RequestBody.missing("symbols");
        }
        return symbols;
    }
}
