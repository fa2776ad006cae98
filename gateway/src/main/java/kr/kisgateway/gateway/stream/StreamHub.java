package kr.kisgateway.gateway.stream;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.http.SocketConnection;
import kr.kisgateway.gateway.http.SocketHandler;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;

/**
 * {@code /v1/stream}: takes ticks from the feed and changes from the order side, and offers them to whoever asked.
 * Nothing here waits for a client.
 */
public final class StreamHub implements SocketHandler, AutoCloseable {
    private static final String SUBPROTOCOL = "kis-gateway.v1";
    private static final int GOING_AWAY = 1001;

    private final StreamSettings settings;
    private final Supply supply;
    private final QuoteStore store;
    private final Predicate<Symbol> listed;
    private final OpenOrders openOrders;
    private final Supplier<String> traceIds;
    private final InstantSource clock;
    private final long epoch;
    private final StreamCounters counters = new StreamCounters();
    private final AtomicLong numbers = new AtomicLong();
    private final Set<StreamClient> clients = ConcurrentHashMap.newKeySet();
    // Topics stay once made, so that a sequence never starts again; the listing bounds them.
    private final ConcurrentHashMap<Symbol, Topic<LastTick>> quotes = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Symbol, Topic<LastTick>> trades = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Symbol, Topic<TimedBook>> books = new ConcurrentHashMap<>();

    /**
     * @param supply gets from KIS what somebody listens to
     * @param store where the first snapshot of a symbol comes from
     * @param listed what may be asked for
     * @param traceIds a new trace id for an error message
     */
    public StreamHub(
            StreamSettings settings,
            Supply supply,
            QuoteStore store,
            Predicate<Symbol> listed,
            OpenOrders openOrders,
            Supplier<String> traceIds,
            InstantSource clock) {
        this.settings = settings;
        this.supply = supply;
        this.store = store;
        this.listed = listed;
        this.openOrders = openOrders;
        this.traceIds = traceIds;
        this.clock = clock;
        this.epoch = clock.millis();
    }

    public void register(RouteTable table) {
        table.socket(Role.QUOTE, "/v1/stream", this);
    }

    /** A trade came; {@code last} is what the store now knows. */
    public void trade(LastTick last) {
        var symbol = last.trade().symbol();
        var tape = trades.get(symbol);
        if (tape != null) {
            tape.publish(last);
        }
        var quote = quotes.get(symbol);
        if (quote != null) {
            quote.publish(last);
        }
    }

    public void book(OrderBook book) {
        var topic = books.get(book.symbol());
        if (topic != null) {
            topic.publish(new TimedBook(book, clock.millis()));
        }
    }

    /** Trades of {@code symbol} were lost upstream. */
    public void gap(Symbol symbol, String cause) {
        var tape = trades.get(symbol);
        if (tape != null) {
            tape.gap(cause);
        }
    }

    /** A price came by polling; it is no trade, and the tape has nothing of it. */
    public void polled(LastTick last) {
        var quote = quotes.get(last.trade().symbol());
        if (quote != null) {
            quote.publish(last);
        }
    }

    /** From now on {@code channel} of {@code symbol} comes another way; all who listen are told. */
    public void served(Channel channel, Symbol symbol, Served served) {
        known(channel, symbol).ifPresent(topic -> topic.tell(StreamJson.mode(channel, symbol, served)));
    }

    /**
     * An order changed.
     *
     * @param seq journal cursor of {@code accountId}: increasing, not dense
     * @param json writes the order as one JSON object; not asked while nobody listens, because the order desk waits
     */
    public void order(String accountId, String symbol, long seq, Supplier<String> json) {
        tell(Channel.ORDERS, accountId, symbol, seq, json);
    }

    /** A fill or its correction; parameters as {@link #order}. */
    public void execution(String accountId, String symbol, long seq, Supplier<String> json) {
        tell(Channel.EXECUTIONS, accountId, symbol, seq, json);
    }

    private void tell(Channel channel, String accountId, String symbol, long seq, Supplier<String> json) {
        if (clients.stream().noneMatch(client -> client.hears(channel))) {
            return;
        }
        var message = StreamJson.account(channel, accountId, symbol, seq, false, json.get());
        clients.forEach(client -> client.account(channel, message));
    }

    @Override
    public Optional<Refusal> refuses(Caller caller) {
        if (clients.size() < settings.clientsMax()) {
            return Optional.empty();
        }
        counters.clientsRefused.increment();
        return Optional.of(Refusal.of(
                ErrorCode.QUOTA_EXCEEDED, "The stream has " + settings.clientsMax() + " clients already; try later."));
    }

    @Override
    public String subprotocol() {
        return SUBPROTOCOL;
    }

    @Override
    public SocketListener opened(SocketConnection connection, Caller caller) {
        var client = new StreamClient(this, settings, connection, counters);
        clients.add(client);
        counters.clients.incrementAndGet();
        client.start(numbers.incrementAndGet());
        return client;
    }

    public StreamCounters counters() {
        return counters;
    }

    /** Says goodbye to every client. */
    @Override
    public void close() {
        clients.forEach(client -> client.disconnect(GOING_AWAY, "the gateway stops"));
    }

    long epoch() {
        return epoch;
    }

    String newTraceId() {
        return traceIds.get();
    }

    boolean isListed(Symbol symbol) {
        return listed.test(symbol);
    }

    Served acquire(Channel channel, Symbol symbol) {
        return supply.acquire(channel, symbol);
    }

    void release(Channel channel, Symbol symbol) {
        supply.release(channel, symbol);
    }

    void add(Subscription subscription) {
        topic(subscription).add(subscription);
    }

    void remove(Subscription subscription) {
        topic(subscription).remove(subscription);
    }

    List<byte[]> openOrders() {
        return openOrders.now().stream()
                .map(order -> StreamJson.account(
                        Channel.ORDERS, order.accountId(), order.symbol(), order.seq(), true, order.json()))
                .toList();
    }

    void left(StreamClient client) {
        if (clients.remove(client)) {
            counters.clients.decrementAndGet();
        }
    }

    private Topic<?> topic(Subscription subscription) {
        return switch (subscription.channel) {
            case QUOTES ->
                quotes.computeIfAbsent(
                        subscription.symbol,
                        symbol -> new Topic<>(
                                Channel.QUOTES,
                                symbol,
                                StreamJson::quote,
                                counters,
                                store.last(symbol).orElse(null)));
            case TRADES ->
                trades.computeIfAbsent(
                        subscription.symbol,
                        symbol -> new Topic<>(
                                Channel.TRADES,
                                symbol,
                                StreamJson::trade,
                                counters,
                                store.last(symbol)
                                        .filter(last -> !last.polled())
                                        .orElse(null)));
            case BOOKS ->
                books.computeIfAbsent(
                        subscription.symbol,
                        symbol -> new Topic<>(
                                Channel.BOOKS,
                                symbol,
                                StreamJson::book,
                                counters,
                                store.lastBook(symbol)
                                        .map(book -> new TimedBook(book, clock.millis()))
                                        .orElse(null)));
            case ORDERS, EXECUTIONS -> throw new IllegalArgumentException("no topic of a symbol");
        };
    }

    /** The topic, where somebody ever listened. */
    private Optional<Topic<?>> known(Channel channel, Symbol symbol) {
        return Optional.ofNullable(
                switch (channel) {
                    case QUOTES -> quotes.get(symbol);
                    case TRADES -> trades.get(symbol);
                    case BOOKS -> books.get(symbol);
                    case ORDERS, EXECUTIONS -> null;
                });
    }
}
